import pytest

from bough.notices.errors import UnreadyError
from bough.notices.secret import Access

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_where_each_kind_is() -> None:
    assert Access.of("slack", {"value": "https://a/b/"}).url == "https://a/b/"
    assert Access.of("sentry", {"value": "t"}) == Access("https://sentry.io", "t")
    assert Access.of("sentry", {"value": "t", "url": "https://de.sentry.io/"}) == Access(
        "https://de.sentry.io", "t"
    )
    assert Access.of("rollbar", {"value": " t\n"}) == Access("https://api.rollbar.com", "t")
    assert Access.of("webhook", {"value": KEY, "url": "https://a"}) == Access("https://a", KEY)


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        ("slack", {}, "no field `value`, which says where it is"),
        ("slack", {"url": "https://s3cr3t"}, "no field `value`"),
        ("sentry", {"url": "https://s3cr3t"}, "no field `value`"),
        ("rollbar", {"value": " "}, "no field `value`"),
        ("webhook", {"value": KEY}, "no field `url`"),
        ("webhook", {"value": "s3cr3t", "url": "https://a"}, "should be whsec_ and"),
        ("webhook", {"value": "whsec_s3cr3t", "url": "https://a"}, "should be whsec_ and"),
        ("webhook", {"value": "whsec_" + "A" * 200, "url": "https://a"}, "should be whsec_ and"),
    ],
)
def test_what_is_missing(kind: str, values: dict[str, str], message: str) -> None:
    with pytest.raises(UnreadyError, match=message) as caught:
        Access.of(kind, values)
    assert "s3cr3t" not in str(caught.value)


def test_it_shows_nothing() -> None:
    assert repr(Access.of("webhook", {"value": KEY, "url": "https://a"})) == "Access()"
