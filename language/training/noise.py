"""What reading a photograph does to a text: lost spaces, split words, look-alikes, cut ends, capitals.

Comes in: a clean text and its language. Goes out: the text as a recogniser may hand it over, normalised. Digits always
stay as they are: a wrong number is never taught as a right one, so no letter turns into a digit either.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from language.normalise import normalise

Change = Callable[[str, str, random.Random], str]


def noise(text: str, code: str, rng: random.Random, kinds: Mapping[str, float] | None = None) -> str:
    """Return `text` damaged as a recogniser would, then normalised; often it comes back as it was.

    Placeholders (the private characters of `protect` and `slots`) stay, though no text that is read contains them.
    `kinds` gives the probability of each kind (`USUAL` by default; what it leaves out does not happen). Raises KeyError
    for a kind that is not in `KINDS`.
    """
    kept = _numbers(text)
    if not _with_placeholders(text):
        return ""
    for name, probability in (USUAL if kinds is None else kinds).items():
        if rng.random() < probability:
            changed = KINDS[name](text, code, rng)
            if _numbers(changed) == kept and _with_placeholders(changed):
                text = changed
    return _with_placeholders(text)


def _with_placeholders(text: str) -> str:
    """Normalise `text` without losing its placeholders."""
    if not _PLACEHOLDER.search(text):
        return normalise(text)
    # Letters that no language of ours has, and that normalising leaves alone.
    hidden = text.translate({place: place - _PRIVATE + _ETHIOPIC for place in range(_PRIVATE, _PRIVATE + 0x20)})
    seen = normalise(hidden)
    return seen.translate({place - _PRIVATE + _ETHIOPIC: place for place in range(_PRIVATE, _PRIVATE + 0x20)})


def _numbers(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    # What is glued to a number belongs to it: 12,000원 without 원 is another amount.
    return re.findall(r"[\d\ue000-\uf8ff][\d\ue000-\uf8ff.,:]*[^\W\d_]{0,2}", folded)


def _lose_spaces(text: str, code: str, rng: random.Random) -> str:
    chance = rng.choice((0.3, 0.6, 1.0)) if code == "ko" else rng.choice((0.2, 0.4))
    return re.sub(r"(?<!\d) (?!\d)", lambda space: "" if rng.random() < chance else space[0], text)


def _split_word(text: str, code: str, rng: random.Random) -> str:
    places = [place for place in range(1, len(text)) if text[place - 1].isalpha() and text[place].isalpha()]
    if not places:
        return text
    place = rng.choice(places)
    return f"{text[:place]} {text[place:]}"


def _confuse(text: str, code: str, rng: random.Random) -> str:
    for _ in range(1 + (len(text) > 12 and rng.random() < 0.4)):
        places = [place for place, letter in enumerate(text) if letter in _LOOKALIKES or "가" <= letter <= "힣"]
        pairs = [place for place in range(len(text) - 1) if text[place : place + 2] in _PAIRS]
        if not places or (pairs and rng.random() < 0.3):
            if not pairs:
                return text
            place = rng.choice(pairs)
            text = text[:place] + _PAIRS[text[place : place + 2]] + text[place + 2 :]
            continue
        place = rng.choice(places)
        letter = text[place]
        other = rng.choice(_LOOKALIKES[letter]) if letter in _LOOKALIKES else _other_syllable(letter, rng)
        text = text[:place] + other + text[place + 1 :]
    return text


def _other_syllable(syllable: str, rng: random.Random) -> str:
    """Change one jamo of a Hangul syllable into one that looks like it."""
    first, rest = divmod(ord(syllable) - ord("가"), 588)
    vowel, last = divmod(rest, 28)
    ways = [(other, vowel, last) for other in _like(_FIRST, first)]
    ways += [(first, other, last) for other in _like(_VOWELS, vowel)]
    ways += [(first, vowel, other) for other in _like(_LAST, last)]
    if not ways:
        return syllable
    first, vowel, last = rng.choice(ways)
    return chr(ord("가") + first * 588 + vowel * 28 + last)


def _like(jamo: str, number: int) -> list[int]:
    return [jamo.index(other) for other in _JAMO.get(jamo[number], "") if other in jamo]


def _drop_accents(text: str, code: str, rng: random.Random) -> str:
    """Drop all accents of a Latin text; of kana, one voicing mark."""
    if code == "ja":
        places = [place for place, letter in enumerate(text) if len(unicodedata.normalize("NFD", letter)) == 2]
        places = [place for place in places if "ぁ" <= text[place] <= "ヿ"]
        if not places:
            return text
        place = rng.choice(places)
        return text[:place] + unicodedata.normalize("NFD", text[place])[0] + text[place + 1 :]
    if code not in ("es", "fr", "de", "en"):
        return text
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return bare.replace("ß", rng.choice(("B", "ss", "ß"))).replace("œ", "oe")


def _cut_edge(text: str, code: str, rng: random.Random) -> str:
    if len(text) < 5:
        return text
    return text[1:] if rng.random() < 0.5 else text[:-1]


def _lose_character(text: str, code: str, rng: random.Random) -> str:
    if len(text) < 5:
        return text
    place = rng.randrange(1, len(text) - 1)
    return text[:place] + text[place + 1 :]


def _double_character(text: str, code: str, rng: random.Random) -> str:
    place = rng.randrange(len(text)) if text else 0
    return text[:place] + text[place : place + 1] * 2 + text[place + 1 :]


def _upper(text: str, code: str, rng: random.Random) -> str:
    return text.upper()


def _lower(text: str, code: str, rng: random.Random) -> str:
    return text.lower()


def _lose_stop(text: str, code: str, rng: random.Random) -> str:
    return text.rstrip(".。!?！？ ")


def _double_punctuation(text: str, code: str, rng: random.Random) -> str:
    places = [place for place, letter in enumerate(text) if letter in ".,:;!?·/-。、！？・"]
    if places:
        place = rng.choice(places)
        return text[: place + 1] + text[place:]
    return text + rng.choice((".", ",", "'", "·", "-"))


def _stray_mark(text: str, code: str, rng: random.Random) -> str:
    """Add what a frame, a bullet or a speck is read as."""
    mark = rng.choice(("·", "-", ".", "'", "|", "•", "*", "_", ":", "○"))
    return f"{mark}{rng.choice(('', ' '))}{text}" if rng.random() < 0.6 else f"{text} {mark}"


def _change_width(text: str, code: str, rng: random.Random) -> str:
    """Write full-width what is half-width, and the other way; normalising undoes most of it."""
    if code in ("ja", "zh-Hans", "zh-Hant", "ko"):
        return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)
    return text.replace(" ", "\u3000")


def _hyphenate(text: str, code: str, rng: random.Random) -> str:
    """Leave the hyphen of a line end in a word."""
    places = [found.start() + rng.randrange(2, 6) for found in re.finditer(r"[^\W\d_]{7,}", text)]
    if not places or code in ("ko", "ja", "zh-Hans", "zh-Hant"):
        return text
    place = rng.choice(places)
    return text[:place] + rng.choice(("-", "- ")) + text[place:]


def _both_ways(groups: str) -> dict[str, str]:
    """Map every letter of a group to the others of it; a letter may be in several groups."""
    table: dict[str, str] = {}
    for group in groups.split():
        for letter in group:
            table[letter] = table.get(letter, "") + group.replace(letter, "")
    return table


KINDS: Mapping[str, Change] = MappingProxyType(
    {
        "capitals": _upper,
        "small letters": _lower,
        "spaces lost": _lose_spaces,
        "word split": _split_word,
        "accents dropped": _drop_accents,
        "look-alikes": _confuse,
        "edge cut": _cut_edge,
        "character lost": _lose_character,
        "character doubled": _double_character,
        "line hyphen": _hyphenate,
        "final stop lost": _lose_stop,
        "punctuation doubled": _double_punctuation,
        "stray mark": _stray_mark,
        "width": _change_width,
    }
)
"""Everything that can happen to a text, by name."""

USUAL: Mapping[str, float] = MappingProxyType(
    {
        "capitals": 0.12,
        "small letters": 0.03,
        "spaces lost": 0.12,
        "word split": 0.04,
        "accents dropped": 0.08,
        "look-alikes": 0.10,
        "edge cut": 0.04,
        "character lost": 0.03,
        "character doubled": 0.02,
        "line hyphen": 0.03,
        "final stop lost": 0.30,
        "punctuation doubled": 0.02,
        "stray mark": 0.03,
        "width": 0.03,
    }
)
"""How often each kind happens to a text of which a copy is to be damaged."""

_PRIVATE, _ETHIOPIC = 0xE000, 0x1200
_PLACEHOLDER = re.compile("[\ue000-\ue01f]")
_LOOKALIKES = _both_ways(
    "lI| ij ec hb uv gq CG OQ EF PR UV BE ft "
    "口ロ ー一- 夕タ カ力 ニ二 エ工 ト卜 ハ八 己已巳 日曰目 土士 千干 人入 未末 大太犬 木本 田由甲申 王玉主 "
    "天夫 午牛 今令 白自 問間 问间 持待 石右 休体 住往 科料 见贝 处外 没设 历厉 厂广 风凤 输轮 网岡 營営 "
    "へヘ りリ べベ ぺペ シツ ソン ワク ウワ ラフ コユ ヌス ぬめ はほ るろ われね さき あお "
    "っつ ゃや ゅゆ ょよ ッツ ャヤ ュユ ョヨ ァア ィイ ゥウ ェエ ォオ バパ ビピ ブプ ベペ ボポ ばぱ びぴ ぶぷ べぺ ぼぽ"
)
_PAIRS = {"rn": "m", "cl": "d", "vv": "w", "nn": "m", "ii": "u", "li": "h"}
_JAMO = _both_ways(
    "ㅏㅑ ㅓㅕ ㅗㅛ ㅜㅠ ㅐㅔ ㅒㅖ ㅐㅏ ㅔㅓ ㅡㅜ ㅣㅏ ㅚㅟ ㅘㅝ "
    "ㄱㅋ ㄷㅌ ㅂㅍ ㅈㅊ ㅇㅎ ㅅㅈ ㅁㅂ ㄷㄹ ㄱㄲ ㄷㄸ ㅂㅃ ㅅㅆ ㅈㅉ ㅁㅇ ㄴㄹ"
)
_FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_LAST = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
