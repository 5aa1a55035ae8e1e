"""The one table of everything that bough needs on a machine."""

from functools import partial

from bough.requirements.apparmor import find_apparmor
from bough.requirements.docker import INSTALL, find_docker
from bough.requirements.engines import ENGINES, Engine
from bough.requirements.finding import Finding, Requirement
from bough.requirements.lingering import find_lingering
from bough.requirements.packages import find_consul_client, find_packages
from bough.requirements.programs import find_engine, find_mmdebstrap, find_program, find_python
from bough.requirements.versions import Range

PYTHON_VERSIONS = Range("3.11")
GIT_VERSIONS = Range("2.30")
DOCKER_VERSIONS = Range("20.10")
GO_VERSIONS = Range("1.26")
CONSUL_CLIENT_VERSIONS = Range("1.8")
MMDEBSTRAP_VERSIONS = Range("1.0")


def installed_by_apt(name: str, wanted: Range, only: str = "") -> Requirement:
    return Requirement(
        name=name,
        needed=str(wanted),
        find=partial(find_program, name, wanted, "--version"),
        mend=f"{{sudo}}apt-get install -y {name}",
        only=only,
    )


def engine_requirement(engine: Engine) -> Requirement:
    def find() -> Finding:
        return find_engine(engine)

    return Requirement(name=engine.name, needed=engine.needed, find=find, mend="make up")


PYTHON = Requirement(
    name="python",
    needed=str(PYTHON_VERSIONS),
    find=partial(find_python, PYTHON_VERSIONS),
    mend="{sudo}apt-get install -y python3 python3-venv",
)
PACKAGES = Requirement(
    name="python packages",
    needed="as locked",
    find=find_packages,
    mend="make up",
)
CONSUL_CLIENT = Requirement(
    name="py-consul",
    needed=f"{CONSUL_CLIENT_VERSIONS}, no python-consul",
    find=partial(find_consul_client, CONSUL_CLIENT_VERSIONS),
    mend="python -m pip uninstall -y python-consul py-consul && make up",
)
GIT = installed_by_apt("git", GIT_VERSIONS)
DOCKER = Requirement(
    name="docker",
    needed=str(DOCKER_VERSIONS),
    find=partial(find_docker, DOCKER_VERSIONS),
    mend=INSTALL,
)
APPARMOR = Requirement(
    name="apparmor",
    needed="where the kernel has it",
    find=find_apparmor,
    mend="{sudo}apt-get install -y apparmor",
)
GO = Requirement(
    name="go",
    needed=str(GO_VERSIONS),
    find=partial(find_program, "go", GO_VERSIONS),
    mend="make up (fetches one for its own use)",
    only="where an engine has to be built",
)
MMDEBSTRAP = Requirement(
    name="mmdebstrap",
    needed=str(MMDEBSTRAP_VERSIONS),
    find=partial(find_mmdebstrap, MMDEBSTRAP_VERSIONS),
    mend="{sudo}apt-get install -y mmdebstrap uidmap",
    only="where official images cannot be pulled",
)
LINGERING = Requirement(
    name="lingering",
    needed="enabled",
    find=find_lingering,
    mend="{sudo}loginctl enable-linger $USER",
    only="where systemd empties /dev/shm when a user logs out",
)

REQUIREMENTS = (
    PYTHON,
    PACKAGES,
    CONSUL_CLIENT,
    GIT,
    DOCKER,
    APPARMOR,
    *(engine_requirement(engine) for engine in ENGINES),
    GO,
    MMDEBSTRAP,
    LINGERING,
)
