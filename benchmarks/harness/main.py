"""The command line."""

import argparse
import fnmatch
import sys
import time

from harness import build, machine, measure, report
from harness.rows import ROWS


def main(text):
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=text,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="measure fewer rows, and repeat less")
    parser.add_argument("--list", action="store_true", help="only list the rows")
    parser.add_argument("row", nargs="*", help="a row's name, or a pattern such as timer-*")
    arguments = parser.parse_args()
    rows = chosen(arguments.row, arguments.quick)
    if arguments.list:
        for row in rows:
            print(f"{row.name:24} {row.title}")
        return
    begin = time.monotonic()
    watch = machine.Watch()
    build.build()
    results = [measure.measure(row, arguments.quick) for row in rows]
    head = report.head(watch.finish(), arguments, time.monotonic() - begin)
    if arguments.row:
        print("\n".join(head + report.summary(results)))
    else:
        report.write(head, results)
        print(f"Written to {build.relative(report.RESULTS)}")


def chosen(names, quick):
    for name in names:
        if not any(fnmatch.fnmatch(row.name, name) for row in ROWS):
            sys.exit(f"There is no row {name}; see benchmarks/run --list")
    if names:
        return [row for row in ROWS if any(fnmatch.fnmatch(row.name, name) for name in names)]
    return [row for row in ROWS if row.quick or not quick]
