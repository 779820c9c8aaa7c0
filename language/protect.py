"""What a network must not touch: numbers, prices, times, dates, addresses of the web, Latin names inside other scripts.

Comes in: a normalised text. Goes out: the text with a placeholder for each such span, and the way back, on which no
span is lost. The same at training time and at run time. Knows nothing of networks.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from language.capitals import inside_sentence
from language.identify import count_scripts
from language.slots import Slot, find_slots, write

PLACES = tuple(map(chr, range(0xE010, 0xE020)))
"""Placeholders, in the order in which they stand in the source. Private characters: `normalise` drops them from any
text that a camera reads, and each is one piece of our tokenizer."""

WEB = re.compile(
    r"(?:https?://|www\.)[^\s\u3000-\u9fff\uac00-\ud7a3]+|[\w.+-]+@[\w-]+\.[\w.]*\w"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|net|org|jp|kr|cn|tw|de|fr|es|uk|eu|io)\b(?:/[^\s\u3000-\u9fff\uac00-\ud7a3]*)?",
    re.IGNORECASE | re.ASCII,
)
# Two letters or more that touch no digit: "200g" and "B2" have letters that mean something.
_DIGIT = re.compile(r"\d")
_LATIN_WORD = r"[A-Za-z][A-Za-z'&+.-]*"
_LATIN_RUN = re.compile(rf"(?<![A-Za-z\d]){_LATIN_WORD}(?: {_LATIN_WORD})*(?<=[A-Za-z+]{{2}})(?![A-Za-z\d])")
_UNIT = re.compile(
    r"\s?(?:[mk]?g|[mcd]?l|m?L|cc|[mck]?m|km/h|kcal|kJ|k?Wh?|[kmM]?V|°[CF]|[KMG]B|m²)(?![\w/²])", re.ASCII
)
"""What is measured goes with its number: of a dose nothing may be lost. Not the per cent, which every network knows."""
_PLACE = re.compile(f"[{PLACES[0]}-{PLACES[-1]}]")
_BEGINNING = re.compile(r"(?:^|[.!?:。！？\n•·])[\s\"'(«¿¡-]*$")
_PIECE = re.compile(f"{_PLACE.pattern}|[^{PLACES[0]}-{PLACES[-1]}]+")


class LostSpanError(ValueError):
    """A placeholder is missing from a translation, or stands in it twice."""


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of the source, and what stands for it in the translation."""

    text: str
    """As it stood in the source."""
    slot: Slot | None = None
    """Set where the form depends on the language (a date, a price)."""
    fixed: str = ""
    """Set where the translation is already known (a term)."""

    def written(self, *, source: str, to: str) -> str:
        """Give the span as the language `to` writes it; as it stood where that is not certain."""
        if self.fixed:
            return self.fixed
        return write(self.slot, source=source, to=to) if self.slot else self.text


@dataclass(frozen=True, slots=True)
class Protected:
    """A text with placeholders, and what they stand for, in order."""

    text: str
    spans: tuple[Span, ...]

    def restore(self, target: str, *, source: str, to: str) -> str:
        """Put the spans into a translation. Raises LostSpanError unless each placeholder stands there exactly once."""
        wanted = list(PLACES[: len(self.spans)])
        found = sorted(_PLACE.findall(target))
        if found != wanted:
            raise LostSpanError(f"expected {len(wanted)} placeholders, each once; got {len(found)} in {target!r}")
        values = {
            place: (span.text, span.written(source=source, to=to))
            for place, span in zip(PLACES, self.spans, strict=False)
        }
        terms = {place for place, span in zip(PLACES, self.spans, strict=False) if span.fixed}
        text = ""
        changed = False
        for piece in _PIECE.findall(target):
            original, written = values.get(piece, (piece, piece))
            if piece in terms and not _begins_sentence(text):
                written = inside_sentence(written, to)
            # A form that changed must not run into its neighbour's digits.
            touching = (changed or written != original) and text[-1:].isdigit() and written[:1].isdigit()
            text += f" {written}" if touching else written
            changed = written != original
        return text


def protect(text: str, terms: Mapping[str, str] | None = None) -> Protected:
    """Replace what must survive by placeholders; a lone digit stays, because it is part of the grammar ("1 ticket").

    `terms` maps pieces of the text to translations that are certain; the longer of two that overlap wins, and a term
    is taken only where it does not cut a word. More than 16 spans: the rest stays as it is.
    """
    return _replace(text, _spans(text, terms or {}))


