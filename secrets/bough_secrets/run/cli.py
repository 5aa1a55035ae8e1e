"""The command line of bough-run."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bough_secrets.errors import ConfigurationError
from bough_secrets.run.loading import check_places, given, read
from bough_secrets.run.plan import planned
from bough_secrets.run.program import ask_to_rotate, supervise
from bough_secrets.run.settings import Settings
from bough_secrets.settings import Addresses

DEFAULT = Path("/etc/bough-run.yaml")
WRONG = 2  # exit status of a call or a configuration that cannot work
FIELDS = ("databases", "queues", "secrets", "services", "folder", "on_change")


def run(arguments: Sequence[str], addresses: Addresses | None = None) -> int:
    """Do what the arguments say; return the exit status. `addresses` is for tests."""
    addresses = addresses or Addresses()
    flags, command = _parsed(arguments)
    logging.basicConfig(level=logging.INFO, format="bough-run: %(message)s", stream=sys.stderr)
    if flags.rotate:
        return _said(why, 1) if (why := ask_to_rotate(addresses.directory)) else 0
    try:
        settings = _settings(flags)
        check_places(settings, addresses.directory)
        plan = planned(settings)
    except ConfigurationError as error:
        return _said(str(error), WRONG)
    if flags.check:
        return 0
    if not command:
        return _said("There is no program to run. Name it after `--`.", WRONG)
    return supervise(command, settings, plan, addresses)


def _parsed(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    own = list(arguments)
    command: list[str] = []
    if "--" in own:
        at = own.index("--")
        own, command = own[:at], own[at + 1 :]
    return _parser().parse_args(own), command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bough-run",
        usage="bough-run [flags] -- COMMAND…",
        description="Runs a program with secrets in files that are kept up to date.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    many: dict[str, Any] = {"action": "append", "metavar": "NAME"}
    add("--config", type=Path, metavar="FILE", help=f"YAML or TOML; default: {DEFAULT}")
    add("--database", dest="databases", help="write files for a needed database", **many)
    add("--queue", dest="queues", help="write files for a needed queue", **many)
    add("--secret", dest="secrets", help="write a file for each field of a secret", **many)
    add("--service", dest="services", help="write a file with a neighbour's addresses", **many)
    add("--folder", metavar="DIR", help="where to; default: /run/bough/files")
    add("--on-change", metavar="WHAT", help="restart (default), nothing, or a signal's name: HUP")
    add("--allow-disk", action="store_true", help="allow files that are not in memory")
    add("--check", action="store_true", help="only see whether the configuration can work")
    add("--rotate", action="store_true", help="have the bough-run at work here rotate accounts now")
    return parser


def _settings(flags: argparse.Namespace) -> Settings:
    fields = {name: value for name in FIELDS if (value := getattr(flags, name)) is not None}
    if not fields:
        settings = read(flags.config or DEFAULT)
    elif flags.config:
        raise ConfigurationError(
            "Both a file and flags say what to write", "Put all of it into the file"
        )
    else:
        settings = given(_with_reaction(fields))
    # While an image is built, nothing is on a memory file system yet.
    disk = settings.allow_disk or flags.allow_disk or flags.check
    return replace(settings, allow_disk=disk)


def _with_reaction(fields: dict[str, Any]) -> dict[str, Any]:
    change = fields.get("on_change")
    if change in (None, "restart", "nothing"):
        return fields
    return {**fields, "on_change": {"signal": change}}


def _said(line: str, status: int) -> int:
    print(f"bough-run: {line}", file=sys.stderr, flush=True)
    return status
