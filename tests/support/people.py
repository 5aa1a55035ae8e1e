"""Who runs a command, as git knows them."""


def known_as(email: str) -> dict[str, str]:
    """Variables by which git takes whoever runs it for somebody."""
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "user.email",
        "GIT_CONFIG_VALUE_0": email,
    }