def protect_pair(source: str, target: str) -> tuple[str, str] | None:
    """Replace what both sides of a translated pair have in common, as run time does with the source alone.

    Gives None where there is nothing to replace, or where the sides do not agree span by span (run time restores a
    span by itself: a pair in which "10" became "ten" would teach to lose it).
    """
    for plain in (False, True):
        left = _spans(source, {}, plain=plain)
        names = [span.text for _, _, span in left if span.slot is None]
        if not left:
            return None
        right = [found for found in _spans(target, {}, plain=plain) if found[2].slot is not None]
        right = sorted([*right, *_named(target, names)], key=lambda found: found[0])
        wanted, keys = [_key(span) for _, _, span in left], [_key(span) for _, _, span in right]
        if sorted(keys) != sorted(wanted):
            continue
        order: list[int] = []
        for key in keys:
            order.append(next(at for at, other in enumerate(wanted) if other == key and at not in order))
        ranges = [(start, end) for start, end, _ in right]
        return _replace(source, left).text, _put(target, ranges, [PLACES[at] for at in order])
    return None


_Found = tuple[int, int, Span]


def _spans(text: str, terms: Mapping[str, str], *, plain: bool = False) -> list[_Found]:
    """Find the spans from left to right; `plain` sees numbers only, not what they count."""
    taken: list[_Found] = []

    def take(start: int, end: int, span: Span) -> None:
        if all(end <= other or start >= last for other, last, _ in taken):
            taken.append((start, end, span))

    for match in WEB.finditer(text) if "." in text or "@" in text else ():
        take(*match.span(), Span(match[0]))
    for term in sorted(terms, key=len, reverse=True):
        for match in re.finditer(re.escape(term), text):
            if not _cuts_word(text, *match.span()):
                take(*match.span(), Span(match[0], fixed=terms[term]))
    at = 0
    kinds = ("number",) if plain else ("date", "time", "price", "number")
    for slot in find_slots(text, kinds).slots if _DIGIT.search(text) else ():
        at = text.index(slot.text, at)
        unit = _UNIT.match(text, at + len(slot.text)) if slot.kind == "number" and not plain else None
        found = replace(slot, text=slot.text + unit[0]) if unit else slot
        lone = slot.kind == "number" and not unit and sum(map(str.isdigit, slot.text)) < 2
        if not lone:
            take(at, at + len(found.text), Span(found.text, slot=found))
        at += len(found.text)
    names = [] if text.isascii() else list(_LATIN_RUN.finditer(text))
    scripts = count_scripts(text) if names else Counter[str]()
    if scripts["Hangul"] + scripts["Kana"] + scripts["Han"] > 0:
        for match in names:
            take(*match.span(), Span(match[0]))
    return sorted(taken, key=lambda found: found[0])[: len(PLACES)]


def _named(text: str, names: Sequence[str]) -> list[_Found]:
    found = []
    for name in names:
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.ASCII)
        if match:
            found.append((*match.span(), Span(name)))
    return found


def _key(span: Span) -> tuple[str, str]:
    """Give what must be equal for two spans to be the same thing on both sides."""
    if span.slot is None:
        return ("name", span.text)
    if span.slot.kind == "number" and _UNIT.search(span.text):
        return ("number", "".join(span.text.split()))
    digits = re.sub(r"\D", "", write(span.slot, source="", to="ko" if span.slot.kind == "date" else "en"))
    return (span.slot.kind, digits.removesuffix("00") if span.slot.kind == "time" else digits)


def _replace(text: str, found: Sequence[_Found]) -> Protected:
    marked = _put(text, [(start, end) for start, end, _ in found], PLACES)
    return Protected(marked, tuple(span for _, _, span in found))


def _put(text: str, ranges: Sequence[tuple[int, int]], places: Sequence[str]) -> str:
    pieces: list[str] = []
    last = 0
    for (start, end), place in zip(ranges, places, strict=False):
        pieces += (text[last:start], place)
        last = end
    return "".join((*pieces, text[last:]))


def _begins_sentence(before: str) -> bool:
    """Say whether what comes after this text begins a sentence."""
    return bool(_BEGINNING.search(before))


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Say whether a range begins or ends inside a Latin word or a run of Hangul at its beginning."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return _joins(before, text[start]) or (text[end - 1].isascii() and _joins(text[end - 1], after))


def _joins(left: str, right: str) -> bool:
    scripts = count_scripts(left + right)
    return bool(left and right) and (scripts["Latin"] == 2 or scripts["Hangul"] == 2)
