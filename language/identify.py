"""Which language a text is in, as far as its letters tell.

Comes in: one text, and the languages of its neighbours in the picture. Goes out: a guess with a certainty, or None.
Knows scripts, telling characters and small words; knows nothing of meaning.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from language.characters import chinese_habit, telling_characters
from language.normalise import normalise
from language.slots import find_slots, without_marks

_RANGES = (
    ("Latin", 0x41, 0x5A),
    ("Latin", 0x61, 0x7A),
    ("Latin", 0xAA, 0xAA),
    ("Latin", 0xBA, 0xBA),
    ("Latin", 0xC0, 0xD6),
    ("Latin", 0xD8, 0xF6),
    ("Latin", 0xF8, 0x24F),
    ("Greek", 0x370, 0x3FF),
    ("Cyrillic", 0x400, 0x52F),
    ("Armenian", 0x531, 0x58F),
    ("Hebrew", 0x591, 0x5F4),
    ("Arabic", 0x600, 0x6FF),
    ("Devanagari", 0x900, 0x97F),
    ("Bengali", 0x980, 0x9FF),
    ("Tamil", 0xB80, 0xBFF),
    ("Thai", 0xE00, 0xE7F),
    ("Lao", 0xE80, 0xEFF),
    ("Georgian", 0x10A0, 0x10FF),
    ("Hangul", 0x1100, 0x11FF),
    ("Khmer", 0x1780, 0x17FF),
    ("Latin", 0x1E00, 0x1EFF),
    ("Greek", 0x1F00, 0x1FFF),
    ("Han", 0x3005, 0x3007),
    ("Kana", 0x3041, 0x309F),
    ("Kana", 0x30A1, 0x30FA),
    ("Kana", 0x30FC, 0x30FF),
    ("Hangul", 0x3131, 0x318E),
    ("Han", 0x3400, 0x4DBF),
    ("Han", 0x4E00, 0x9FFF),
    ("Hangul", 0xAC00, 0xD7A3),
    ("Han", 0xF900, 0xFAFF),
    ("Han", 0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A language, or None, and how certain that is, in [0, 1]."""

    code: str | None
    certainty: float


@lru_cache(maxsize=1 << 14)
def script_of(character: str) -> str | None:
    """Give the script of one character, or None for digits, marks, spaces and scripts we do not name."""
    point = ord(character)
    for script, first, last in _RANGES:
        if first <= point <= last:
            return script
    return None


def count_scripts(text: str) -> Counter[str]:
    """Count the letters of each script."""
    return Counter(script for script in map(script_of, text) if script is not None)


def identify(text: str, neighbours: Sequence[str] = ()) -> Guess:
    """Guess the language of one text; None where its letters leave it open.

    `neighbours` are codes of other texts in the same picture, with repetition; they decide what letters leave open.
    """
    text = normalise(text)
    scripts = count_scripts(text)
    letters = scripts.total()
    if not letters:
        return Guess(None, 0.0)
    if scripts["Hangul"] and scripts["Hangul"] >= max(scripts["Kana"], scripts["Latin"] / 2):
        return Guess("ko", 0.99 if scripts["Hangul"] * 2 >= letters else 0.8)
    cjk = scripts["Kana"] + scripts["Han"]
    if cjk and cjk * 2 >= scripts["Latin"]:
        return _identify_kana_or_han(text, scripts, Counter(neighbours))
    if scripts["Latin"] * 2 > letters:
        return _identify_latin(text, Counter(neighbours))
    return Guess(None, 0.0)


def is_language(text: str) -> bool:
    """Say whether a text has words to translate: not a number, price, address, code or a stray letter."""
    text = _CODE.sub(" ", _ADDRESS.sub(" ", normalise(text)))
    text = without_marks(find_slots(text).text)
    words = [word for word in _WORD.findall(text) if any(script_of(letter) for letter in word)]
    return any(_is_word(word) for word in words)


def _is_word(word: str) -> bool:
    scripts = count_scripts(word)
    if scripts["Han"] or scripts["Hangul"]:
        return True
    if any(letter.isdigit() for letter in word):
        return scripts["Kana"] >= 2 or max(map(len, _LETTERS.findall(word)), default=0) >= 4
    return scripts.total() >= 2 and word.casefold() not in _UNITS


