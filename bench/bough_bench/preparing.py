"""What has to be there before anything is timed: images, the golden template, programs."""

import time
from dataclasses import dataclass

import docker

from bough.keeper import process
from bough_bench import memory
from bough_bench.application import Application
from bough_bench.console import say
from bough_bench.direct.wanted import Wanted
from bough_bench.environments import Ways
from bough_bench.floor import Floor
from bough_bench.many import Many
from bough_bench.plain import Pulumi, bare, untuned
from bough_bench.samples import Samples
from bough_bench.sandbox import run_bough
from bough_bench.stack import ROLES, Stack
from bough_components import names
from bough_components.local import images_of
from bough_components.local.home import Home

SETTLING_SECONDS = 10.0
STACK_SUBNET = "10.199.199.0/26"
_WARM = "warm-up"


@dataclass(frozen=True)
class Prepared:
    ways: Ways
    many: Many
    stack: Stack


def prepare(home: Home, samples: Samples) -> Prepared:
    """Both releases built, the template kept, a bare stack of the same size made."""
    _measure_rest(home, samples)
    application = Application(home, home.root.parent / "application")
    plain = Pulumi(home, application.folder)
    images = (_image_of(home, application, 0), _image_of(home, application, 1))
    size = plain.resources(_WARM)
    say(f"an environment has {size} resources")
    trivial = bare(home, home.root.parent / "bare", size)
    run_bough(home, application.folder, "destroy", _WARM)
    ways = Ways(
        home=home,
        application=application,
        floor=Floor(home),
        plain=plain,
        bare=trivial,
        untuned=untuned(home, home.root.parent / "bare"),
        images=images,
    )
    many = Many(home=home, application=application, bare=trivial)
    return Prepared(ways, many, _stack(home, images[0]))


def _measure_rest(home: Home, samples: Samples) -> None:
    time.sleep(SETTLING_SECONDS)
    found = memory.containers(docker.from_env(), home.settings.name, "shared")
    keeper = process.running(home)
    beside = memory.of_process(keeper.pid, "Rss") if keeper else 0.0
    samples.keep("memory: platform at rest", memory.resident(found, "Rss") + beside)


def _image_of(home: Home, application: Application, release: int) -> str:
    """Build a release by running it; its image."""
    application.point(_WARM, release)
    say(f"building release {release + 1}")
    run_bough(home, application.folder, "up", _WARM)
    found = memory.containers(docker.from_env(), home.settings.name, "instance")
    return str(found[0].attrs["Config"]["Image"])


def _stack(home: Home, image: str) -> Stack:
    engine = docker.from_env(timeout=120)
    found = {role: names.platform_container(home.settings.name, role) for role in ROLES}
    images = {
        role: str(engine.containers.get(name).attrs["Config"]["Image"])
        for role, name in found.items()
    }
    return Stack(
        platform=home.settings.name,
        wanted=Wanted(slug="own-stack", subnet=STACK_SUBNET, image=image, template="template0"),
        folder=home.root.parent / "stacks",
        memory=home.memory,
        images=images,
        plugins=images_of.vault_plugins(images),
        engine=engine,
    )
