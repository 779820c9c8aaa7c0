"""Numbers, prices, times and dates inside a text: taken out, carried over, put back with every digit as it was.

Comes in: a normalised text. Goes out: the text with one mark for each such expression, and the expressions in
order; and, the other way, a target text in which every digit of the source stands again.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from language.date_forms import DAY_SIGNS, LATIN_DAYS, MONTHS, month_numbers, write_date
from language.slot_forms import CURRENCY_WORDS, write_price, write_time

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
    """Its pieces as written: (amount, currency word), (am/pm/empty, hour, minute) or (year, month, day, day of
    the week).

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
    # Without a digit, only a letter may count: "A出口".
    for kinds in _WAYS if any(character.isdigit() for character in text) else _WAYS[-1:]:
        way = find_slots(text, kinds)
        if way.slots and way not in ways:
            ways.append(way)
    return ways


def only_slots(text: str) -> Pattern | None:
    """See a text that is nothing but expressions and punctuation; None where it has a word."""
    pattern = find_slots(text, ("date", "year", "time", "price", "number"))
    rest = without_marks(pattern.text)
    return pattern if pattern.slots and not any(letter.isalnum() for letter in rest) else None


def reads_the_same(text: str, to: str) -> bool:
    """Say whether a text that is nothing but expressions has the words of the language `to`, or none at all.

    "3,000원" has a word that a reader of English does not know; "4,50 €" is only written another way. The 元 of "80元"
    is not known either, though only the place tells what it is.
    """
    pattern = only_slots(text)
    letters = _letters(text)
    if pattern is None or _letters(restore(pattern, to=to)) != letters:
        return pattern is None
    return not _is_western(to) or max(letters, default="") < _FIRST_EASTERN


def write(slot: Slot, *, source: str, to: str) -> str:
    """Write one expression in the form of the language `to`, or as it stands where that form is not certain."""
    match slot.kind, slot.parts:
        case "price", (amount, unit):
            return write_price(slot.text, amount, unit, source=source, to=to)
        case "time", (half, hour, minute):
            return write_time(slot.text, half, hour, minute, to=to)
        case "date", (year, month, day, weekday):
            return write_date(slot.text, (year, month, day, weekday), to=to)
        case "number", _ if _is_western(to):
            return _WAVE.sub("–", slot.text)
    return slot.text


def fill(cell: str, values: Mapping[str, Slot], *, source: str, to: str) -> str:
    """Put the expressions in the place of a cell's placeholders; `values` is by placeholder name.

    Raises KeyError for a placeholder without a value.
    """

    def value(match: re.Match[str]) -> str:
        slot = values[match[1]]
        hour = _BARE_HOUR.fullmatch(slot.text) if slot.kind == "time" else None
        # Where the phrase wants a time of day, "9h" is no duration.
        return write_time(slot.text, "", hour[1], "", to=to) if hour else write(slot, source=source, to=to)

    return PLACEHOLDER.sub(value, cell)


def restore(pattern: Pattern, *, source: str = "", to: str = "") -> str:
    """Put the expressions back where they were, in the form of the language `to`; as they were without it."""
    pieces = _MARK.split(pattern.text)
    if _is_western(to):
        pieces = [pieces[0], *(_DASH.sub(" – ", piece) for piece in pieces[1:-1]), *pieces[1:][-1:]]
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


def keeps_numbers(source: str, target: str, to: str) -> bool:
    """Say whether a target in the language `to` shows all digits of its source, or what they are in that language.

    "5월 3일" is shown by "May 3", and by nothing that only has the 3; "8折" by "20% off".
    """
    found = find_slots(source, ("date", "price"))
    rest = found.text
    for slot in found.slots:
        form = next((form for form in (write(slot, source="", to=to), slot.text) if form in target), None)
        if form is None:
            rest = f"{rest} {slot.text}"
        else:
            target = target.replace(form, " ", 1)
    return keeps_digits(rest, target)


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
    elif kind == "date" and ("month" in found or "year" in found):
        month, weekday = (found.get(name, "").rstrip(".") for name in ("month", "weekday"))
        parts = (found.get("year", ""), month, found.get("day", ""), weekday)
    return Slot(kind if kind in MARKS else "number", match[0], parts)


def _half(word: str) -> str:
    if not word:
        return ""
    return "am" if word in ("午前", "오전", "上午") or word[0] in "aA" else "pm"


def _is_western(to: str) -> bool:
    return to in MONTHS


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha()).casefold()


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _day_before(number: int) -> str:
    return rf"(?:\b(?P<weekday{number}>{_DAY})\b(?:\.|,|\.,)?\s(?:den\s)?)?"


