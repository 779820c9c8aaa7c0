"""Signs in capitals: a network has read sentences, and knows few words that shout.

Comes in: a text. Goes out: the same in sentence case.
"""

import re

from language.identify import count_scripts


def is_shouted(text: str) -> bool:
    """Say whether all of a text's letters are Latin capitals, three at least."""
    capitals = sum(letter.isupper() for letter in text)
    return capitals >= 3 and text == text.upper() and count_scripts(text).total() == capitals


def sentence_cased(text: str) -> str:
    """Write a text in capitals as a sentence; words with digits ("B12") stay as they are."""
    lowered = _WORD.sub(lambda word: word[0] if _DIGIT.search(word[0]) else word[0].lower(), text)
    return _FIRST.sub(lambda first: first[0].upper(), lowered, count=1)


_WORD = re.compile(r"[\w'-]+")
_DIGIT = re.compile(r"\d")
_FIRST = re.compile(r"[^\W\d_]")
