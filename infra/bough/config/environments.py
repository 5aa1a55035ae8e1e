"""Which branches get an environment."""

from bough.config.fields import BranchName, Duration, Model, Regex, Text


class Environments(Model):
    """Policy for the branches of this application."""

    names: Regex = ".*"
    """Regular expression that the whole name of a branch must match to be given an environment."""

    message: Text | None = None
    """Shown to whoever pushes a branch that is refused."""

    protected: tuple[BranchName, ...] = ()
    """Branches that nobody pushes directly."""

    ttl: Duration | None = None
    """Reserved: how long an environment lives after its last deployment, such as 72h."""
