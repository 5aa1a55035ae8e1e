"""`bough release verify | export | keys | withdraw | rotate-key`: a release's signed evidence."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bough.cli.output import emit
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.attestation.keys import Keys
    from bough.attestation.verifying import Verified
    from bough.release.record import Release

_FILE = click.Path(dir_okay=False, path_type=Path)
_BUNDLE = click.option(
    "--bundle", type=_FILE, help="A file of `bough release export`, instead of the registry."
)
_KEYS = click.option(
    "--keys", type=_FILE, help="A file of `bough release keys`, instead of this platform's Vault."
)
_DAYS = click.option("--days", type=click.FloatRange(min=0), help="For how long a verdict is good.")


@click.command()
@click.argument("release")
@click.option("--gate", "gates", multiple=True, metavar="STAGE/GATE", help="Must have said PASS.")
@_DAYS
@_BUNDLE
@_KEYS
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(
    release: str,
    *,
    gates: tuple[str, ...],
    days: float | None,
    bundle: Path | None,
    keys: Path | None,
    as_json: bool,
) -> None:
    """Verify what is attested of RELEASE; without --gate, that every gate which spoke said PASS.

    With --bundle and --keys this needs no platform.
    """
    from bough.attestation import Policy, collect, load_bundle, verify_release

    if bundle:
        evidence = load_bundle(bundle)
    else:
        known = _known(release)
        release, evidence = known.id, collect(Home.current(), known.images)
    policy = Policy(
        gates=_by_stage(gates) if gates else None,
        maximum_age=None if days is None else timedelta(days=days),
    )
    found = verify_release(evidence, _trusted(keys), release, policy)
    emit([_row(each) for each in found.statements], as_json)


@click.command()
@click.argument("release")
@click.argument("path", type=_FILE)
def export(release: str, path: Path) -> None:
    """Write all that is attested of RELEASE into a bundle, to be verified elsewhere."""
    from bough.attestation import collect, export_bundle

    export_bundle(collect(Home.current(), _known(release).images), path)


@click.command()
def keys() -> None:
    """Print the public keys that this platform signs with, old ones too, as PEM."""
    from bough.attestation.keys import of_platform, to_pem

    click.echo(to_pem(of_platform(Home.current())), nl=False)


@click.command()
@click.argument("release")
@click.argument("attestation", metavar="DIGEST")
def withdraw(release: str, attestation: str) -> None:
    """Take an attestation of RELEASE away, such as one that was changed."""
    from bough import ledger
    from bough.attestation import withdraw

    home, found = Home.current(), _known(release)
    withdraw(home, found.images, attestation)
    facts = {"application": found.application, "release": found.id}
    ledger.record(home, "attestation withdrawn", attestation=attestation, **facts)


@click.command("rotate-key")
def rotate_key() -> None:
    """Sign with a new key from now on; what the old one signed still verifies."""
    from bough import ledger
    from bough_components.local import signing

    home = Home.current()
    version = signing.rotate(home)
    ledger.record(home, "signing key rotated", version=version)
    click.echo(f"version {version}; give `bough release keys` to whoever verifies elsewhere")


def _trusted(path: Path | None) -> Keys:
    from bough.attestation.keys import from_pem, of_platform
    from bough_components.errors import NotFoundError

    if path is None:
        return of_platform(Home.current())
    try:
        return from_pem(path.read_text(), str(path))
    except FileNotFoundError:
        raise NotFoundError(
            f"there is no file {path}", "`bough release keys` prints what belongs there"
        ) from None


def _known(name: str) -> Release:
    from bough.release import releases

    return releases.find(Home.current(), name).release


def _by_stage(gates: tuple[str, ...]) -> dict[str, list[str]]:
    from bough_components.errors import UsageError

    wanted: dict[str, list[str]] = {}
    for each in gates:
        stage, _, gate = each.partition("/")
        if not (stage and gate):
            raise UsageError(f"{each} names no gate of a stage", "write --gate STAGE/GATE")
        wanted.setdefault(stage, []).append(gate)
    return wanted


def _row(verified: Verified) -> dict[str, Any]:
    statement = verified.statement
    facts = {key: statement.predicate.get(key) for key in ("stage", "gate", "verdict", "at")}
    return {
        "type": statement.predicate_type,
        **facts,
        "key": verified.key[:12],
        "attestation": verified.attestation,
    }
