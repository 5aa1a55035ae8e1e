"""BOUGH_HOME: where one platform keeps everything that is not inside an engine."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bough_components import names
from bough_components.errors import BoughError

DEFAULT_EDGE_PORT = 8080
_MEMORY = "/dev/shm"  # noqa: S108


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A platform's settings, chosen once at its first `bough platform up`.

    `ports` maps the edge and each engine to its port on 127.0.0.1: an optional engine that has one
    is wanted. `subnets` is the range, in CIDR notation, that every network of the platform is cut
    from. `lease` is in seconds: for how long logins and accounts are lent, so how long Vault may be
    away, and a stolen one is good for. `rotate_every` is in days: how old may become what only a
    rotation on request replaces; 0 is never.
    """

    name: str
    ports: dict[str, int] = field(default_factory=dict)
    subnets: str = "10.213.0.0/16"
    lease: int = 3600
    rotate_every: int = 7

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that this platform has, in the order in which they are spoken of."""
        return (*names.ENGINES, *(role for role in names.OPTIONAL_ENGINES if role in self.ports))


@dataclass(frozen=True)
class Home:
    """The folders of one platform; `root` is BOUGH_HOME."""

    root: Path

    @classmethod
    def current(cls) -> "Home":
        """The platform this process works with: BOUGH_HOME, or the user's data folder."""
        return cls(Path(os.environ.get("BOUGH_HOME") or _default_root()).absolute())

    @property
    def settings(self) -> Settings:
        """The settings on file; `BoughError` when the platform was never set up."""
        try:
            return Settings(**json.loads(self._settings_file.read_text()))
        except FileNotFoundError:
            raise BoughError(
                f"there is no platform in {self.root}", "run `bough platform up` first"
            ) from None

    @property
    def exists(self) -> bool:
        return self._settings_file.exists()

    def save(self, settings: Settings) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(self._settings_file, json.dumps(asdict(settings), indent=2) + "\n")

    @property
    def default_name(self) -> str:
        """The platform's name until the user chooses another: `bough` in the default folder."""
        if self.root == _default_root():
            return "bough"
        return f"bough-{hashlib.sha256(str(self.root).encode()).hexdigest()[:6]}"

    @property
    def memory(self) -> Path:
        """A folder on a memory file system, for what must not outlive the machine's uptime."""
        return Path(_MEMORY) / f"bough-{os.getuid()}" / self.settings.name

    def memory_folder(self, slug: str, instance: str) -> Path:
        """`instance_memory`, made where it is missing, each level readable by this user alone.

        Raises `BoughError` where somebody else made one: what is in it could be exchanged.
        """
        path = self.instance_memory(slug, instance)
        levels = [path, *path.parents][: len(path.parts) - len(Path(_MEMORY).parts)]
        for level in reversed(levels[1:]):
            level.mkdir(mode=0o700, exist_ok=True)
            facts = level.lstat()
            if facts.st_uid != os.getuid() or level.is_symlink():
                raise BoughError(
                    f"{level} belongs to another user", f"find out why, then remove {level}"
                )
        path.mkdir(mode=0o700, exist_ok=True)
        return path

    def instance_memory(self, slug: str, instance: str) -> Path:
        return self.memory / slug / instance

    @property
    def contents(self) -> tuple[str, ...]:
        """Names of everything that bough keeps in its folder."""
        return (
            *("cache", "configuration", "edge", "environments", "keys", "ledger", "locks", "logs"),
            *("platform.declaration", "platform.json", "pulumi", "repositories"),
        )

    def key(self, name: str) -> Path:
        return self.root / "keys" / name

    def credential(self, name: str) -> str:
        """An operator's credential; `BoughError` while the platform is not wholly set up."""
        try:
            return self.key(name).read_text().strip()
        except FileNotFoundError:
            raise BoughError(
                f"the platform in {self.root} is not wholly set up: {self.key(name)} is missing",
                "run `bough platform up`",
            ) from None

    def folder(self, name: str) -> Path:
        """A sub-folder, made when it is missing, that only this user can read."""
        path = self.root / name
        for folder in (*reversed(path.relative_to(self.root).parents), Path(name)):
            (self.root / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    @property
    def _settings_file(self) -> Path:
        return self.root / "platform.json"


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all, and on disk on return."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """A file's new name is on disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _default_root() -> Path:
    from platformdirs import user_data_path

    return user_data_path("bough")
