"""Names of instances; starting them is in tests/acceptance."""

import re

from bough_components.local.instance import InstanceProvider
from bough_components.local.provider import Props

PROPS: Props = {"platform": "bough-test", "slug": "main", "service": "web", "replica": 2.0}


class Instances(InstanceProvider):
    """Keeps what it was to start, and starts nothing."""

    def __init__(self) -> None:
        self.wanted: list[Props] = []

    def ensure(self, props: Props) -> Props:
        self.wanted.append(props)
        return {"address": "10.213.0.70"}


def test_every_creation_has_a_name_of_its_own() -> None:
    provider = Instances()
    made = [provider.create({**PROPS, "instance": None, "address": None}) for _ in range(5)]
    names = [(each.outs or {})["instance"] for each in made]
    assert len(set(names)) == 5
    assert all(re.fullmatch("web-2-[0-9a-f]{6}", name) for name in names)
    assert [each.id for each in made] == [f"bough-test.main.{name}" for name in names]
    assert [each["instance"] for each in provider.wanted] == names
    assert {(each.outs or {})["address"] for each in made} == {"10.213.0.70"}


def test_an_instance_that_is_started_again_keeps_its_name() -> None:
    provider = Instances()
    first = provider.create(PROPS)
    olds = first.outs or {}
    news = {**PROPS, "instance": None, "address": None, "stop_timeout": 20.0}
    later = provider.update(str(first.id), olds, news)
    assert provider.wanted[-1]["instance"] == olds["instance"]
    assert later.outs == {**olds, "stop_timeout": 20}
