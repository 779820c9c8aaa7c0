"""The one spelling of text that the translator sees: at training time and at run time alike.

Comes in: any string. Goes out: the same text in the spelling of the training corpora. Knows nothing of languages:
case, punctuation and word choice stay as they are.
"""

import re
import unicodedata
from collections.abc import Callable

__all__ = ["CharacterTable", "normalise"]

_PLAIN = {
    **dict.fromkeys("‘’‚‛′´`ʼ＇", "'"),
    **dict.fromkeys("“”„‟″＂", '"'),
    **dict.fromkeys("\u2010\u2011", "-"),
}
# Escapes, because a range typed as characters is easily folded into another one (豈 exists twice).
_CJK = (
    "\u2e80-\u2fdf\u3001-\u30ff\u31f0-\u31ff"  # radicals, punctuation, kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_CJK_GAP = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}])")
_NOT_COMPATIBILITY_JAMO = re.compile("[^\u3130-\u318f]+")
_COMPATIBILITY_JAMO = re.compile("[\u3130-\u318f]")


def normalise(text: str) -> str:
    """Return `text` as the model knows it: NFKC, straight quotes and hyphens, no invisible characters, single spaces.

    Spaces between CJK characters (Han, kana and their punctuation) go; Hangul keeps its spaces, which are word
    boundaries. Line ends and tabs count as spaces. Compatibility jamo (the ㅋㅋ of chat) are left alone, because NFKC
    would turn them into conjoining jamo that no corpus contains. Applying it twice changes nothing. Never raises.
    """
    if text.isascii() and text.isprintable() and "`" not in text:
        return " ".join(text.split())
    visible = text.translate(_SEEN)
    if _COMPATIBILITY_JAMO.search(visible):
        folded = _NOT_COMPATIBILITY_JAMO.sub(lambda run: unicodedata.normalize("NFKC", run.group()), visible)
    else:
        folded = unicodedata.normalize("NFKC", visible)
    # Folding can bring forth new quotes and spaces (a lone accent becomes a space and a combining mark).
    joined = _CJK_GAP.sub("", " ".join(folded.translate(_PLAINLY).split()))
    return unicodedata.normalize("NFC", joined)


class CharacterTable(dict[int, str]):
    """For `str.translate`: what becomes of each character, worked out when it first comes and then remembered."""

    def __init__(self, work_out: Callable[[str], str]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, point: int) -> str:
        """Work it out."""
        self[point] = shown = self._work_out(chr(point))
        return shown


def _seen(character: str) -> str:
    """Return the character, plain; a space for a line end or tab; nothing for what cannot be seen (Unicode C*)."""
    if character in "\t\n\r\v\f\x85":
        return " "
    return "" if unicodedata.category(character)[0] == "C" else _plain(character)


def _plain(character: str) -> str:
    return _PLAIN.get(character, character)


_SEEN, _PLAINLY = CharacterTable(_seen), CharacterTable(_plain)
