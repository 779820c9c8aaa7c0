"""Where a text may be broken into lines, and the best ways to break it.

Comes in: a text and a function that measures it. Goes out: tuples of lines. Refuses to know: pixels, boxes,
fonts.

Words are kept whole in scripts with spaces (Latin, Hangul and others). Han and Kana break after every
character, except that a line never starts with closing punctuation or a small kana and never ends with an
opening bracket (the kinsoku rules of JIS X 4051, reduced to what signs need).
"""

import unicodedata
from collections.abc import Callable, Iterator

Measure = Callable[[str], float]

_NEVER_FIRST = frozenset(
    "、。，．・：；？！)]}」』）】〕〉》〟’”ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞヽヾ…‥,.:;?!%％°℃"
)
_NEVER_LAST = frozenset("([{「『（【〔〈《〝‘“$¥￥€£#＃")


def pieces(text: str, *, anywhere: bool = False) -> list[str]:
    """Return the unbreakable pieces of `text`; a piece that needs a blank before it starts with one.

    `anywhere` allows a break after every Hangul syllable too, for narrow columns.
    """
    found: list[str] = []
    for word in text.split():
        for n, atom in enumerate(_atoms(word, anywhere)):
            found.append(" " + atom if n == 0 and found else atom)
    return found


def broken(parts: list[str], count: int, measure: Measure) -> tuple[str, ...]:
    """Return the pieces in at most `count` lines so that the widest line is as narrow as possible."""
    if count <= 1 or len(parts) <= 1:
        return ("".join(parts).strip(),)
    widths = [measure(part) for part in parts]
    bare = [measure(part.lstrip()) for part in parts]
    low, high = max(bare), sum(widths)
    for _ in range(18):
        middle = (low + high) / 2
        if len(_greedy(widths, bare, middle)) <= count:
            high = middle
        else:
            low = middle
    starts = _greedy(widths, bare, high)
    ends = [*starts[1:], len(parts)]
    return tuple("".join(parts[a:b]).strip() for a, b in zip(starts, ends, strict=True))


def wrapped(text: str, width: float, measure: Measure) -> tuple[str, ...]:
    """Return `text` in as many lines as it takes to stay within `width`; a piece that is too wide is cut."""
    lines: list[str] = []
    line = ""
    for part in pieces(text):
        if line and measure(line + part) <= width:
            line += part
            continue
        if line:
            lines.append(line)
        line = part.lstrip()
        while measure(line) > width and len(line) > 1:
            cut = next((n for n in range(len(line) - 1, 1, -1) if measure(line[:n]) <= width), 1)
            lines.append(line[:cut])
            line = line[cut:]
    return tuple([*lines, line] if line else lines)


def _greedy(widths: list[float], bare: list[float], limit: float) -> list[int]:
    """Return the index of the first piece of each line when lines are filled up to `limit`."""
    starts, used = [0], bare[0]
    for n in range(1, len(widths)):
        if used + widths[n] <= limit + 1e-6:
            used += widths[n]
        else:
            starts.append(n)
            used = bare[n]
    return starts


def _atoms(word: str, anywhere: bool) -> Iterator[str]:
    head, joint, tail = word.partition("-")
    if len(word) > 16 and joint and head.isalpha() and tail:
        yield head + joint
        word = tail
    atom = ""
    for char in word:
        if atom and _breaks(atom[-1], char, anywhere):
            yield atom
            atom = ""
        atom += char
    if atom:
        yield atom


def _breaks(before: str, after: str, anywhere: bool) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return _free(before, anywhere) or _free(after, anywhere)


def _free(char: str, anywhere: bool) -> bool:
    if unicodedata.east_asian_width(char) not in ("W", "F"):
        return False
    hangul = "\uac00" <= char <= "\ud7a3" or "\u3131" <= char <= "\u318e"
    return anywhere or not hangul
