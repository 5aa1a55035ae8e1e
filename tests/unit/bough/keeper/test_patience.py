from itertools import accumulate

from bough.keeper.patience import LONGEST_PAUSE, Patience


def test_the_first_try_is_free_and_later_ones_come_at_growing_distances() -> None:
    patience, now = Patience(), 0.0
    tries: list[float] = []
    while len(tries) < 6:
        if patience.allows("web", now):
            patience.tried("web", now)
            tries.append(now)
        now += 0.5
    assert tries == list(accumulate([0.0, 1.0, 2.0, 4.0, 8.0, 16.0]))


def test_things_wait_each_for_itself() -> None:
    patience = Patience()
    patience.tried("web", 0)
    assert not patience.allows("web", 0.5)
    assert patience.allows("worker", 0.5)


def test_nothing_waits_longer_than_the_longest_pause() -> None:
    patience = Patience()
    for now in range(100):
        patience.tried("web", now)
    assert patience.allows("web", 99 + LONGEST_PAUSE)
    assert not patience.allows("web", 98 + LONGEST_PAUSE)


def test_who_rested_begins_anew() -> None:
    patience = Patience()
    for now in range(20):
        patience.tried("web", now)
    later = 20 + 2 * LONGEST_PAUSE
    patience.tried("web", later)
    assert patience.allows("web", later + 1)