def _day_behind(number: int) -> str:
    return rf"(?:\s?\((?P<weekday{number}>{_DAY})\.?\))?"


_MARK = re.compile(f"[{''.join(MARKS.values())}]")
_DIGITS = re.compile(r"\d+")
_BARE_HOUR = re.compile(r"(\d{1,2})\s?h", re.IGNORECASE)
_WAVE = re.compile(r"[~〜]")
_DASH = re.compile(r"\s*[~〜]\s*")
_FIRST_EASTERN = "\u2e80"
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
_NO_DAY = r"(?<!(?<![~〜–-])(?<![~〜–-] )24)"
"""In "24시" alone a shop says that it never closes; as the end of a range it is midnight."""
_NO_ITEMS = r"(?<![点點](?=[以限満满数セ\u3040-\u30ff]))"
"""Two 点 are two o'clock in Chinese, and two pieces in Japanese."""
_MINUTE = r"[0-5]\d(?!\d)"
_MONTH = _any_of(list(month_numbers()))
_DAY = _any_of(list(LATIN_DAYS))
_SIGNS_OF_DAYS = "".join(sign for sign in DAY_SIGNS)

_EXPRESSIONS = {
    "date": (
        r"(?<!\d)(?:"
        r"(?P<date_cjk>(?:(?P<year1>\d{2,4})\s?[年년]\s?)?(?P<month1>1?\d)\s?[月월]\s?(?P<day1>[0-3]?\d)\s?[日일]"
        rf"(?:\s?(?:\((?P<weekday1>[{_SIGNS_OF_DAYS}])(?:曜日?|요일)?\)|(?P<weekday2>[{_SIGNS_OF_DAYS}])(?:曜日?|요일)"
        r"|(?P<paren>\()?(?:周|週|星期)(?P<weekday3>[一二三四五六日天])(?(paren)\))))?)"
        rf"|(?P<date_named>{_day_before(4)}(?P<day2>[0-3]?\d)(?:st|nd|rd|th|er|º|\.)?\s(?:(?:de|of)\s)?"
        rf"(?P<month2>(?:{_MONTH})\b\.?)(?:,?\s(?:del?\s)?(?P<year2>\d{{4}}))?(?!\d){_day_behind(5)})"
        rf"|(?P<date_month>{_day_before(6)}\b(?P<month3>(?:{_MONTH})\b\.?)\s(?P<day3>[0-3]?\d)(?:st|nd|rd|th)?"
        rf"(?:,?\s(?P<year3>\d{{4}}))?(?![\d:]){_day_behind(7)})"
        r"|(?P<date_digits>\d{4}\s?[-/.]\s?1?\d\s?[-/.]\s?[0-3]?\d(?!\d)|[0-3]?\d[-/.][01]?\d[-/.](?:\d{4}|\d{2})(?!\d))"
        r")"
    ),
    # A year, or a month of a year. Inside of a sentence these are the sentence's business: "in May 2026".
    "year": (
        r"(?<!\d)(?:"
        r"(?P<date_year>(?P<year4>(?:19|20)\d\d)\s?[年년](?:\s?(?P<month4>1?\d)\s?[月월])?)"
        rf"|(?P<date_of>(?P<month5>(?:{_MONTH})\b\.?)\s(?:del?\s)?(?P<year5>(?:19|20)\d\d)(?!\d))"
        r")"
    ),
    "time": (
        r"(?<![\d.,:/])(?:"
        rf"(?P<time_cjk>(?:(?P<half1>{_HALF})\s?)?(?P<hour1>{_HOUR}{_NO_DAY})\s?[時时시点點](?![間间간心])(?!\s?[半반]){_NO_ITEMS}"
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
        r"|(?<![\d.,])(?P<price_off>(?P<amount3>[1-9](?:\.?[1-9])?)\s?(?P<unit3>折(?![りれるっ叠疊])|割引き?|割オフ|割OFF))"
    ),
    "number": r"(?P<number>\d+(?:\s?[-–~〜]\s?\d+|[.,:/⁄×x]\d+)*)",
    "digits": r"(?P<digits>\d+(?:[.,]\d+)*)",
    "code": (
        r"(?P<code>(?<![^\W_])[A-Z]{0,2}-?\d+(?:-\d+)*[A-Z]?(?![^\W_])|\d+"
        r"|(?<![^\W_])[A-Z](?=\s?(?:出口|入口|口|番|号|號|번|구|동|館|馆|棟|栋|區|区)))"
    ),
}
