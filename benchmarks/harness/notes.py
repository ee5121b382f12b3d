"""What people write about rows, in notes.md: a heading with the name of the row, and text below it."""

import sys

from harness.build import BENCHMARKS, relative
from harness.rows import ROWS

NOTES = BENCHMARKS / "notes.md"


def read():
    """The text for each row; says so where there is a heading that no row has."""
    notes, name = {}, None
    for line in NOTES.read_text().splitlines():
        if line.startswith("## "):
            name = line[3:].strip()
            notes[name] = []
        elif name:
            notes[name].append(line)
    unknown = set(notes) - {row.name for row in ROWS}
    if unknown:
        print(f"{relative(NOTES)} is about rows that there are not: {', '.join(sorted(unknown))}", file=sys.stderr)
    return {name: text for name, lines in notes.items() if (text := "\n".join(lines).strip())}
