import pytest
from click.testing import CliRunner

from bough.cli.secrets import secrets
from bough_components.errors import UsageError


@pytest.mark.parametrize(
    "words", [["chat", "main", "--notice"], ["chat", "--notice", "--template"]]
)
@pytest.mark.parametrize("command", ["set", "versions", "rm"])
def test_what_notices_are_sent_with_is_the_whole_application_s(
    command: str, words: list[str]
) -> None:
    with pytest.raises(UsageError, match="--notice goes with neither BRANCH nor --template"):
        CliRunner().invoke(secrets, [command, *words], catch_exceptions=False)
