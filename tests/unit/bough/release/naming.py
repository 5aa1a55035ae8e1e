"""What the stage of these tests and its images are called."""

SLUG = "notes-production"


def image(digit: str) -> str:
    return f"notes@sha256:{digit * 64}"
