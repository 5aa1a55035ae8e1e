from bough_components.local.images.progress import Building, Pulling


class Clock:
    """So many seconds pass between any two looks at it."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 0.0, seconds

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


def frozen() -> float:
    return 0.0


def test_a_pull_tells_layers_and_megabytes() -> None:
    lines: list[str] = []
    pulling = Pulling("python:3.11", lines.append, Clock(2))
    pulling.take({"status": "Pulling from library/python", "id": "3.11"})
    pulling.take({"status": "Already exists", "id": "a"})
    pulling.take({"status": "Downloading", "id": "b", "progressDetail": {"current": 5_000_000}})
    pulling.take({"status": "Downloading", "id": "b", "progressDetail": {"current": 9_000_000}})
    assert lines[-1] == "python:3.11: pulling, 1 of 2 layers, 9 MB"


def test_a_build_tells_every_step_and_little_else() -> None:
    lines: list[str] = []
    building = Building("postgres", lines.append, frozen)
    for text in ("Step 1/2 : FROM x\n", "one\ntwo\n", "\n", "Step 2/2 : RUN y\n"):
        building.take({"stream": text})
    assert lines == ["postgres: Step 1/2 : FROM x", "postgres: Step 2/2 : RUN y"]


def test_a_long_step_tells_something_now_and_then() -> None:
    lines: list[str] = []
    building = Building("postgres", lines.append, Clock(1))
    for number in range(10):
        building.take({"stream": f"line {number}\n"})
    assert 2 <= len(lines) <= 5


def test_a_build_keeps_its_last_lines_without_colours() -> None:
    building = Building("postgres", lambda _: None, frozen)
    for number in range(30):
        building.take({"stream": f"\x1b[91mline {number}\x1b[0m\n"})
    building.take({"error": "it failed"})
    assert building.tail == [*(f"line {number}" for number in range(11, 30)), "it failed"]
