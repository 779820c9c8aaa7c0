"""Tables of a benchmark's numbers, for a terminal and for the README.

In: titles, headers and rows of text. Out: rich tables and markdown. Measures nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.table import Table

Grid = tuple[str, list[str], list[list[str]]]
"""Title, header, rows."""


def rich_tables(grids: Iterable[Grid]) -> Iterator[Table]:
    """Yield the tables for a terminal."""
    for title, header, rows in grids:
        table = Table(*header, title=title, title_justify="left")
        for row in rows:
            table.add_row(*row)
        yield table


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return one table: the first column to the left, numbers to the right."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def where(machine: dict[str, Any]) -> str:
    """Return what a figure must stand beside: the machine and the date."""
    return f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, {machine['date']}"
