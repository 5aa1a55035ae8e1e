"""A program called `pulumi` that plays back what Pulumi 3.230 wrote.

The events in `recorded/` are of a program with one resource, `thing`, that prints, warns and
exports `url`; most of Pulumi's debugging is left out.
"""

from pathlib import Path

RECORDED = Path(__file__).with_name("recorded")
EMPTY = '{"version": 3, "checkpoint": {"stack": "organization/bough/main", "latest": {}}}'
PLAYER = """\
#!/bin/sh
if [ "$1" = version ]; then echo v3.230.0; exit; fi
echo "$*" >>"{folder}/calls"
if [ "$1 $2" = "stack init" ]; then
    stacks=${{PULUMI_BACKEND_URL#file://}}/.pulumi/stacks/bough
    mkdir -p "$stacks" && echo '{EMPTY}' >"$stacks/$3.json"
    exit
fi
env >"{folder}/environment"
cat "{folder}/says" 2>/dev/null
exit "$(cat "{folder}/status")"
"""


class Pulumi:
    """A program that says what a real one said, and notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name, text in (
            ("pulumi", PLAYER.format(folder=folder, EMPTY=EMPTY)),
            ("pulumi-language-python", ""),
            ("pulumi-language-python-exec", ""),
            ("pulumi-resource-pulumi-python", ""),
        ):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        self.says("", status=0)

    def says(self, text: str, status: int) -> None:
        (self.folder / "says").write_text(text)
        (self.folder / "status").write_text(str(status))

    def plays(self, name: str, status: int = 0) -> None:
        self.says((RECORDED / f"{name}.jsonl").read_text(), status)

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    @property
    def environment(self) -> list[str]:
        return (self.folder / "environment").read_text().splitlines()
