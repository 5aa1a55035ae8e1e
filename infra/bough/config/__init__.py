"""bough.yaml: its model, how it is read, and the policy that it sets."""

from bough.config.application import Application
from bough.config.environments import Environments
from bough.config.gates import Checks, Gate, Integration, Isolation, Migration, Program
from bough.config.loading import FILE_NAME, load, parse
from bough.config.needs import Database, MariaDB, Need, Postgres, RabbitMQ, Task
from bough.config.notices import Notice
from bough.config.policy import refuse, refuse_push
from bough.config.secrets import StaticSecret
from bough.config.services import Build, Service
from bough.config.stages import Stage
from bough.config.windows import Window

__all__ = [
    "FILE_NAME",
    "Application",
    "Build",
    "Checks",
    "Database",
    "Environments",
    "Gate",
    "Integration",
    "Isolation",
    "MariaDB",
    "Migration",
    "Need",
    "Notice",
    "Postgres",
    "Program",
    "RabbitMQ",
    "Service",
    "Stage",
    "StaticSecret",
    "Task",
    "Window",
    "load",
    "parse",
    "refuse",
    "refuse_push",
]
