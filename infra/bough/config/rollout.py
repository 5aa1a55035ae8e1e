"""How a new release takes over."""

from typing import Annotated, Literal

from bough.config.fields import Model, Seconds, Should

Strategy = Annotated[Literal["all-at-once", "one-by-one"], Should("all-at-once or one-by-one")]


class Rollout(Model):
    """How the instances of a new release take the place of the old ones."""

    strategy: Strategy = "all-at-once"
    """all-at-once: all new instances, then all the traffic. one-by-one: replica after replica, with
    one instance more than there are replicas."""

    drain_timeout: Seconds = 30
    """Seconds that an old instance may take to finish what is in flight, before it is asked to
    stop."""
