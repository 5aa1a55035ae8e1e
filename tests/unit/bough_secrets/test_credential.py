import pytest

from bough_secrets import InterceptionError, LoginError, UnreachableError
from bough_secrets.credential import Login, exchange
from bough_secrets.identity import Identity, Place
from bough_secrets.sensitive import Sensitive
from bough_secrets.store import Delivery
from bough_secrets.testing import Platform

PLACE = Place("main", "web-1-abcdef")


def use(platform: Platform, token: str, place: Place = PLACE) -> Login:
    delivery = Delivery(Sensitive(token), unread=312.0)
    return exchange(platform.addresses.vault, delivery, place, patience=0.2)


def test_logs_in_as_the_service_that_the_token_was_made_for(platform: Platform) -> None:
    login = use(platform, platform.vault.wrap())
    assert login.identity.service == "web"
    assert login.token.reveal() in platform.vault.tokens
    assert login.lease.duration == 3600


def test_looks_up_before_it_unwraps_and_shows_each_token_only_where_it_belongs(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", "from-the-environment")
    wrapped = platform.vault.wrap()
    use(platform, wrapped)
    seen = [(request.path, request.token) for request in platform.vault.requests]
    assert seen == [
        ("/v1/sys/wrapping/lookup", ""),
        ("/v1/sys/wrapping/unwrap", wrapped),
        ("/v1/auth/env/main/login", ""),
    ]


def test_a_used_or_expired_token_may_have_been_intercepted(platform: Platform) -> None:
    with pytest.raises(InterceptionError, match=r"possible interception.* unread for 312 s"):
        use(platform, "hvs.never-or-no-longer-there")


def test_a_token_made_elsewhere_is_not_even_unwrapped(platform: Platform) -> None:
    wrapped = platform.vault.wrap("sys/wrapping/wrap")
    with pytest.raises(InterceptionError, match=r"'sys/wrapping/wrap'"):
        use(platform, wrapped)
    assert wrapped in platform.vault.wrapped


def test_an_instance_never_becomes_another_service(platform: Platform) -> None:
    wrapped = platform.vault.wrap()
    with pytest.raises(InterceptionError, match="not for this service"):
        use(platform, wrapped, Identity("main", "worker-1-abcdef", "worker"))
    assert wrapped in platform.vault.wrapped


def test_a_token_used_between_lookup_and_unwrap_is_noticed(platform: Platform) -> None:
    wrapped = platform.vault.wrap()
    answer = platform.vault.answer

    class Thief:
        def steal(self, request: object) -> object:
            reply = answer(request)  # type: ignore[arg-type]
            platform.vault.wrapped.pop(wrapped, None)
            return reply

    from bough_secrets.testing.http import Server

    between = Server(Thief().steal)  # type: ignore[arg-type]
    try:
        with pytest.raises(InterceptionError, match="between"):
            exchange(between.address, Delivery(Sensitive(wrapped)), PLACE, 0.2)
    finally:
        between.close()


def test_a_refused_login_is_no_interception(platform: Platform) -> None:
    wrapped = platform.vault.wrap("auth/env/main/role/other/secret-id")
    with pytest.raises(LoginError, match=r"main\.other") as caught:
        use(platform, wrapped)
    assert not isinstance(caught.value, InterceptionError)


def test_a_sealed_vault_is_waited_for_a_while(platform: Platform) -> None:
    platform.vault.sealed = True
    with pytest.raises(UnreachableError, match="sealed"):
        use(platform, platform.vault.wrap())
    assert len(platform.vault.requests) > 1
