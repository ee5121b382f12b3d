"""Draws plots/*.svg, in colours that are seen on white and on black."""

import math
import statistics
from html import escape

from harness.build import BENCHMARKS

PLOTS = BENCHMARKS / "plots"
WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 40, 50
TEXT = "#7b828a"
ORANGE, BLUE, GREEN, PURPLE, YELLOW, CYAN, PINK = ("#e8590c", "#228be6", "#2f9e44", "#ae3ec9", "#c99700", "#0c9c9c",
                                                   "#e64980")
COLOURS = {
    "ours": ORANGE, "Netty": BLUE, "C": GREEN, "executor": PURPLE, "Vert.x": CYAN, "Disruptor": PINK,
    "C, edge-triggered": GREEN, "C, level-triggered": YELLOW, "ours, busy-poll": PINK, "ours, poll": BLUE, "C, poll": CYAN, "ours, select": PURPLE,
    "C, select": PINK, "ours, workers": PINK, "AsynchronousFileChannel": BLUE, "FileChannel, blocking": YELLOW,
}
LINE_OF_TEXT = 15

# What is drawn through the rows with a point, with what the x-axis is.
TITLES = {
    "messages": ("Cost of a message", "senders"),
    "timer-arm": ("Cost of arming and cancelling a timer", "armed timers"),
    "timer-random": ("Cost of cancelling a random timer and arming it", "armed timers"),
    "idle-descriptors": ("Cost of an event", "idle file descriptors"),
    "file-cached": ("Time of a read from the page cache", "in flight"),
    "file-direct": ("Time of a read past the page cache", "in flight"),
    "file-append": ("Time of an append with a sync", "in flight"),
    "ping-pong": ("Round trip of two sleeping loops", "percentile"),
    "lateness-idle": ("Lateness of a 1 ms timer, idle", "percentile"),
    "lateness-flood": ("Lateness of a 1 ms timer under a message flood", "percentile"),
}


def write(results):
    """Writes all plots, and returns a name and a title for each."""
    PLOTS.mkdir(exist_ok=True)
    for old in PLOTS.glob("*.svg"):
        old.unlink()
    written = []
    for name, (title, x_title) in TITLES.items():
        lines, ticks, unit = through_rows(name, results) or through_percentiles(name, results) or (None, None, None)
        if lines and len(ticks) > 1:
            (PLOTS / f"{name}.svg").write_text(Plot(title, x_title, unit, ticks, lines).svg())
            written.append((name, title))
    return written


def through_rows(name, results):
    rows = [result for result in results if result.row.point and result.row.point.plot == name]
    if not rows:
        return None
    metric = rows[0].row.metrics[0]
    lines = {}
    for result in rows:
        for contender in result.forks:
            lines.setdefault(contender, []).append(
                (result.row.point.x, statistics.median(result.numbers(contender, metric.name))))
    return lines, {result.row.point.x: short(result.row.point.x) for result in rows}, metric.unit


def through_percentiles(name, results):
    for result in results:
        if result.row.percentiles == name:
            metrics = result.row.metrics
            lines = {contender: [(x, statistics.median(result.numbers(contender, metric.name)))
                                 for x, metric in enumerate(metrics, 1)] for contender in result.forks}
            return lines, {x: metric.name for x, metric in enumerate(metrics, 1)}, metrics[0].unit
    return None


def short(number):
    return f"{number // 1_000_000}M" if number >= 1_000_000 else f"{number // 1000}k" if number >= 1000 else str(number)


class Plot:
    """Lines over a logarithmic y-axis; the x-axis is so, too, where it spans more than a decade."""

    def __init__(self, title, x_title, unit, ticks, lines):
        self.title, self.x_title, self.unit, self.ticks, self.lines = title, x_title, unit, ticks, lines
        values = [y for line in lines.values() for _, y in line]
        self.bottom, self.top = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self.top = max(self.top, self.bottom + 1)
        self.scale = math.log10 if max(ticks) > 10 * min(ticks) else float

    def x(self, value):
        first, last = self.scale(min(self.ticks)), self.scale(max(self.ticks))
        return LEFT + (WIDTH - LEFT - RIGHT) * (self.scale(value) - first) / (last - first)

    def y(self, value):
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.top - math.log10(value)) / (self.top - self.bottom)

    def svg(self):
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
                 f'font-size="12" fill="{TEXT}">', f"<title>{escape(self.title)}</title>",
                 text(LEFT, 20, f"{self.title}, {self.unit}", 'font-size="15" font-weight="bold"'),
                 *self.axes(), *self.curves(), "</svg>"]
        return "\n".join(parts) + "\n"

    def axes(self):
        for exponent in range(self.bottom, self.top + 1):
            y = self.y(10 ** exponent)
            yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{TEXT}" stroke-opacity=".35"/>'
            yield text(LEFT - 8, y + 4, f"{10 ** exponent:,}" if exponent >= 0 else f"{10 ** exponent:g}", 'text-anchor="end"')
        for value, label in self.ticks.items():
            yield text(self.x(value), HEIGHT - BOTTOM + 18, label, 'text-anchor="middle"')
        yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, self.x_title, 'text-anchor="middle"')

    def curves(self):
        labels = self.labels()
        for name, line in self.lines.items():
            colour = COLOURS[name]
            points = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in line)
            width = 3 if name == "ours" else 2
            yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
            for x, y in line:
                yield f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="{width + .5}" fill="{colour}"/>'
            yield text(WIDTH - RIGHT + 12, labels[name] + 4, name, f'fill="{colour}" font-weight="bold"')

    def labels(self):
        """A height for the name of each line, near its end and apart from each other."""
        heights, before = {}, -LINE_OF_TEXT
        for name in sorted(self.lines, key=lambda name: self.y(self.lines[name][-1][1])):
            before = heights[name] = max(self.y(self.lines[name][-1][1]), before + LINE_OF_TEXT)
        over = max(0, before - (HEIGHT - BOTTOM))
        return {name: height - over for name, height in heights.items()}


def text(x, y, content, attributes):
    return f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{escape(content)}</text>'
