"""A command inside an environment, with the credentials of one of its services and no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bough.gates import jobs
from bough.gates.interface import Claim

if TYPE_CHECKING:
    from bough.gates.subject import Subject
    from bough.gates.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Integration:
    name: str
    service: str
    command: tuple[str, ...]
    timeout: float = 300
    kind: ClassVar[str] = "integration"
    claim: ClassVar[Claim] = "environment"

    def run(self, subject: Subject) -> Verdict:
        home, slug = subject.home, subject.environment
        image = subject.release.image(home, self.service)
        return jobs.run(home, slug, self.service, image, self.command, limit=self.timeout)
