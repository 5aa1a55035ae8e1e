import pytest

from bough_secrets.retry import URGENT, Backoff

JITTER = 0.2


def pauses(backoff: Backoff, left: float, tries: int = 8) -> list[float]:
    return [backoff.pause(left) for _ in range(tries)]


def test_pauses_grow() -> None:
    wanted = [1, 2, 4, 8, 16, 32, 60, 60]
    found = pauses(Backoff(), left=3600)
    assert found == [pytest.approx(pause, rel=JITTER) for pause in wanted]


@pytest.mark.parametrize(("left", "longest"), [(60.0, 20.0), (6.0, URGENT), (0.0, URGENT)])
def test_what_ends_soon_is_tried_again_before_it_ends(left: float, longest: float) -> None:
    assert max(pauses(Backoff(), left)) <= longest * (1 + JITTER)
