"""What is left of a text when everything that does not change its meaning is taken away.

Comes in: normalised text, slot marks and all. Goes out: its key (no case, width, spaces, punctuation), or its
skeleton, in which also the characters that readers mix up are one. Texts of one key say the same; texts of one
skeleton very likely do.
"""

import re
import unicodedata
from functools import lru_cache

from language.characters import folded_shapes
from language.slots import MARKS


@lru_cache(maxsize=1 << 14)
def key_of(text: str) -> str:
    """Give the matching key of a text; slot marks and the signs that carry meaning ("%", "+", "&") stay."""
    for _ in range(4):
        # Dropping a sign can bring two characters together that then compose: again, until nothing changes.
        key = _key_once(text)
        if key == text:
            break
        text = key
    return text


@lru_cache(maxsize=1 << 14)
def skeleton_of(key: str) -> str:
    """Give the skeleton of a key: accents dropped and look-alikes folded into one character."""
    if key.isascii():
        bare = key
    else:
        letters = unicodedata.normalize("NFD", key)
        bare = "".join(letter for letter in letters if letter in _VOICING or not unicodedata.combining(letter))
        bare = unicodedata.normalize("NFC", bare)
    return bare.translate(_LOOKALIKES).replace("rn", "m").replace("vv", "w").replace("cl", "d")


def _key_once(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if folded.isascii():
        return _NOT_ASCII_KEY.sub("", folded)
    folded = _DASH_AFTER_KANA.sub("ー", folded)
    kept = [letter for letter in folded if letter.isalnum() or letter in _KEPT or _is_mark(letter)]
    return unicodedata.normalize("NFC", "".join(kept))


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"


def _lookalikes() -> dict[int, str]:
    shapes = folded_shapes()
    table = {ord(shape): target for shape, target in shapes.items()}
    for group in _LOOKALIKE_GROUPS.split():
        target = shapes.get(group[0], group[0])
        table |= {ord(letter): target for letter in group if letter != target}
    return {point: table.get(ord(target), target) for point, target in table.items()}


_KEPT = frozenset(MARKS.values()) | frozenset("%+&")
_NOT_ASCII_KEY = re.compile(r"[^a-z0-9%+&]")
_DASH_AFTER_KANA = re.compile(r"(?<=[ァ-ヺー])[-‐‑‒–—―−]+")
_VOICING = frozenset("\u3099\u309a")
_LOOKALIKE_GROUPS = (
    "o0 l1i ー一 末未 へヘ べベ ぺペ りリ カ力 ロ口 ニ二 エェ工 タ夕 トト卜 ハ八 日曰 己已巳 士土 千干 人入 "
    "つっ やゃ ゆゅ よょ ツッ ヤャ ユュ ヨョ アァ イィ ウゥ オォ あぁ いぃ うぅ えぇ おぉ"
)
_LOOKALIKES = _lookalikes()
