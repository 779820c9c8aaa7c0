"""How much a text looks like each of our Latin-script languages, by the letter groups of its words.

Comes in: one text. Goes out: log odds for each of them against the languages that we do not translate. Decides nothing,
knows nothing of neighbours. On texts that it has not seen, it beats every identifier that can be installed and fits
into the memory of glasses; `language/training/README.md` has the figures.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from language.letter_groups import GroupTable, read_table

LATIN = ("en", "es", "fr", "de")
"""The languages, in the order of the table's columns."""

LATIN_TABLE = Path(__file__).parent / "latin.table"
"""The table that comes with the install."""

LONGEST = 80
"""Characters that are looked at: a language is plain long before."""


def latin_odds(text: str, table: GroupTable | None = None) -> dict[str, float]:
    """Give for each language ln(p / p of all languages but ours); empty where the text has no letters.

    `table` is used instead of the installed one, which the first call reads. Raises MissingError where that is missing.
    """
    return _odds(text[:LONGEST], table) if table else dict(_installed_odds(text[:LONGEST]))


def latin_groups(text: str) -> list[str]:
    """Cut each word with its bounds into groups of 2 to 5 letters, and keep it whole once."""
    groups = []
    for word in _WORD.findall(text.lower()):
        bounded = f" {word} "
        for size in range(2, 6):
            groups += [bounded[first : first + size] for first in range(len(bounded) - size + 1)]
        groups.append(f"{bounded}#")
    return groups


def _odds(text: str, table: GroupTable) -> dict[str, float]:
    odds = table.score(latin_groups(text))
    # A letter of no alphabet of ours; a second one may be another word's, more tell nothing new.
    strange = _STRANGE * min(2, len(_STRANGE_LETTER.findall(text)))
    return {code: value - strange for code, value in odds.items()}


# A text is asked for several times: alone, as a neighbour, by every translator.
@lru_cache(maxsize=1024)
def _installed_odds(text: str) -> dict[str, float]:
    return _odds(text, _installed())


@cache
def _installed() -> GroupTable:
    return read_table(LATIN_TABLE, LATIN)


_WORD = re.compile("[a-zªºß-öø-\u024f\u1e00-\u1eff]+")
_STRANGE = 2.0
_STRANGE_LETTER = re.compile(r"(?![äöüßéèêëàâîïôùûçœæÿáíóúñ])[ß-öø-\u024f\u1e00-\u1eff]", re.IGNORECASE)
