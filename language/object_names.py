"""What things are called: the English names that detectors give, in the languages of a wearer.

In: a name and a language's code. Out: the name there, or the English one where the table has none. Knows no detector.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from language.codes import LANGUAGES

TABLE = Path(__file__).with_name("objects.tsv")
"""A line for each thing, tab separated; the first line has the codes of the languages."""


def object_name(english: str, to: str) -> str:
    """The name of a thing in the language `to`; the English one where the language or the thing is not in the table."""
    return _table().get(to, {}).get(english, english)


def known_objects() -> tuple[str, ...]:
    """The English names in the table, in its order."""
    return tuple(_table()["en"])


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    head, *lines = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines())
    unknown = set(head) - set(LANGUAGES)
    odd = [line[0] for line in lines if len(line) != len(head) or not all(line)]
    if unknown or odd:
        raise ValueError(f"{TABLE.name}: unknown languages {sorted(unknown)}, lines that are not whole: {odd}")
    return {code: {line[0]: line[column] for line in lines} for column, code in enumerate(head)}
