"""The platform's images and the base images for applications: official name and local recipe.

An official image and the one built here are of the same major version, have the same programs on
PATH and the same paths, and run the same ``command``: as any user, on a read-only root file
system with memory file systems at ``tmpfs``, without capabilities.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

APT = (
    "RUN export DEBIAN_FRONTEND=noninteractive && apt-get update"
    " && apt-get install -y --no-install-recommends {}"
    " && apt-get clean && rm -rf /var/lib/apt/lists/*\n"
)
TMPFS = ("/tmp", "/run")  # noqa: S108 -- inside a container, where nobody else is


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """official: the reference to pull. dockerfile: what to put on the Debian base; "" for itself.

    binaries: programs of the engines' builds that the Dockerfile copies, by name.
    """

    name: str
    official: str
    dockerfile: str = ""
    binaries: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlatformImage(Recipe):
    """How to run it.

    files: what /etc/bough (mounted read-only) must hold: name there -> file in this package.
    command: the whole argument list: give it as the entry point, with no further command.
    data_dir: mount point of its volume, owned by the user it runs as; None when it keeps nothing.
    volumes: mount points of further volumes. port: where it listens, on all addresses.
    tmpfs: memory file systems; beyond /tmp and /run those that keep the official image's VOLUMEs
    from becoming anonymous volumes.
    keys: files under /run/keys, mode 0400 or 0600, owned by the user it runs as.
    health: a command that exits 0 when it serves.
    """

    command: tuple[str, ...]
    files: Mapping[str, str]
    data_dir: str | None = None
    volumes: tuple[str, ...] = ()
    tmpfs: tuple[str, ...] = TMPFS
    keys: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = "SIGTERM"
    health: tuple[str, ...] = ()
    port: int

    def file_texts(self) -> dict[str, str]:
        """``files`` with their texts, as shipped."""
        package = resources.files(__package__)
        return {name: package.joinpath(path).read_text() for name, path in self.files.items()}


BASE = Recipe(name="debian", official="debian:bookworm-slim")

PYTHON = Recipe(
    name="python",
    official="python:3.11-slim-bookworm",
    # pip may write into the image's Python, as it may in the official image.
    dockerfile=APT.format("python3 python3-pip python3-venv")
    + "RUN ln -s python3 /usr/bin/python && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED\n"
    + 'CMD ["python3"]\n',
)

APPLICATION_BASES = {recipe.official: recipe for recipe in (BASE, PYTHON)}

REGISTRY = PlatformImage(
    name="registry",
    official="registry:2.8.3",
    dockerfile=APT.format("docker-registry")
    + "RUN ln -s /usr/bin/docker-registry /usr/local/bin/registry\n",
    command=("registry", "serve", "/etc/bough/config.yml"),
    files={"config.yml": "configuration/registry.yml"},
    data_dir="/var/lib/registry",
    keys=("htpasswd",),
    environment={"GOGC": "50", "OTEL_TRACES_EXPORTER": "none"},
    health=("busybox", "wget", "-qO", "/dev/null", "http://127.0.0.1:5000/"),
    port=5000,
)

POSTGRES = PlatformImage(
    name="postgres",
    official="postgres:15-bookworm",
    dockerfile="RUN mkdir -p /etc/postgresql-common"
    " && echo create_main_cluster=false > /etc/postgresql-common/createcluster.conf\n"
    + APT.format("postgresql-15 libnss-wrapper")
    + "ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
    ":/sbin:/bin\n",
    command=("sh", "/etc/bough/postgres.sh"),
    files={
        "postgres.sh": "scripts/postgres.sh",
        "postgresql.conf": "configuration/postgresql.conf",
        "pg_hba.conf": "configuration/pg_hba.conf",
    },
    data_dir="/var/lib/postgresql/data",
    keys=("postgres",),
    # Fast shutdown: sessions are ended; SIGTERM would wait for every client to leave.
    stop_signal="SIGINT",
    health=("pg_isready", "-q", "-h", "127.0.0.1", "-U", "bough", "-d", "postgres"),
    port=5432,
)

VAULT_PLUGINS = ("postgresql-database-plugin", "mysql-database-plugin", "rabbitmq")
"""Programs beside a Vault that is built here, whose kinds an official one has inside."""

VAULT = PlatformImage(
    name="vault",
    official="hashicorp/vault:1.21.2",
    dockerfile=f"COPY vault /usr/local/bin/\nCOPY {' '.join(VAULT_PLUGINS)} /opt/vault/plugins/\n",
    binaries=("vault", *VAULT_PLUGINS),
    command=("sh", "/etc/bough/vault.sh"),
    files={"vault.sh": "scripts/vault.sh", "vault.hcl": "configuration/vault.hcl"},
    data_dir="/vault/data",
    volumes=("/vault/audit", "/vault/audit2"),
    tmpfs=(*TMPFS, "/vault/file", "/vault/logs"),
    keys=("vault-unseal",),
    environment={"GOGC": "50", "VAULT_ADDR": "http://127.0.0.1:8200"},
    health=("busybox", "wget", "-qO", "/dev/null", "http://127.0.0.1:8200/v1/sys/health"),
    port=8200,
)

CONSUL = PlatformImage(
    name="consul",
    official="hashicorp/consul:1.21.0",
    dockerfile="COPY consul /usr/local/bin/\n",
    binaries=("consul",),
    command=(
        "consul",
        "agent",
        "-config-dir=/etc/bough",
        "-config-file=/run/keys/consul.json",
    ),
    files={"consul.json": "configuration/consul.json"},
    data_dir="/consul/data",
    keys=("consul.json",),
    environment={"GOGC": "50"},
    health=("sh", "-c", "busybox wget -qO- http://127.0.0.1:8500/v1/status/leader | grep -q :"),
    port=8500,
)

HAPROXY = PlatformImage(
    name="haproxy",
    official="haproxy:2.6-bookworm",
    dockerfile=APT.format("haproxy"),
    command=("haproxy", "-W", "-f", "/etc/bough/haproxy.cfg"),
    files={"haproxy.cfg": "configuration/haproxy.cfg"},
    tmpfs=(*TMPFS, "/run/haproxy"),
    stop_signal="SIGUSR1",
    health=("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080"),
    port=8080,
)

RABBITMQ = PlatformImage(
    name="rabbitmq",
    official="rabbitmq:3.13-management",
    # the package's folder belongs to its own user, and holds a key that every such image would have
    dockerfile=APT.format("rabbitmq-server")
    + "RUN rm -rf /var/lib/rabbitmq\n"
    + "ENV PATH=/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
    ":/sbin:/bin\n",
    command=("sh", "/etc/bough/rabbitmq.sh"),
    files={
        "rabbitmq.sh": "scripts/rabbitmq.sh",
        "rabbitmq.conf": "configuration/rabbitmq.conf",
        "enabled_plugins": "configuration/enabled_plugins.conf",
    },
    data_dir="/var/lib/rabbitmq",
    keys=("rabbitmq.conf",),
    health=("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5672"),
    # the management interface; 5672 is for those who stand on its networks
    port=15672,
)

MARIADB = PlatformImage(
    name="mariadb",
    official="mariadb:10.11",
    # what the package makes when it is installed, every such image would have in common
    dockerfile=APT.format("mariadb-server") + "RUN rm -rf /var/lib/mysql /etc/mysql/debian.cnf\n",
    command=("sh", "/etc/bough/mariadb.sh"),
    files={
        "mariadb.sh": "scripts/mariadb.sh",
        "mariadb.cnf": "configuration/mariadb.cnf",
    },
    data_dir="/var/lib/mysql",
    keys=("mariadb",),
    health=("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/3306"),
    port=3306,
)

_ALL = (REGISTRY, POSTGRES, VAULT, CONSUL, HAPROXY, RABBITMQ, MARIADB)
PLATFORM = {image.name: image for image in _ALL}
