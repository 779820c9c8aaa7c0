"""The store as a table: the catalogue's models, those that lie here, and what is known of both."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from devices.files import megabytes
from devices.store import Store
from pipeline.store_uses import UNUSED, use_of

_WIDE = 100  # columns of a terminal in which there is room for all of ours


@dataclass(frozen=True, slots=True)
class Row:
    """One model."""

    id: str
    title: str
    task: str
    languages: tuple[str, ...]
    engine: str
    licence: str
    commercial: bool
    bytes: int
    memory_mb: int
    here: bool
    pinned: bool
    """Whether all hashes are known."""
    page: str
    refused: str
    use: str
    """How it is used; empty: nothing uses it yet."""

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        return asdict(self)


def rows(store: Store) -> list[Row]:
    """All models of the catalogue and of the store, by task."""
    held = {record.id: record for record in store.held()}
    found = [
        Row(
            entry.id, entry.title, entry.task, entry.languages, entry.engine, entry.licence, entry.commercial,
            held[entry.id].size if entry.id in held else entry.size, entry.memory_mb, entry.id in held, entry.pinned,
            entry.page, entry.refused, use_of(entry.id, entry.task, entry.engine),
        )
        for entry in store.catalogue
    ]  # fmt: skip
    found += [
        Row(
            one.id, one.title, one.task, one.languages, one.engine, one.licence, one.commercial, one.size, 0,
            True, True, "", "", use_of(one.id, one.task, one.engine),
        )
        for one in held.values()
        if one.id not in store.catalogue.entries
    ]  # fmt: skip
    return sorted(found, key=lambda row: row.task)


def show(found: list[Row], store: Store, console: Console) -> None:
    """Prints a line a model, what cannot be pulled or used dimly; less of each where it is narrow, bare in a pipe."""
    if not console.is_terminal:
        for row in found:
            print(_plain(row), file=console.file)
        return
    wide = console.width >= _WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    longest = max((len(row.id) for row in found), default=0)
    needs = {"id": longest, "": len("later"), "size": len("49999.9 MB"), "task": len("translation")}
    most = {"licence": 26} if wide else {}
    for name in ("task", "id", "", "size", "licence", "what") if wide else ("id", "", "size", "licence"):
        side: Literal["right", "left"] = "right" if name == "size" else "left"
        table.add_column(name, justify=side, no_wrap=True, min_width=needs.get(name), max_width=most.get(name))
    for row in found:
        mark = "" if row.pinned or row.here else "*"
        licence = row.licence if row.commercial else f"{row.licence} (!)"
        size = megabytes(row.bytes)
        cells = (
            (row.task, row.id, _state(row) or mark, size, licence, row.title)
            if wide
            else (row.id, _state(row) or mark, size, licence)
        )
        table.add_row(*cells, style=None if row.use and not row.refused else "dim")
    console.print(table)
    console.print(f"store: {store.folder}", soft_wrap=True)
    if any(not row.commercial for row in found):
        console.print("(!) not for commercial use, or not stated: needs --accept-licence")
    if any(not (row.pinned or row.here) for row in found):
        console.print("*   nobody has told the hashes of all its files: the first pull does")
    if any(_state(row) == "later" for row in found):
        console.print(f"later: {UNUSED}")
    if any(row.refused for row in found):
        console.print("never: Python pickles, which can run any program when they are opened")


def _state(row: Row) -> str:
    return "here" if row.here else "never" if row.refused else "" if row.use else "later"


def _plain(row: Row) -> str:
    """Tabs between the columns, for other programs and small tools."""
    licence = row.licence if row.commercial or row.here else f"{row.licence} (needs --accept-licence)"
    return "\t".join((row.task, row.id, _state(row) or "-", megabytes(row.bytes), licence, row.title))
