"""`bough secrets`: values that no repository holds. None is ever printed, none is an argument."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bough.cli.output import emit
from bough_components.errors import UsageError
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.secret_stores import Store

_WHOLE = "notices are the whole application's"

_template = click.option(
    "--template", is_flag=True, help="What environments of this application start with from now on."
)
_notice = click.option(
    "--notice", is_flag=True, help="What notices of this application's deployments are sent with."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def secrets() -> None:
    """Static secrets of an environment, or of the template set that new ones start from."""


@secrets.command("set")
@click.argument("name")
@click.argument("branch", required=False)
@_template
@_notice
@click.option("--field", "fields", multiple=True, help="A field; default: value. May be repeated.")
@click.option("--edit", is_flag=True, help="Type it in an editor.")
def set_(
    name: str,
    branch: str | None,
    *,
    template: bool,
    notice: bool,
    fields: tuple[str, ...],
    edit: bool,
) -> None:
    """Write a new version of NAME from standard input, a prompt or an editor."""
    from bough import ledger, secret_input, secret_stores
    from bough_components.local import static_secrets

    home = Home.current()
    store = _store(home, branch, template, notice)
    secret_stores.require_declared(store, name)
    values = secret_input.typed(name, fields, edit=edit)
    write = static_secrets.write if store.slug else static_secrets.write_shared
    write(home, store.mount, name, values)
    ledger.record(home, "secret set", secret=name, of=store.title, fields=sorted(values))
    newest = static_secrets.versions(home, store.mount, name)[-1]
    click.echo(f"{name} of {store.title} is at version {newest.number}")


@secrets.command("ls")
@click.argument("branch", required=False)
@_template
@_notice
@_json
def list_(branch: str | None, template: bool, notice: bool, as_json: bool) -> None:
    """List names with their newest version; what bough.yaml declares and nobody set, too."""
    from bough_components.local import static_secrets

    home = Home.current()
    store = _store(home, branch, template, notice)
    there = static_secrets.listed(home, store.mount)
    rows = []
    for name in sorted(there | set(store.declared)):
        newest = static_secrets.versions(home, store.mount, name)[-1:] if name in there else []
        declared = store.declared.get(name)
        rows.append(
            {
                "secret": name,
                "version": newest[0].number if newest else None,
                "set": newest[0].created if newest else None,
                "made by bough": bool(declared and declared.generate),
                "declared": bool(declared),
            }
        )
    emit(rows, as_json)


@secrets.command()
@click.argument("name")
@click.argument("branch", required=False)
@_template
@_notice
@_json
def versions(name: str, branch: str | None, template: bool, notice: bool, as_json: bool) -> None:
    """List the versions of NAME."""
    from bough_components.local import static_secrets

    home = Home.current()
    found = static_secrets.versions(home, _store(home, branch, template, notice).mount, name)
    emit([{"version": each.number, "set": each.created} for each in found], as_json)


@secrets.command()
@click.argument("a")
@click.argument("b")
@_json
def diff(a: str, b: str, as_json: bool) -> None:
    """Compare which secrets environments A and B have; names and versions, never values."""
    from bough import secret_stores
    from bough_components.local import static_secrets

    home = Home.current()
    stores = [secret_stores.of_environment(home, branch) for branch in (a, b)]
    there = [static_secrets.listed(home, store.mount) for store in stores]
    rows = []
    for name in sorted(there[0] ^ there[1]):
        has = {store.title: name in names for store, names in zip(stores, there, strict=True)}
        rows.append({"secret": name, **has})
    emit(rows, as_json)


@secrets.command()
@click.argument("name")
@click.option("--from", "source", required=True, metavar="BRANCH")
@click.option("--to", "target", required=True, metavar="BRANCH")
def copy(name: str, source: str, target: str) -> None:
    """Copy NAME between environments, if bough.yaml says that it is shared."""
    from bough import ledger, secret_stores
    from bough_components.local import static_secrets

    home = Home.current()
    a, b = (secret_stores.of_environment(home, branch) for branch in (source, target))
    secret_stores.require_shared(a, b, name)
    static_secrets.copy(home, name, a.title, b.title)
    ledger.record(home, "secret copied", secret=name, source=a.title, target=b.title)
    click.echo(f"{name} of {b.title} is that of {a.title} now")


@secrets.command()
@click.argument("name")
@click.argument("branch", required=False)
@_template
@_notice
def rm(name: str, branch: str | None, template: bool, notice: bool) -> None:
    """Delete NAME with all its versions."""
    from bough import ledger
    from bough_components.local import static_secrets

    home = Home.current()
    store = _store(home, branch, template, notice)
    static_secrets.remove(home, store.mount, name)
    ledger.record(home, "secret deleted", secret=name, of=store.title)
    click.echo(f"{name} of {store.title} is gone")


def _store(home: Home, branch: str | None, template: bool, notice: bool) -> Store:
    from bough import secret_stores

    if notice:
        if branch or template:
            raise UsageError("--notice goes with neither BRANCH nor --template", _WHOLE)
        return secret_stores.of_notices(Path())
    if template:
        return secret_stores.of_templates(home, Path())
    return secret_stores.of_environment(home, branch)
