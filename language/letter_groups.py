"""A table of letter groups and how much each speaks for each of some languages.

Comes in: the letter groups of a text. Goes out: one number for each language. Knows neither letters nor languages. The
tables are made by `language.training.identifier`.

A group has a row by its hash, without a list of groups (Weinberger et al. 2009, "Feature hashing for large scale
multitask learning"): a table is a file of signed bytes and needs no more memory than that.
"""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from devices.errors import MissingError

STEP = 0.08
"""Log odds of one unit of a table."""


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Rows of signed bytes, one byte for each language."""

    languages: tuple[str, ...]
    """The columns."""
    units: npt.NDArray[np.int8]
    """Read-only; the number of rows is a power of two."""

    def score(self, groups: Sequence[str]) -> dict[str, float]:
        """Give for each language the log odds that the groups of one text add up to; empty without groups."""
        if not groups:
            return {}
        sums = self.units[rows_of(groups, len(self.units))].sum(axis=0, dtype=np.int32).tolist()
        # Groups overlap: their evidence grows more slowly than their number.
        scale = STEP / math.sqrt(len(groups))
        return {code: scale * value for code, value in zip(self.languages, sums, strict=True)}


def rows_of(groups: Sequence[str], rows: int) -> list[int]:
    """Give the row of each group in a table of so many rows."""
    return [zlib.crc32(group.encode("utf-8", "surrogatepass")) % rows for group in groups]


def read_table(path: Path, languages: tuple[str, ...]) -> GroupTable:
    """Read a table with these columns. Raises MissingError where the install lacks it or it is damaged."""
    try:
        data = path.read_bytes()
    except OSError as why:
        raise _missing(path, str(why)) from why
    rows = len(data) // len(languages)
    if not rows or rows & (rows - 1) or len(data) != rows * len(languages):
        raise _missing(path, f"{len(data)} bytes, expected {len(languages)} times a power of two")
    return GroupTable(languages, np.frombuffer(data, np.int8).reshape(rows, len(languages)))


def _missing(path: Path, what: str) -> MissingError:
    return MissingError(
        f"The table {path.name} cannot be used: {what}. Languages cannot be told without it: install Glossa again, or"
        " make it with python -m language.training.identifier"
    )
