"""Writes RESULTS.md."""

import datetime
import statistics

from harness import build, notes, plot
from harness.commands import LEGEND
from harness.row import differences, ratios

RESULTS = build.BENCHMARKS / "RESULTS.md"


def head(machine, arguments, seconds):
    now = datetime.datetime.now(datetime.timezone.utc)
    command = "benchmarks/run" + " --quick" * arguments.quick
    quiet = ("The machine was quiet." if not machine.complaints else
             f"**The machine was not quiet: {'; '.join(machine.complaints)}.** The figures are noisy.")
    return ["# What an event loop costs", "",
            f"Written by `{command}` on {now:%Y-%m-%d %H:%M} UTC in {seconds / 60:.0f} minutes, on {machine.description}. "
            + ("It repeats too little to tell small differences. " if arguments.quick else "")
            + quiet, "",
            *(f"- {observation}" for observation in machine.observations), ""]


def write(head, results):
    plots = plot.write(results)
    lines = [*head, *summary(results), "",
             "Ratios and differences are of ours to what it is compared with: the median of forks that ran one after the other, and "
             "the least and the greatest.", "",
             *(f"![{title}](plots/{name}.svg)" for name, title in plots), "",
             "## Rows", "",
             "`benchmarks/run` and the name of a row repeats it. What it runs, in the folder `benchmarks`, is abbreviated:", "",
             *(f"- `{name}`: `{text}`" for name, text in LEGEND.items()), ""]
    texts = notes.read()
    for result in results:
        lines += section(result, texts.get(result.row.name))
    RESULTS.write_text("\n".join(lines))


def summary(results):
    """A line for each goal, and for each row without one."""
    by_name = {result.row.name: result for result in results}
    lines = ["| work | ours | compared | ratio or difference | to reach | reached | others |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for result in results:
        for goal in result.row.goals:
            lines.append(goal_line(result, goal, by_name))
        if not result.row.goals:
            metric = result.row.metrics[0]
            lines.append(f"| {label(result.row, metric)} | {number(result, 'ours', metric)} | | | | | "
                         f"{others(result, metric, ('ours',))} |")
    return lines


def goal_line(result, goal, by_name):
    row, metric = result.row, metric_of(result.row, goal.metric)
    other = by_name.get(goal.of)
    compared_name, compared = ("ours", other) if other else (goal.of, result)
    ours, theirs = result.numbers(goal.ours, goal.metric), compared.numbers(compared_name, goal.metric) if goal.of else []
    cells = [label(row, metric) + goal.ours.removeprefix("ours"), number(result, goal.ours, metric), "", "", goal.text(metric.unit), "",
             others(result, metric, (goal.ours, compared_name))]
    if ours and theirs:
        cells[2] = f"{goal.of} {number(compared, compared_name, metric)}"
        cells[3] = (ratio(ours, theirs) if goal.times else
                    f"{spread(differences(ours, theirs), sign='+')} {metric.unit}")
    if ours and (theirs or not goal.of):
        cells[5] = "yes" if goal.reached(ours, theirs) else "**no**"
    return f"| {' | '.join(cells)} |"


def section(result, note):
    row = result.row
    columns = [label_of(metric) for metric in row.metrics]
    lines = [f"### {row.name}", "", f"{row.title[0].upper()}{row.title[1:]}.", "",
             f"| | {' | '.join(columns)} | ratio | command |", "| --- |" + " --- |" * (len(columns) + 2)]
    for name in row.contenders:
        if name in result.missing:
            lines.append(f"| {name} | {' | '.join('' for _ in columns)} | | left out: {result.missing[name]} |")
            continue
        cells = [spread(result.numbers(name, metric.name)) for metric in row.metrics]
        first = row.metrics[0].name
        compared = "" if name == "ours" else ratio(result.numbers("ours", first), result.numbers(name, first))
        lines.append(f"| {name} | {' | '.join(cells)} | {compared} | `{result.commands[name]}` |")
    return lines + ["", *([note, ""] if note else [])]


def metric_of(row, name):
    return next(metric for metric in row.metrics if metric.name == name)


def label(row, metric):
    return f"[{row.title}](#{row.name})" + (f", {metric.text}" if metric.text else "")


def label_of(metric):
    return ", ".join(text for text in (metric.text, metric.unit) if text)


def number(result, contender, metric):
    numbers = result.numbers(contender, metric.name)
    return f"{figure(statistics.median(numbers))} {metric.unit}" if numbers else ""


def others(result, metric, but):
    return ", ".join(f"{name} {figure(statistics.median(result.numbers(name, metric.name)))}"
                     for name in result.forks if name not in but and result.numbers(name, metric.name))


def ratio(ours, theirs):
    return spread(ratios(ours, theirs), precise=True)


def spread(numbers, sign="", precise=False):
    """The median, and the least and the greatest."""
    if not numbers:
        return ""
    texts = [(sign if number >= 0 else "") + (f"{number:.2f}" if precise else figure(number))
             for number in (statistics.median(numbers), min(numbers), max(numbers))]
    return texts[0] if len(numbers) == 1 else f"{texts[0]} ({texts[1]} to {texts[2]})"


def figure(value):
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"
