"""What things are called, and what codes hold: English words in the languages of a wearer.

In: a word and a language's code. Out: the word there, or the English one where the table has none. Knows no detector.
"""

from pathlib import Path

from language.word_table import read_words, word

TABLE = Path(__file__).with_name("objects.tsv")
_CODES = Path(__file__).with_name("code_words.tsv")


def object_name(english: str, to: str) -> str:
    """The name of a thing: `traffic light`."""
    return word(TABLE, english, to)


def code_word(english: str, to: str) -> str:
    """What a code holds, or what to be told about it: `payment`, `not encrypted`."""
    return word(_CODES, english, to)


def known_objects() -> tuple[str, ...]:
    """The English names in the table, in its order."""
    return tuple(read_words(TABLE)["en"])


def known_code_words() -> tuple[str, ...]:
    """The English words about codes."""
    return tuple(read_words(_CODES)["en"])
