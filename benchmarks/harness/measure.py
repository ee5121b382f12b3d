"""Runs the forks of those that are compared in turn, A B C A B C, so that a machine whose speed drifts slows all."""

import statistics
import subprocess
import tempfile
import time

from harness.build import say
from harness.row import Result


def measure(row, quick):
    begin = time.monotonic()
    missing = {name: reason for name, command in row.contenders.items() if (reason := command.missing())}
    forks = {name: [] for name in row.contenders if name not in missing}
    for _ in range(1 if quick else row.rounds):
        for name in list(forks):
            try:
                with tempfile.TemporaryDirectory() as folder:
                    forks[name].append(row.contenders[name].run(folder, quick))
            except (RuntimeError, subprocess.TimeoutExpired) as failure:
                say(failure)
                missing[name] = "it failed"
                del forks[name]
    result = Result(row, forks, missing, {name: command.text() for name, command in row.contenders.items()})
    metric = row.metrics[0]
    numbers = ", ".join(f"{name} {statistics.median(result.numbers(name, metric.name)):.4g}" for name in forks)
    say(f"{row.name:20} {time.monotonic() - begin:5.1f} s   {metric.unit}: {numbers}")
    for name, reason in missing.items():
        say(f"{'':20} {name} was left out: {reason}")
    return result
