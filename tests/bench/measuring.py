"""Measuring by ratios: ways interleaved in one run, medians, and a table of figures against budgets."""

from __future__ import annotations

import gc
import os
import select
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import pytest

from tests.terminal import Terminal


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    value: str
    budget: str
    is_met: bool | None
    """None where there is no budget: told because it explains another line."""


@dataclass
class Figures:
    """The table; a benchmark adds its lines and ends with `check`."""

    lines: list[Figure] = field(default_factory=list)
    _unchecked: list[Figure] = field(default_factory=list)

    def at_most(self, what: str, value: float, budget: float, unit: str = "") -> None:
        """A figure that may not be greater."""
        self._add(Figure(what, f"{value:.2f}{unit}", f"≤ {budget:g}{unit}", value <= budget))

    def at_least(self, what: str, value: float, budget: float, unit: str = "") -> None:
        """A figure that may not be smaller."""
        self._add(Figure(what, f"{value:.2f}{unit}", f"≥ {budget:g}{unit}", value >= budget))

    def less_than(self, what: str, value: float, budget: float) -> None:
        """A ratio that must stay below."""
        self._add(Figure(what, f"{value:.2f}", f"< {budget:g}", value < budget))

    def is_so(self, what: str, value: str, budget: str, *, met: bool) -> None:
        """A figure that is no number."""
        self._add(Figure(what, value, budget, met))

    def note(self, what: str, value: str) -> None:
        """What explains the line above."""
        self._add(Figure(f"  {what}", value, "", None))

    def check(self) -> None:
        """Fail where a line added since the last check has missed its budget."""
        missed = [f"{line.what}: {line.value} ({line.budget})" for line in self._unchecked if line.is_met is False]
        self._unchecked.clear()
        if missed:
            pytest.fail("\n".join(missed), pytrace=False)

    def drawn(self) -> Sequence[str]:
        """The table as text."""
        verdict = {True: "met", False: "MISSED", None: ""}
        width = max((len(line.what) for line in self.lines), default=0)
        return [
            f"{line.what:{width}}  {line.value:>16}  {line.budget:>16}  {verdict[line.is_met]}" for line in self.lines
        ]

    def _add(self, figure: Figure) -> None:
        self.lines.append(figure)
        self._unchecked.append(figure)


def interleaved(rounds: int, ways: Mapping[str, Callable[[int], float]], *, warm: int = 1) -> dict[str, float]:
    """The median of what each way measures; every round has each way once, so that a noisy machine treats them alike.

    A way gets the number of the round and gives its own measure; the `warm` first rounds do not count.
    """
    found: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(warm + rounds):
        for name, way in ways.items():
            gc.collect()
            gc.disable()
            try:
                measure = way(turn)
            finally:
                gc.enable()
            if turn >= warm:
                found[name].append(measure)
    return {name: median(measures) for name, measures in found.items()}


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Seconds that the work takes, once or the mean of several times."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so great a share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


class Watched(Terminal):
    """A program in a terminal whose bytes are only counted and timed: drawing them would slow it down."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        self.began = time.perf_counter()
        self.last = self.began
        """When the last bytes came."""
        super().__init__(argv, env=env)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    def since_exec(self) -> float:
        """Seconds from starting the program to its last bytes."""
        return self.last - self.began

    def answer(self, keys: Sequence[str], quiet: float = 0.1) -> tuple[float, int]:
        """Press keys; seconds to the last byte of what follows before `quiet` seconds without any, and its bytes."""
        before, pressed = len(self.raw), time.perf_counter()
        self.press(*keys)
        self.settle(quiet)
        return (self.last - pressed if len(self.raw) > before else 0.0), len(self.raw) - before

    def bytes_in(self, seconds: float) -> int:
        """How many bytes come in so many seconds without a key."""
        before, ends = len(self.raw), time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            if select.select([self._master], [], [], left)[0]:
                self._read()
        return len(self.raw) - before

    def resident(self) -> float:
        """The program's memory in MiB."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS:"))

    def _read(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.last = time.perf_counter()
        self.raw += data
        return bool(data)
