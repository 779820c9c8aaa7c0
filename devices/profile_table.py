"""Reads tables of TOML strictly: what is missing, of the wrong kind or unknown is an error.

In: what `tomllib` made of a file. Out: figures, texts, choices; or an InputError that names the place.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from devices.errors import InputError


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and how it is known."""

    value: float
    """In the unit that the name of the field says."""
    source: tuple[str, ...]
    """Keys of the profile's sources."""
    rule: str = ""
    """How it was derived from the sources; empty where it is published as it stands."""

    @property
    def derived(self) -> bool:
        """True where it is not published as it stands."""
        return bool(self.rule)


class Table:
    """One table; what was not asked for when `end` is called is an unknown key."""

    def __init__(self, where: str, content: Mapping[str, Any], sources: frozenset[str] = frozenset()) -> None:
        self.where = where
        self.sources = sources
        self._content = content
        self._asked: set[str] = set()
        self._below: dict[str, Table] = {}

    @property
    def names(self) -> list[str]:
        """Names of its entries."""
        return list(self._content)

    def end(self) -> None:
        """Raises InputError where there is an entry that nobody asked for."""
        unknown = [key for key in self._content if key not in self._asked]
        if unknown:
            raise self._error(f"unknown entry '{unknown[0]}'; known: {', '.join(sorted(self._asked))}")
        for table in self._below.values():
            table.end()

    def table(self, key: str) -> "Table":
        """A table in this one; the same each time."""
        if key not in self._below:
            self._below[key] = Table(f"{self.where}, {key}", self._get(key, dict, "a table"), self.sources)
        return self._below[key]

    def tables(self, key: str) -> list["Table"]:
        """A list of tables."""
        found = self._get(key, list, "a list of tables")
        if not all(isinstance(one, dict) for one in found):
            raise self._error(f"expected a list of tables as '{key}', got {found!r}")
        return [Table(f"{self.where}, {key} {n + 1}", one, self.sources) for n, one in enumerate(found)]

    def texts(self, key: str) -> dict[str, str]:
        """A table of texts, each filled."""
        table = self.table(key)
        return {name: table.text(name) for name in table.names}

    def text(self, key: str) -> str:
        """A text that is not empty."""
        found: str = self._get(key, str, "a text")
        if not found.strip():
            raise self._error(f"expected a text as '{key}', got an empty one")
        return found

    def choice(self, key: str, known: Iterable[str]) -> str:
        """One of the known words."""
        return self._known(key, self.text(key), tuple(known))

    def choices(self, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """A list of known words, at least one."""
        found = self._get(key, list, "a list of words")
        if not found:
            raise self._error(f"expected at least one of {', '.join(known)} as '{key}', got none")
        return tuple(self._known(key, word, known) for word in found)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, perhaps an empty one."""
        found = self._get(key, list, "a list of words")
        if not all(isinstance(word, str) for word in found):
            raise self._error(f"expected a list of words as '{key}', got {found!r}")
        return tuple(found)

    def flag(self, key: str) -> bool:
        """True or false."""
        return bool(self._get(key, bool, "true or false"))

    def whole(self, key: str) -> int:
        """A whole number above 0."""
        found: int = self._get(key, int, "a whole number")
        if found <= 0:
            raise self._error(f"expected a whole number above 0 as '{key}', got {found}")
        return found

    def figure(self, key: str, *, least: float = math.ulp(0.0)) -> Figure:
        """A figure of at least `least`: `{value, source}`, or `{value, source, derived = true, rule}`."""
        table = self.table(key)
        value = table._get("value", (int, float), "a number")
        if not (math.isfinite(value) and value >= least):
            raise table._error(f"expected a value above 0, got {value}")
        source = table._get("source", list, "a list of sources")
        for one in source:
            table._known("source", one, tuple(sorted(self.sources)))
        derived = "derived" in table.names and table._get("derived", bool, "true or false")
        rule = table.text("rule") if derived else ""
        if not (source or derived):
            raise table._error("expected a source, or derived = true and a rule")
        table.end()
        return Figure(float(value), tuple(source), rule)

    def _get(self, key: str, kind: type | tuple[type, ...], what: str) -> Any:
        self._asked.add(key)
        if key not in self._content:
            raise self._error(f"'{key}' is missing, expected {what}")
        found = self._content[key]
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise self._error(f"expected {what} as '{key}', got {found!r}")
        return found

    def _known(self, key: str, word: Any, known: tuple[str, ...]) -> str:
        if word not in known:
            raise self._error(f"'{key}' is {word!r}, expected one of {', '.join(known)}")
        return str(word)

    def _error(self, what: str) -> InputError:
        return InputError(f"{self.where}: {what}.")
