"""Numbers, prices, times and dates inside a text: taken out, carried over, put back with every digit as it was.

Comes in: a normalised text. Goes out: the text with one mark for each such expression, and the expressions in
order; and, the other way, a target text in which every digit of the source stands again.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from language.slot_forms import CURRENCY_WORDS, month_numbers, write_date, write_price, write_time

MARKS: Mapping[str, str] = {"number": "\ue000", "price": "\ue001", "time": "\ue002", "date": "\ue003"}
"""One private character for each kind of slot; it stands for the expression in a pattern."""

PLACEHOLDER = re.compile(r"\{((number|price|time|date)2?)\}")
"""How the phrase book writes a slot; group 1 is its name, group 2 its kind."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One expression as it stood in the text."""

    kind: str
    """number, price, time or date."""
    text: str
    parts: tuple[str, ...] = ()
    """Its pieces as written: (amount, currency word), (am/pm/empty, hour, minute) or (year, month, day).

    Empty where the expression is carried as it stands.
    """


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text whose expressions are replaced by marks, and the expressions in the order of the marks."""

    text: str
    slots: tuple[Slot, ...]


def find_slots(text: str, kinds: Sequence[str] = ("date", "time", "price", "number")) -> Pattern:
    """Replace each expression of the given kinds by its mark; the earlier kind wins where two could begin.

    Two more kinds see less in a text: "digits" (no ranges, no fractions) and "code" (with a letter, as in "A12").
    """
    slots: list[Slot] = []
    pieces: list[str] = []
    last = 0
    for match in _finder(tuple(kinds)).finditer(text):
        slot = _read(match)
        pieces += (text[last : match.start()], MARKS[slot.kind])
        slots.append(slot)
        last = match.end()
    return Pattern("".join((*pieces, text[last:])), tuple(slots))


def patterns(text: str) -> list[Pattern]:
    """Give the ways to see a text, the most telling first: as it is, with all slots, and with plainer ones.

    A phrase book may hold "24 hours" as words or as "{number} hours", a price as "{price}" or as "{number}円".
    """
    ways = [Pattern(text, ())]
    if any(character.isdigit() for character in text):
        for kinds in _WAYS:
            way = find_slots(text, kinds)
            if way.slots and way not in ways:
                ways.append(way)
    return ways


def write(slot: Slot, *, source: str, to: str) -> str:
    """Write one expression in the form of the language `to`, or as it stands where that form is not certain."""
    match slot.kind, slot.parts:
        case "price", (amount, unit):
            return write_price(slot.text, amount, unit, source=source, to=to)
        case "time", (half, hour, minute):
            return write_time(slot.text, half, hour, minute, to=to)
        case "date", (year, month, day):
            return write_date(slot.text, year, month, day, to=to)
    return slot.text


def fill(cell: str, values: Mapping[str, Slot], *, source: str, to: str) -> str:
    """Put the expressions in the place of a cell's placeholders; `values` is by placeholder name.

    Raises KeyError for a placeholder without a value.
    """
    return PLACEHOLDER.sub(lambda match: write(values[match[1]], source=source, to=to), cell)


def restore(pattern: Pattern, *, source: str = "", to: str = "") -> str:
    """Put the expressions back where they were, in the form of the language `to`; as they were without it."""
    pieces = _MARK.split(pattern.text)
    values = [write(slot, source=source, to=to) if to else slot.text for slot in pattern.slots]
    text = pieces[0]
    for value, piece in zip(values, pieces[1:], strict=True):
        for part in (value, piece):
            # A form that changed must not run into its neighbour's digits.
            touching = to and text[-1:].isdigit() and part[:1].isdigit()
            text += f" {part}" if touching else part
    return text


def without_marks(text: str) -> str:
    """Drop the private characters that serve as marks; no writing uses them."""
    return _MARK.sub("", text)


def keeps_digits(source: str, target: str) -> bool:
    """Say whether every run of digits of the source stands in the target, as often as it did."""
    return not Counter(_DIGITS.findall(source)) - Counter(_DIGITS.findall(target))


@cache
def _finder(kinds: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_EXPRESSIONS[kind] for kind in kinds), re.IGNORECASE)


def _read(match: re.Match[str]) -> Slot:
    kind = (match.lastgroup or "number").split("_")[0]
    found = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value is not None}
    parts: tuple[str, ...] = ()
    if kind == "price":
        parts = (found["amount"], found["unit"])
    elif kind == "time" and "hour" in found:
        parts = (_half(found.get("half", "")), found["hour"], found.get("minute", ""))
    elif kind == "date" and "month" in found:
        parts = (found.get("year", ""), found["month"].rstrip("."), found["day"])
    return Slot(kind if kind in MARKS else "number", match[0], parts)


def _half(word: str) -> str:
    if not word:
        return ""
    return "am" if word in ("午前", "오전", "上午") or word[0] in "aA" else "pm"


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_MARK = re.compile(f"[{''.join(MARKS.values())}]")
_DIGITS = re.compile(r"\d+")
_WAYS = (
    ("date", "time", "price", "number"),
    ("number",),
    ("date", "time", "price", "digits"),
    ("digits",),
    ("code",),
)

_AMOUNT = r"(?:\d{1,3}(?:[,. ']\d{3})+|\d+)(?:[.,]\d{1,2}(?!\d))?"
_SIGNS = r"(?:NT|US|HK|JP)?[$¥]|[€£₩]"
_WORDS_AFTER = _any_of([word for word in CURRENCY_WORDS if not re.fullmatch(rf"{_SIGNS}|[a-z]+", word)])
_HALF = r"午前|午後|오전|오후|上午|下午"
_LATIN_HALF = r"[ap]\.?\s?m\b\.?"
_HOUR = r"(?:[01]?\d|2[0-4])(?!\d)"
_MINUTE = r"[0-5]\d(?!\d)"
_MONTH = _any_of(list(month_numbers()))

_EXPRESSIONS = {
    "date": (
        r"(?<!\d)(?:"
        r"(?P<date_cjk>(?:(?P<year1>\d{2,4})\s?[年년]\s?)?(?P<month1>1?\d)\s?[月월]\s?(?P<day1>[0-3]?\d)\s?[日일])"
        rf"|(?P<date_named>(?P<day2>[0-3]?\d)(?:st|nd|rd|th|er|º|\.)?\s(?:de\s)?(?P<month2>(?:{_MONTH})\b\.?)"
        r"(?:,?\s(?:del?\s)?(?P<year2>\d{4}))?(?!\d))"
        rf"|(?P<date_month>\b(?P<month3>(?:{_MONTH})\b\.?)\s(?P<day3>[0-3]?\d)(?:st|nd|rd|th)?(?:,?\s(?P<year3>\d{{4}}))?(?![\d:]))"
        r"|(?P<date_digits>\d{4}\s?[-/.]\s?1?\d\s?[-/.]\s?[0-3]?\d(?!\d)|[0-3]?\d[-/.][01]?\d[-/.](?:\d{4}|\d{2})(?!\d))"
        r")"
    ),
    "time": (
        r"(?<![\d.,:/])(?:"
        rf"(?P<time_cjk>(?:(?P<half1>{_HALF})\s?)?(?P<hour1>{_HOUR})\s?[時时시点點](?![間间간心])(?!\s?[半반])"
        rf"(?:\s?(?P<minute1>[0-5]?\d)\s?[分분])?)"
        rf"|(?P<time_half>(?P<half2>{_HALF})\s?(?P<hour2>{_HOUR}):(?P<minute2>{_MINUTE})(?!:\d))"
        rf"|(?P<time_latin>(?P<hour3>{_HOUR})(?:[:.](?P<minute3>{_MINUTE}))?\s?(?P<half3>{_LATIN_HALF}))"
        rf"|(?P<time_uhr>(?P<hour4>{_HOUR})(?:[:.](?P<minute4>{_MINUTE}))?\s?Uhr\b)"
        rf"|(?P<time_h>(?P<hour5>{_HOUR})\s?[:h]\s?(?P<minute5>{_MINUTE})(?:\s?h\b)?(?![:\d]))"
        # A bare "2 h" may be a duration: carried as it stands.
        rf"|(?P<time_bare>{_HOUR}\s?h\b)"
        r")"
    ),
    "price": (
        rf"(?P<price_before>(?P<unit1>{_SIGNS})\s?(?P<amount1>{_AMOUNT}))"
        rf"|(?<![\d.,])(?P<price_after>(?P<amount2>{_AMOUNT})\s?(?P<unit2>{_WORDS_AFTER}|{_SIGNS}|euros?\b|yen\b|won\b))"
    ),
    "number": r"(?P<number>\d+(?:\s?[-–~〜]\s?\d+|[.,:/⁄×x]\d+)*)",
    "digits": r"(?P<digits>\d+(?:[.,]\d+)*)",
    "code": r"(?P<code>(?<![^\W_])[A-Z]{0,2}-?\d+(?:-\d+)*[A-Z]?(?![^\W_])|\d+)",
}
