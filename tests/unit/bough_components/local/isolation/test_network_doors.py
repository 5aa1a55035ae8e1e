"""What answers from addresses mean, whoever asked them."""

from bough_components.local.isolation.network_doors import SECONDS, Answers, Target
from bough_components.local.isolation.verdicts import OWN

ENGINE = Target(of=OWN, what="its Vault", address="10.0.0.2/8200")
STRANGER = Target(of="other", what="instance web-1", address="10.0.1.9/8000")
GATEWAY = Target(of="platform", what="vault on this machine", address="10.0.0.1/20000", near=True)
PAGE = Target(of="other", what="its application", address="10.0.0.3/8080/other", near=True)
TARGETS = [ENGINE, STRANGER, GATEWAY, PAGE]


class Machine:
    """Answers each time with the next of what it was given; the last one again and again."""

    def __init__(self, *answers: tuple[str, str, str, str]) -> None:
        self._answers = list(answers)
        self.patience: list[float] = []

    def ask(self, addresses: list[str], seconds: float) -> dict[str, str]:
        self.patience.append(seconds)
        answers = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return dict(zip(addresses, answers, strict=True))


def opened(machine: Machine) -> list[bool]:
    answers = Answers(machine.ask, TARGETS)
    return [answers.of(target)[0] for target in TARGETS]


def test_whoever_answers_was_reached() -> None:
    machine = Machine(("open", "silent", "refused", "HTTP 503"))
    assert opened(machine) == [True, False, False, False]
    assert machine.patience == [SECONDS[0]]
    assert opened(Machine(("open", "refused", "open", "HTTP 200"))) == [True, True, True, True]


def test_where_its_own_does_not_answer_all_is_tried_with_more_patience() -> None:
    late, well = ("silent", "silent", "silent", "silent"), ("open", "open", "silent", "silent")
    machine = Machine(late, well)
    assert opened(machine) == [True, True, False, False]
    assert machine.patience == list(SECONDS[:2])


def test_what_was_reached_once_stays_reached() -> None:
    machine = Machine(
        ("silent", "open", "silent", "HTTP 200"), ("open", "silent", "silent", "silent")
    )
    assert opened(machine) == [True, True, False, True]


def test_patience_ends() -> None:
    machine = Machine(("silent", "silent", "silent", "silent"))
    assert opened(machine) == [False] * 4
    assert machine.patience == list(SECONDS)
