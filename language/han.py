"""How much a text in Han characters looks like simplified Chinese, traditional Chinese and Japanese.

Comes in: one text. Goes out: log odds for each, up to a number that all share. Decides nothing, knows nothing of
neighbours. Three kinds of evidence: which characters a national standard has at all, which shapes of a character
belong to one language, and which characters and groups of them a language uses.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from language.characters import telling_characters
from language.letter_groups import GroupTable, read_table

HAN = ("zh-Hans", "zh-Hant", "ja")
"""The languages, in the order of the table's columns."""

CHINESE = ("zh-Hans", "zh-Hant")
"""Those of them that are scripts of one language."""

HAN_TABLE = Path(__file__).parent / "han.table"
"""The table that comes with the install."""

LONGEST = 100
"""Characters that are looked at."""


def han_odds(text: str, table: GroupTable | None = None) -> dict[str, float]:
    """Give log odds for each language; empty where the text has no Han character.

    `table` is used instead of the installed one, which the first call reads. Raises MissingError where that is missing.
    """
    return _odds(text[:LONGEST], table) if table else dict(_installed_odds(text[:LONGEST]))


def foreign_characters(text: str, code: str) -> int:
    """Count the Han characters of a text that the language's character set lacks.

    The sets are GB 2312, Big5 and JIS X 0208: what signs are printed in.
    """
    return sum(not _has(character, _SETS[code]) for run in _HAN_RUN.findall(text) for character in run)


def han_groups(text: str) -> list[str]:
    """Give the characters of a text, and the groups of two and three with the bounds of their run."""
    groups: list[str] = []
    for run in _HAN_RUN.findall(text):
        bounded = f" {run} "
        groups += run
        for size in (2, 3):
            groups += [bounded[first : first + size] for first in range(len(bounded) - size + 1)]
    return groups


@cache
def _has(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _odds(text: str, table: GroupTable) -> dict[str, float]:
    groups = han_groups(text)
    odds = table.score(groups)
    if len(groups) == _GROUPS_OF_ONE:
        odds = dict.fromkeys(odds, 0.0)  # which language has one character more often tells nothing of a sign
    return {
        code: value
        + _TELLING * min(2, sum(character in _TELLING_CHARACTERS[code] for character in text))
        - _FOREIGN * min(2, foreign_characters(text, code))
        for code, value in odds.items()
    }


# A text is asked for several times: alone, as a neighbour, by every translator.
@lru_cache(maxsize=1024)
def _installed_odds(text: str) -> dict[str, float]:
    return _odds(text, _installed())


@cache
def _installed() -> GroupTable:
    return read_table(HAN_TABLE, HAN)


_HAN_RUN = re.compile("[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_SETS = {"zh-Hans": "gb2312", "zh-Hant": "big5", "ja": "shift_jis"}
_FOREIGN = 3.0
"""Log odds that a character takes from the languages whose set lacks it; names and old books have such characters."""
_TELLING_CHARACTERS = telling_characters()
_TELLING = 2.0
_GROUPS_OF_ONE = 4
