"""The units that a lexicon translates: words of Latin-script languages, pieces of Korean, Japanese and Chinese.

Comes in: a normalised text. Goes out: its chunks (what is looked up, what is kept as it is), the words of a Latin
chunk, the cheapest way to cut a run of Korean, Japanese or Chinese. The same when a lexicon is learnt and when it is
used. Knows no translations.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

WORD = "word"
"""Kind of a chunk: a word in Latin letters, or in another alphabet."""
RUN = "run"
"""Kind of a chunk: Hangul, Han and kana, with the spaces between them."""
KEPT = "kept"
"""Kind of a chunk: a number, a code or a placeholder. It is no unit and stays as it is."""

WORD_START = "▁"
"""Stands before a Korean word, as SentencePiece writes it."""
LONGEST_PIECE = 10
"""Characters of the longest key that is looked up in Korean, Japanese or Chinese."""
LONGEST_PHRASE = 3
"""Words of the longest key that is looked up in a Latin-script language."""
CUT_LANGUAGES = frozenset({"ko", "ja", "zh"})
"""Languages whose words are not told by spaces alone."""

_UNKNOWN_COST = 18.0  # nats for a character that no key covers: dearer than any rare key
_START_COST = 4.0  # nats for a Korean word that no key begins
_JOINED_COST = 3.0  # nats for a Korean word that begins without a space before it
_RUN = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # iteration marks, kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\uac00-\ud7a3"  # Han, Hangul
)
_CHUNK = re.compile(
    f"(?P<{KEPT}>(?:[A-Za-z]{{0,3}}[\ue000-\uf8ff](?:[~-][\ue000-\uf8ff])*|[#$€£¥₩]?[A-Za-z]{{0,3}}\\d+(?:[.,:/+-]?[A-Za-z]{{0,2}}\\d+)*)"
    "(?:%|(?:[A-Z]|st|nd|rd|th|er|re|e|o|a|h)\\b|[年月日時时分点](?![一-鿿])|[년월일시분](?!간|생))?)"
    # What things are counted by says nothing beside their number.
    "(?:[件个個点枚本匹名张張片錠杯台](?![一-鿿])|[개명권병잔장매정](?![가-힣]{2})|마리|인분)?"
    f"|(?P<{RUN}>[{_RUN}]+(?: [{_RUN}]+)*)"
    f"|(?P<{WORD}>[^\\W\\d_{_RUN}]+(?:['-][^\\W\\d_{_RUN}]+)*'?)"
)
_NOT = re.compile(r"n't|\bnot\b|\bdont\b", re.IGNORECASE)
_IMPERATIVE = re.compile(r"(^|[.!?:;,] +|\bplease,? )(?:do not|don't)\b", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(?:do|does|did)(?: not|n't)\b", re.IGNORECASE)
_CONTRACTED = re.compile(r"(?<=\w)(?:n't|'(?:m|re|ve|ll|d))\b", re.IGNORECASE)
_FULL = {"n't": " not", "'m": " am", "'re": " are", "'ve": " have", "'ll": " will", "'d": " would"}
_ODD_STEM = re.compile(r"\b(ca|wo) not\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=.)'s$", re.IGNORECASE)
_SHORTEST_STEM = 4
_ENDINGS = {
    "en": ("s", "es", "ed", "d", "ing", "e", "y", "ies"),
    "es": ("a", "o", "e", "s", "as", "os", "es", "ar", "er", "ir", "an", "en", "ado", "ada", "ido", "ida", "ando"),
    "fr": ("e", "s", "es", "er", "ez", "ee", "ees", "ant", "ent", "ir", "it", "is", "re", "x", "aux", "al", "ons"),
    "de": ("e", "en", "er", "es", "em", "n", "s", "t", "st", "te", "ten", "et", "end"),
}
_CLITIC = re.compile(r"(?<=....)(?:se|l[oae]s?|me|te|nos)$")
_FRENCH_HEAD = re.compile(r"'(?=.)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A key to look up, and how it stood in the text."""

    key: str
    surface: str
    known: bool = True
    """False where no key covers it."""
    begins: bool = False
    """Whether a Korean word begins with it."""