def _identify_kana_or_han(text: str, scripts: Counter[str], neighbours: Counter[str]) -> Guess:
    if scripts["Kana"]:
        return Guess("ja", 0.99 if scripts["Kana"] > 1 or scripts["Han"] else 0.85)
    marks = {code: sum(letter in telling for letter in text) for code, telling in _TELLING.items()}
    if marks["zh-Hans"] + marks["zh-Hant"] == 0 and marks["ja"] == 0:
        habit = sum(letter in _CHINESE_HABIT for letter in text)
        near = [code for code in _HAN_LANGUAGES if neighbours[code]]
        if habit and (not near or near == ["ja"]):
            return Guess("zh-Hans", 0.5)
        if near:
            best = max(near, key=lambda code: neighbours[code])
            share = neighbours[best] / sum(neighbours[code] for code in near)
            return Guess(best, 0.55 + 0.3 * share)
        return Guess(None, 0.0)
    best = max(_HAN_LANGUAGES, key=lambda code: (marks[code], neighbours[code]))
    others = sum(marks.values()) - marks[best]
    return Guess(best, 0.95 if others == 0 else max(0.5, 0.9 * marks[best] / (marks[best] + others)))


def _identify_latin(text: str, neighbours: Counter[str]) -> Guess:
    lowered = text.casefold()
    words = _LETTERS.findall(lowered)
    scores = dict.fromkeys((*_SMALL_WORDS, *_FOREIGN_WORDS), 0.0)
    for word in words:
        for table in (_SMALL_WORDS, _FOREIGN_WORDS):
            for code, known in table.items():
                scores[code] += 1.0 if word in known else 0.0
        for code, pieces in _PIECES.items():
            padded = f" {word} "
            scores[code] += 0.35 * sum(piece in padded for piece in pieces)
    for code, letters in _LETTERS_OF.items():
        scores[code] += 0.8 * sum(letter in letters for letter in lowered)
    for code in _SMALL_WORDS:
        scores[code] += 0.4 * (neighbours[code] > 0)
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    lead = scores[best] - scores[second]
    if best in _FOREIGN_WORDS or lead < 0.5 or scores[best] < 0.7:
        return Guess(None, 0.0)
    return Guess(best, min(0.98, 0.45 + 0.2 * lead + 0.02 * len(words)))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HAN_LANGUAGES = ("zh-Hans", "zh-Hant", "ja")
_TELLING = telling_characters()
_CHINESE_HABIT = chinese_habit()

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|jp|kr|cn|tw|de|fr|es|uk|eu|io)\b(?:/\S*)?",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<!\w)[A-Za-z]{1,3}-?\d+[A-Za-z]?(?!\w)")
_WORD = re.compile(r"\w+(?:['-]\w+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_UNITS = _words(
    """kg mg ml cl dl km cm mm mhz ghz kwh mb gb kb tb am pm mph kmh psi kcal kj hz nt us usd eur jpy krw
    st nd rd th"""
)

_SMALL_WORDS = {
    "en": _words(
        """the of and to in is you that it for on are with this be at by from not no please do your we all our open
        closed only here out off street road was has have will who which their his her when what welcome keep use free
        new an or if up"""
    ),
    "es": _words(
        """el la los las de del y en es que por para con no su se al lo un una está este esta son favor más calle sin
        prohibido abierto cerrado usted hay aquí muy todos salida entrada plaza gracias nuestro"""
    ),
    "fr": _words(
        """le la les de du des et en est que pour avec ne pas vous votre au aux un une ce cette sur dans par sont merci
        rue il qui ouvert fermé interdit sortie défense nous être toute tous sans chez ici ou"""
    ),
    "de": _words(
        """der die das und in ist zu den von mit für nicht sie auf im ein eine dem des bitte es am zum zur bei nur kein
        keine was noch wird sind aus nach geöffnet geschlossen verboten straße ausgang eingang ihr wir oder"""
    ),
}
# Latin-script languages that we cannot translate: known only so that they are not taken for one that we can.
_FOREIGN_WORDS = {
    "it": _words("il di che è per con non della del dei gli alla sono vietato uscita ingresso via una questo"),
    "pt": _words("o os as da do das dos em não para com uma um saída proibido rua é ao são obrigado"),
    "nl": _words("de het een van en in is niet voor met op te zijn uitgang verboden naar wij deze geen straat"),
}
_PIECES = {
    "en": (" th", "ing ", "tion ", "wh", "ght", "ee", "oo", "ed ", "ck ", "ly ", "sh", " y"),
    "es": ("ción ", "ado ", "ida ", "os ", "ll", "ñ", "ar ", "dad ", "ue", "ero ", "ito ", "illa "),
    "fr": ("eau", "tion ", "oux ", "ée ", "ement ", "aux ", "eu", "oi", "que ", "ez ", "ette ", "ère "),
    "de": ("sch", "ung ", "ei", "tz", " ge", "keit ", "heit ", "lich ", "ie", "pf", "ck", "en ", "chen ", "ä", "ü"),
}
_LETTERS_OF = {
    "es": frozenset("ñ¿¡óíú"),
    "fr": frozenset("èêçàùœâîôëï"),
    "de": frozenset("ßäöü"),
    "pt": frozenset("ãõ"),
    "it": frozenset("ìò"),
}
