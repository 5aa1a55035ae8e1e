"""Resources that do nothing: what a stack costs before anybody does any work."""

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider


class NothingProvider(ResourceProvider):
    serialize_as_secret_always: bool = False

    def create(self, props: dict[str, object]) -> CreateResult:
        return CreateResult("nothing", props)

    def diff(self, _id: str, _olds: dict[str, object], _news: dict[str, object]) -> DiffResult:
        return DiffResult(changes=False)


class Nothing(Resource, module="bench", name="Nothing"):
    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__(NothingProvider(), name, {"name": name}, opts)


class Group(pulumi.ComponentResource):
    """As many resources as an environment has, below one component like there."""

    def __init__(self, size: int) -> None:
        super().__init__("bench:index:Group", "group")
        for number in range(size):
            Nothing(f"nothing-{number}", pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def main() -> None:
    """What `pulumi up` runs."""
    Group(pulumi.Config("bench").require_int("size"))
