"""Everything that bough needs on a machine: versions, how to find it, how to mend it.

Standard library only: `scripts/bootstrap` imports it before any package is installed.
"""

from bough.requirements.environment import engine_environment, engine_path
from bough.requirements.errors import RequirementError

__all__ = ["RequirementError", "engine_environment", "engine_path"]
