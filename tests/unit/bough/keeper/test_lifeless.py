from bough.keeper.lifeless import SECONDS, Lifeless
from bough_components.local.instances import Wanted


def instance(name: str, service: str = "web", slug: str = "main") -> Wanted:
    return Wanted(
        platform="bough-test",
        slug=slug,
        service=service,
        instance=name,
        image="image",
        command=None,
        port=8000,
        health="/",
        memory=1 << 26,
        start_timeout=10,
        stop_timeout=5,
        liveness="/alive",
    )


WEB_1, WEB_2, MAIL = instance("web-1-a"), instance("web-2-b"), instance("mail-1-c", "mail")
ELSEWHERE = instance("web-1-a", slug="other")


def test_only_who_has_not_been_alive_for_long() -> None:
    lifeless = Lifeless()
    assert lifeless.due([WEB_1], 0) == []
    assert lifeless.due([WEB_1, MAIL], SECONDS - 1) == []
    assert lifeless.due([WEB_1, MAIL], SECONDS) == [WEB_1]


def test_who_was_alive_meanwhile_begins_anew() -> None:
    lifeless = Lifeless()
    lifeless.due([WEB_1], 0)
    lifeless.due([], SECONDS - 1)
    assert lifeless.due([WEB_1], SECONDS) == []
    assert lifeless.due([WEB_1], 2 * SECONDS) == [WEB_1]


def test_one_of_a_service_at_a_time() -> None:
    lifeless = Lifeless()
    everybody = [WEB_2, MAIL, WEB_1, ELSEWHERE]
    lifeless.due(everybody, 0)
    assert set(lifeless.due(everybody, SECONDS)) == {WEB_1, MAIL, ELSEWHERE}
    lifeless.forget(WEB_1)
    assert WEB_2 in lifeless.due(everybody, SECONDS)


def test_one_that_is_restarted_again_and_again_lets_the_others_have_their_turn() -> None:
    lifeless, turns = Lifeless(), []
    for now in range(0, 300, 10):
        for each in lifeless.due([WEB_1, WEB_2], now):
            lifeless.forget(each)
            turns.append(each.instance)
    assert turns[:4] == ["web-1-a", "web-2-b", "web-1-a", "web-2-b"]