def chunks(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Give the chunks of a normalised text, each with its kind, in order; punctuation and counters are dropped."""
    for match in _CHUNK.finditer(_spelled_out(text) if language == "en" else text):
        kind = match.lastgroup or KEPT
        yield kind, match[kind]


def words(chunk: str, language: str) -> list[str]:
    """Give the words of a word chunk: "dog", "'s" for English "dog's", "l'", "eau" for French "l'eau"."""
    if chunk.isalpha():
        return [chunk]
    parts = chunk.split("-")
    if "'" in chunk and language == "en":
        parts = [part for whole in parts for part in _POSSESSIVE.sub(" 's", whole).split(" ")]
    elif "'" in chunk and language == "fr":
        parts = [part for whole in parts for part in _FRENCH_HEAD.sub("' ", whole).split(" ")]
    return [part for part in parts if part.strip("'")]


def phrase_key(text: str, language: str) -> str:
    """Give the key of a whole text in a Latin-script language: its words, casefolded, with single spaces."""
    found = (word for kind, chunk in chunks(text, language) if kind == WORD for word in words(chunk, language))
    return " ".join(found).casefold()


def related(word: str, language: str) -> Iterator[list[str]]:
    """Give keys of other forms of a casefolded word, the likeliest group first; for words that no key covers.

    Rough: endings are exchanged (es hablen: hablar, habla), without knowing what the word is.
    """
    bare = plain(word)
    endings = _ENDINGS.get(language, ())
    stems = [bare.removesuffix(ending) for ending in ("", *endings) if bare.endswith(ending)]
    if language == "es" and (clitic := _CLITIC.search(bare)):
        verb = bare[: clitic.start()]
        stems += [verb, verb[:-1]]
    for stem in sorted(set(stems), key=lambda stem: (-len(stem), stem)):
        if len(stem) >= _SHORTEST_STEM:
            yield [stem, *(stem + ending for ending in endings if stem + ending != bare)]


def run_key(run: str, language: str) -> str:
    """Give a run as keys are written: Korean words begin with `WORD_START`, Japanese and Chinese have no spaces."""
    return WORD_START + run.replace(" ", WORD_START) if language == "ko" else run.replace(" ", "")


def cut(run: str, cost: Callable[[str], float | None], language: str) -> list[Unit]:
    """Cut a run (as `run_key` writes it) into the known keys whose costs add up to the least, by Viterbi search.

    `cost` gives the negative log probability of a key in nats, None for one it does not know. Characters that no key
    covers come out as unknown units.
    """
    size = len(run)
    best = [0.0] + [float("inf")] * size
    back: list[tuple[int, str, bool]] = [(0, "", False)] * (size + 1)
    for start in range(size):
        here = best[start]
        marked = run[start] == WORD_START
        for end in range(start + 1 + marked, min(size, start + LONGEST_PIECE + marked) + 1):
            key = run[start:end]
            price = cost(key)
            if price is not None and here + price < best[end]:
                best[end], back[end] = here + price, (start, key, True)
            # Signs are often written without spaces: a word may begin in the middle of one.
            if language == "ko" and end > start + 1 and WORD_START not in key:
                price = cost(WORD_START + key)
                if price is not None and here + price + _JOINED_COST < best[end]:
                    best[end], back[end] = here + price + _JOINED_COST, (start, WORD_START + key, True)
        key, price = ("", _START_COST) if marked else (run[start], _UNKNOWN_COST)
        if here + price < best[start + 1]:
            best[start + 1], back[start + 1] = here + price, (start, key, marked)
    return _traced(run, back)


@lru_cache(maxsize=1 << 12)
def plain(word: str) -> str:
    """Give a casefolded word without its accents."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def _traced(run: str, back: list[tuple[int, str, bool]]) -> list[Unit]:
    units: list[Unit] = []
    end = len(run)
    while end:
        start, key, known = back[end]
        surface = run[start:end].replace(WORD_START, " ").strip()
        after = units[-1] if units else None
        if not key and after:
            units[-1] = replace(after, begins=True)
        elif not known and after and not after.known and not after.begins:
            units[-1] = Unit(key + after.key, surface + after.surface, False)
        elif key:
            units.append(Unit(key, surface, known, begins=key[0] == WORD_START))
        end = start
    return units[::-1]


def _spelled_out(text: str) -> str:
    """Write out English contractions, with one word for a negated verb's auxiliary and negation.

    "Don't enter" and "Do not enter" become "dont enter", for a prohibition; "I don't know" becomes "I not know".
    """
    if _NOT.search(text):
        text = _AUXILIARY.sub("not", _IMPERATIVE.sub(r"\1dont", text))
    if "'" in text:
        text = _CONTRACTED.sub(lambda found: _FULL[found[0].casefold()], text)
        text = _ODD_STEM.sub(lambda found: "can not" if found[1].casefold() == "ca" else "will not", text)
    return text
