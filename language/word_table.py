"""Small tables of words in several languages: a line for each thing, tab separated, English first.

In: a file of ours. Out: words by language. Knows nothing of what the words are for.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from language.codes import LANGUAGES

Words = Mapping[str, Mapping[str, str]]
"""By language, then by the English word."""


@cache
def read_words(table: Path) -> Words:
    """The whole table; its first line has the codes of the languages. Raises ValueError where a line is not whole."""
    head, *lines = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines())
    unknown = set(head) - set(LANGUAGES)
    odd = [line[0] for line in lines if len(line) != len(head) or not all(line)]
    if unknown or odd:
        raise ValueError(f"{table.name}: unknown languages {sorted(unknown)}, lines that are not whole: {odd}")
    return {code: {line[0]: line[column] for line in lines} for column, code in enumerate(head)}


def word(table: Path, english: str, to: str) -> str:
    """The word in the language `to`; the English one where the language or the word is not in the table."""
    return read_words(table).get(to, {}).get(english, english)
