"""The programs that bough drives: versions, how each is built, which of PATH's also serve."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from bough.requirements.versions import Range

SMALL = "-s -w"
PULUMI_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
VAULT = "github.com/hashicorp/vault"


@dataclass(frozen=True)
class ModuleFile:
    """A script that is shipped inside a Go module's folder instead of being compiled."""

    pinned_in: str
    module: str
    path: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One program (or a set that is built together) and the pinned module that it is built from.

    `checksum`: first 12 hexadecimal digits of the SHA-256 of the module's go.mod + go.sum.
    `serves`: versions on PATH that are used as they are; `beside`: only from the folder where that
    engine was found. `portable`: is copied into container images, so it must be a static program.
    """

    name: str
    version: str
    module: str
    checksum: str
    binaries: tuple[str, ...]
    ldflags: str = SMALL
    tags: str = ""
    packages: tuple[str, ...] = ("tool",)
    files: tuple[ModuleFile, ...] = ()
    serves: Range | None = None
    beside: str = ""
    portable: bool = False

    @property
    def needed(self) -> str:
        if self.beside:
            return f"{self.beside}'s own, or {self.version}"
        return str(self.serves) if self.serves else self.version

    @property
    def programs(self) -> tuple[str, ...]:
        """Everything that has to be in the engine's folder."""
        return self.binaries + tuple(file.name for file in self.files)


PULUMI = Engine(
    name="pulumi",
    version="3.230.0",
    module="pulumi",
    checksum="5806011c85be",
    binaries=("pulumi",),
    ldflags=f"{SMALL} -X {PULUMI_VERSION}=v3.230.0",
    serves=Range("3.230.0", below="4"),
)

# Later hosts were never tagged as modules of their own, so a newer Python half goes with an
# older host; an official installation brings a matching pair of its own.
LANGUAGE_HOST = Engine(
    name="pulumi-language-python",
    version="3.79.0",
    module="pulumi-language-python",
    checksum="419d8d1b6296",
    binaries=("pulumi-language-python",),
    files=(
        ModuleFile(
            "pulumi",
            "github.com/pulumi/pulumi/sdk/v3",
            "python/cmd/pulumi-language-python-exec",
        ),
        ModuleFile(
            "pulumi",
            "github.com/pulumi/pulumi/sdk/v3",
            "python/dist/pulumi-resource-pulumi-python",
        ),
    ),
    beside="pulumi",
)

VAULT_SERVER = Engine(
    name="vault",
    version="1.21.2",
    module="vault",
    checksum="49cc94e77e51",
    binaries=("vault",),
    tags="minimal",
    packages=(VAULT,),
    serves=Range("1.21.2", below="2"),
    portable=True,
)

VAULT_PLUGINS = Engine(
    name="vault-plugins",
    version="1.21.2",
    module="vault",
    checksum="49cc94e77e51",
    binaries=("postgresql-database-plugin", "mysql-database-plugin", "rabbitmq"),
    tags="minimal",
    packages=(
        f"{VAULT}/plugins/database/postgresql/postgresql-database-plugin",
        f"{VAULT}/plugins/database/mysql/mysql-database-plugin",
        f"{VAULT}/builtin/logical/rabbitmq/cmd/rabbitmq",
    ),
    portable=True,
)

CONSUL = Engine(
    name="consul",
    version="1.21.0",
    module="consul",
    checksum="94da97aec924",
    binaries=("consul",),
    serves=Range("1.21.0", below="2"),
    portable=True,
)

KAMAL_PROXY = Engine(
    name="kamal-proxy",
    version="0.9.2",
    module="kamal-proxy",
    checksum="7c6a6c3d6f91",
    binaries=("kamal-proxy",),
)

ENGINES = (PULUMI, LANGUAGE_HOST, VAULT_SERVER, VAULT_PLUGINS, CONSUL)
BENCH_ENGINES = (KAMAL_PROXY,)
"""What only the bench compares with."""

BY_NAME = {engine.name: engine for engine in (*ENGINES, *BENCH_ENGINES)}
BY_BINARY = {binary: engine for engine in BY_NAME.values() for binary in engine.binaries}
