"""How things are timed, and how the results are told."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def seconds(function: Callable[[], Any]) -> float:
    """The time that one call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def side_by_side(
    *functions: Callable[[], Any],
    rounds: int,
    calls: int = 1,
    warm: int = 1,
    of: Callable[[list[float]], float] = statistics.median,
) -> list[float]:
    """The median time of each function, called in turn so that all see the same machine; another
    of its times if ``of`` chooses another.

    Every other round goes backwards: what one leaves to be done, on a disk, is not always done in
    the time of the same other one.
    """
    for function in functions * warm:
        function()
    times: dict[Callable[[], Any], list[float]] = {function: [] for function in functions}
    for number in range(rounds):
        for function in functions[:: 1 if number % 2 else -1]:
            times[function].append(seconds(lambda f=function: [f() for _ in range(calls)]))
    return [of(taken) / calls for taken in times.values()]


@dataclass
class Result:
    """One line of the table: what was compared, the ratio or value measured, and the bar."""

    what: str
    value: float
    bar: str
    passed: bool
    unit: str = ""

    def row(self) -> str:
        mark = "yes" if self.passed else "NO"
        return f"| {self.what} | {self.value:.3g}{self.unit} | {self.bar} | {mark} |"


def at_most(what: str, value: float, bar: float, unit: str = "") -> Result:
    return Result(what, value, f"at most {bar:g}{unit}", value <= bar, unit)


def at_least(what: str, value: float, bar: float, unit: str = "") -> Result:
    return Result(what, value, f"at least {bar:g}{unit}", value >= bar, unit)


def peak_memory(pid: int | str) -> float:
    """The most memory that a process has had since it began its program, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
