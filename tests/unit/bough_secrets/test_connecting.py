import pytest

import bough_secrets
from bough_secrets import Timing
from bough_secrets.testing import Platform

QUICK = Timing(patience=0.1, reissue=0.1)


@pytest.mark.parametrize(("wrapped", "code"), [(None, 77), ("hvs.stolen", 78)])
def test_failing_to_log_in_exits_with_one_line(
    platform: Platform, wrapped: str | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    if wrapped:
        platform.deliver(wrapped)
    with pytest.raises(SystemExit) as exit:
        bough_secrets.connect_or_exit(platform.addresses, timing=QUICK)
    line = capsys.readouterr().err
    assert exit.value.code == code
    assert line.count("\n") == 1
    assert ("possible interception" in line) == (code == 78)
    assert "hvs." not in line


def test_an_unreachable_vault_exits_with_77(platform: Platform) -> None:
    platform.deliver()
    platform.vault.sealed = True
    with pytest.raises(SystemExit) as exit:
        bough_secrets.connect_or_exit(platform.addresses, timing=QUICK)
    assert exit.value.code == 77


def test_psycopg_is_imported_only_when_a_database_is_used() -> None:
    import subprocess
    import sys

    program = "import sys, bough_secrets.opening; print('psycopg' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.strip() == b"False"
