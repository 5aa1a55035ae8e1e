"""The command line: one file a command, loaded when it is used."""

from __future__ import annotations

import importlib
import os
import signal
import sys

import click

from bough.requirements.errors import RequirementError
from bough_components.errors import BoughError

_COMMANDS = {
    "approve": "bough.cli.approve:approve",
    "canary": "bough.cli.canary:canary",
    "config": "bough.cli.config:config",
    "destroy": "bough.cli.destroy:destroy",
    "doctor": "bough.cli.doctor:doctor",
    "env": "bough.cli.env:env",
    "exec": "bough.cli.exec:exec_",
    "hold": "bough.cli.hold:hold",
    "hook": "bough.cli.hook:hook",
    "init": "bough.cli.init:init",
    "keeper": "bough.cli.keeper:keeper",
    "line": "bough.cli.line:line",
    "log": "bough.cli.log:log",
    "logs": "bough.cli.logs:logs",
    "ls": "bough.cli.ls:ls",
    "name": "bough.cli.name:name",
    "notices": "bough.cli.notices:notices",
    "open": "bough.cli.open:open_",
    "pipeline": "bough.cli.pipeline:pipeline",
    "platform": "bough.cli.platform:platform",
    "promote": "bough.cli.promote:promote",
    "reject": "bough.cli.reject:reject",
    "release": "bough.cli.release:release",
    "remote": "bough.cli.remote:remote",
    "rollback": "bough.cli.rollback:rollback",
    "rotate": "bough.cli.rotate:rotate",
    "secrets": "bough.cli.secrets:secrets",
    "show": "bough.cli.show:show",
    "up": "bough.cli.up:up",
    "verify-isolation": "bough.cli.verify_isolation:verify_isolation",
}
_INTERRUPTED = 130


class _Commands(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bough")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def bough(debug: bool) -> None:
    """An environment for every git branch."""
    if debug:
        os.environ["BOUGH_DEBUG"] = "1"


def main() -> None:
    """Run the command line; exit status 0, 1 for what went wrong, 2 for a wrong call."""
    _heed_interrupts()
    try:
        bough(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        print("interrupted; the same command goes on from here", file=sys.stderr)
        sys.exit(_INTERRUPTED)
    except BoughError as error:
        _fail(error, error.exit_status)
    except RequirementError as error:
        _fail(error, 1)
    except Exception as error:
        _fail(_unforeseen(error), 1)


def _heed_interrupts() -> None:
    """A shell's background jobs ignore SIGINT, with which Pulumi ends its plug-ins: it would wait
    5 s for each to go."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _unforeseen(error: Exception) -> Exception:
    """An engine that does not answer, said in a sentence; else a bug, with how to see all of it."""
    from bough_components.local.clients import engine_errors

    try:
        with engine_errors():
            raise error
    except BoughError as known:
        return known
    except Exception as bug:
        what = f"{type(bug).__name__}: {bug}"
        hint = "run it again as `bough --debug …` to see where, and report it"
        unforeseen = BoughError(f"something went wrong that bough did not foresee: {what}", hint)
        unforeseen.__cause__ = bug
        return unforeseen


def _fail(error: Exception, status: int) -> None:
    if os.environ.get("BOUGH_DEBUG"):
        raise error
    print(f"bough: {error}", file=sys.stderr)
    sys.exit(status)
