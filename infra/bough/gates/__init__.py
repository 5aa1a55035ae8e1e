"""Gates: what a release must pass in a stage (ADR 32).

A gate gets a release in an environment, and limits; it says PASS, FAIL or INCONCLUSIVE, with
evidence. A gate that hangs, crashes, says nothing or passes without data is INCONCLUSIVE.
"""

from bough.gates.interface import Gate, TimeUp
from bough.gates.running import run, run_all
from bough.gates.subject import Release, Serving, Subject
from bough.gates.verdict import Verdict

__all__ = ["Gate", "Release", "Serving", "Subject", "TimeUp", "Verdict", "run", "run_all"]
