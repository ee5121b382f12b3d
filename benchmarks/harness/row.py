"""What a row of the table is made of."""

import statistics
from dataclasses import dataclass, field


def ratios(ours, theirs):
    """Those of forks that ran one after the other."""
    return [a / b for a, b in zip(ours, theirs) if b]


def differences(ours, theirs):
    return [a - b for a, b in zip(ours, theirs)]


@dataclass(frozen=True)
class Metric:
    """A number that each fork gives."""
    name: str           # as the commands call it
    unit: str
    scale: float = 1    # what it is multiplied by
    text: str = ""      # what it is, where a row has several


@dataclass(frozen=True)
class Goal:
    """What a contender is to reach: so many times another, so much more than another, or at most a number."""
    metric: str
    of: str = ""
    times: float = 0
    plus: float = 0
    most: float = 0
    ours: str = "ours"

    def reached(self, ours, theirs):
        if self.times:
            return statistics.median(ratios(ours, theirs)) <= self.times
        if self.of:
            return statistics.median(differences(ours, theirs)) <= self.plus
        # Counts are whole but for what the JVM does beside them.
        return round(statistics.median(ours), 1) <= self.most

    def text(self, unit):
        if self.times:
            return f"≤ {self.times:.2f} × {self.of}"
        if self.of:
            return f"≤ {self.of} + {self.plus:g} {unit}"
        return f"≤ {self.most:g} {unit}"


@dataclass(frozen=True)
class Point:
    """Where a row stands in a plot whose lines go through several rows, one for each contender."""
    plot: str
    x: float


@dataclass
class Row:
    name: str
    title: str
    contenders: dict    # a name and the command that measures it
    metrics: list
    goals: list = field(default_factory=list)
    point: Point = None
    percentiles: str = ""   # the name of a plot of its percentiles
    rounds: int = 3
    quick: bool = True      # whether it is measured in a quick run, too


@dataclass
class Result:
    row: Row
    forks: dict     # for each contender a list of {metric: number}, one for each fork
    missing: dict   # for each contender that was not measured why
    commands: dict

    def numbers(self, contender, metric):
        scale = next(m.scale for m in self.row.metrics if m.name == metric)
        return [fork[metric] * scale for fork in self.forks.get(contender, []) if metric in fork]
