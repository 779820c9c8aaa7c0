"""Numbers, prices, times, dates, telephone numbers as signs show them, drawn at random for two languages at once.

Comes in: the name of a slot, a source and a target language. Goes out: what stands in the source and what in the
target, with the same digits: the translator carries such spans over, it never computes. Knows no templates.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from language.date_forms import MONTHS
from language.slot_forms import write_price, write_time

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Amount:
    """One expression in the writing of both languages."""

    source: str
    target: str
    kind: str = "number"
    """number, price, time, date or code."""
    order: float = 0.0
    """Larger for what is later or more."""


def draw(name: str, rng: random.Random, source: str, target: str) -> Amount:
    """Draw an expression for the slot `name`; raises KeyError for a name that is not in `NAMES`."""
    if name in _NUMBERS:
        number = str(rng.choice(_NUMBERS[name]))
        return Amount(number, number, order=int(number))
    return _SPECIAL[name](rng, source, target)


def _price(rng: random.Random, source: str, to: str) -> Amount:
    currency = rng.choice(_CURRENCIES[source])
    amount, forms = _amount_of(currency, rng, source), _PRICE_FORMS[currency]
    text, unit = _pick(rng, forms.get(source, forms[""]))
    written = write_price(text.format(amount), amount, unit, source=source, to=to)
    digits = re.sub(r"[,.](?=\d{3})", "", amount).replace(",", ".")
    return Amount(text.format(amount), written, "price", float(digits))


def _amount_of(currency: str, rng: random.Random, source: str) -> str:
    if currency in ("euro", "dollar", "pound"):
        whole = rng.choice([rng.randrange(1, 20), rng.randrange(2, 60), rng.randrange(20, 400)])
        cents = rng.choice(["", ".50", ".90", ".99", ".95", ".00", ".20"])
        return f"{whole}{cents}" if source not in ("es", "fr", "de") else f"{whole}{cents.replace('.', ',')}"
    low, high, step = _RANGES[currency]
    # Cheap things are on more signs than dear ones.
    top = rng.choice([low + (high - low) // 20, low + (high - low) // 4, high])
    amount = rng.randrange(low, top, step)
    return f"{amount:,}" if rng.random() < 0.85 else str(amount)


def _time(rng: random.Random, source: str, to: str) -> Amount:
    order = hour = rng.randrange(6, 23)
    minute = _pick(rng, [("00", 5), ("30", 4), ("15", 1), ("45", 1)])
    half = ""
    if rng.random() < 0.4 and source in _HALVES:
        half, hour = ("am" if hour < 12 else "pm"), (hour - 1) % 12 + 1
    if minute == "00" and rng.random() < _HOUR_ALONE[source]:
        minute = ""
    if source == "en" and not half:
        minute = minute or "00"
    text = _clock(rng, source, hour, minute)
    if half:
        text = rng.choice(_HALVES[source][half]).format(text)
    return Amount(text, write_time(text, half, str(hour), minute, to=to), "time", order + int(minute or 0) / 60)


def _clock(rng: random.Random, code: str, hour: int, minute: str) -> str:
    forms = _CLOCKS[code]
    if not minute:
        return rng.choice(forms[1]).format(hour)
    # Nobody writes ten o'clock, nought minutes.
    form = forms[0][0][0] if minute == "00" and code in _HALVES else _pick(rng, forms[0])
    return form.format(hour, minute)


def _date(rng: random.Random, source: str, to: str) -> Amount:
    month, day = rng.randrange(1, 13), rng.randrange(1, 29)
    year = str(rng.randrange(2023, 2030)) if rng.random() < 0.25 else ""
    return Amount(
        _date_text(source, rng, year, month, day), _date_text(to, None, year, month, day), "date", month * 31 + day
    )


def _date_text(code: str, rng: random.Random | None, year: str, month: int, day: int) -> str:
    if code in ("ja", "zh-Hans", "zh-Hant"):
        return (f"{year}年" if year else "") + f"{month}月{day}日"
    if code == "ko":
        return (f"{year}년 " if year else "") + f"{month}월 {day}일"
    name = MONTHS[code][month - 1]
    if code == "en":
        if rng and rng.random() < 0.4:
            return f"{day} {name} {year}".strip()
        return f"{name} {day}" + (f", {year}" if year else "")
    form = {"es": "{} de {}", "fr": "{} {}", "de": "{}. {}"}[code].format(
        "1er" if (code, day) == ("fr", 1) else day, name
    )
    return form + (f"{' de' if code == 'es' else ''} {year}" if year else "")


def _phone(rng: random.Random, source: str, to: str) -> Amount:
    form = rng.choice(_PHONES[source])
    text = "".join(str(rng.randrange(10)) if letter == "#" else letter for letter in form)
    return Amount(text, text, "code")


def _code(forms: Sequence[str]) -> Callable[[random.Random, str, str], Amount]:
    def drawn(rng: random.Random, source: str, to: str) -> Amount:
        form = rng.choice(forms)
        text = "".join(
            str(rng.randrange(1, 10)) if letter == "#" else rng.choice("ABCDEFGH") if letter == "@" else letter
            for letter in form
        )
        return Amount(text, text, "code")

    return drawn


def _pick(rng: random.Random, weighted: Sequence[tuple[Choice, int]]) -> Choice:
    return rng.choices([choice for choice, _ in weighted], [weight for _, weight in weighted])[0]


_NUMBERS: Mapping[str, Sequence[int]] = {
    "number": range(2, 100),
    "count": range(2, 10),
    "few": (1, 1, 2, 2, 3, 4, 5),
    "doses": (2, 3, 3, 4),
    "fever": (37, 38, 39, 40),
    "persons": range(2, 7),
    "platform": range(1, 25),
    "floor": (*range(1, 13), *range(1, 6), *range(13, 64)),
    "basement": range(1, 7),
    "exit": range(1, 16),
    "gate": range(1, 80),
    "line": range(1, 13),
    "coach": range(1, 19),
    "terminal": range(1, 5),
    "counter": range(1, 41),
    "ticket": range(1, 400),
    "room": (*range(201, 230), *range(301, 330), *range(501, 520), *range(1101, 1120), *range(1501, 1512)),
    "bus": (*range(1, 60), *range(100, 900, 7), *range(2011, 9500, 311)),
    "minutes": (3, 5, 5, 7, 8, 10, 10, 12, 15, 15, 20, 20, 25, 30, 30, 40, 45, 50, 60, 90),
    "hours": (2, 3, 4, 5, 6, 8, 10, 12, 24, 48, 72),
    "days": (2, 3, 4, 5, 7, 10, 14, 15, 20, 30, 60, 90),
    "nights": (2, 3, 4, 5, 6, 7, 10, 14),
    "months": (2, 3, 6, 9, 12, 18, 24),
    "years": (2, 3, 5, 10),
    "percent": (5, 10, 10, 15, 20, 20, 25, 30, 30, 35, 40, 50, 50, 60, 70, 80),
    "age": (3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 18, 19, 20, 60, 65, 70),
    "metres": (5, 10, 20, 30, 50, 80, 100, 150, 200, 250, 300, 350, 400, 500, 600, 800),
    "km": (2, 3, 4, 5, 8, 10, 12, 15, 18, 20, 25, 30, 42, 50, 75, 100, 120, 150, 230, 300, 420),
    "speed": (15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130),
    "year": range(1895, 2027),
    "grams": (50, 80, 100, 120, 150, 180, 200, 250, 300, 400, 500, 600, 800),
    "millilitres": (50, 100, 150, 200, 250, 300, 330, 350, 355, 500, 750),
    "kilos": (5, 7, 8, 10, 15, 20, 23, 25, 30, 32, 50, 100),
    "degrees": (2, 4, 5, 8, 10, 18, 20, 22, 24, 25, 26, 28, 30, 38, 40, 41, 42, 60),
    "centimetres": (20, 30, 40, 55, 80, 90, 100, 110, 120, 125, 130, 140, 150),
    "tonnes": (2, 3, 5, 8, 10, 12, 20, 40),
    "pieces": (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 50, 100),
    "points": (10, 20, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000),
    "watts": (100, 220, 230, 240, 500, 800, 1000, 1500, 2000),
}
_RANGES = {
    "won": (500, 90_000, 500),
    "yen": (80, 12_000, 10),
    "yuan": (2, 900, 1),
    "taiwan": (10, 3_000, 5),
}
_CURRENCIES: Mapping[str, Sequence[str]] = {
    "ko": ("won", "won", "won", "won", "won", "yen", "euro", "dollar"),
    "ja": ("yen", "yen", "yen", "yen", "yen", "won", "euro", "dollar"),
    "zh-Hans": ("yuan", "yuan", "yuan", "yuan", "yen", "won", "euro"),
    "zh-Hant": ("taiwan", "taiwan", "taiwan", "taiwan", "yen", "won"),
    "en": ("dollar", "dollar", "won", "won", "pound", "euro", "yen"),
    "es": ("euro",),
    "fr": ("euro",),
    "de": ("euro",),
}
_Forms = Mapping[str, Sequence[tuple[tuple[str, str], int]]]
# (form, currency word in it), how often; "" is every other language.
_PRICE_FORMS: Mapping[str, _Forms] = {
    "won": {
        "": [(("₩{}", "₩"), 3), (("{} won", "won"), 1)],
        "ko": [(("{}원", "원"), 5), (("₩{}", "₩"), 1)],
        "ja": [(("{}ウォン", "ウォン"), 3), (("₩{}", "₩"), 1)],
        "zh-Hans": [(("{}韩元", "韩元"), 3), (("₩{}", "₩"), 1)],
        "zh-Hant": [(("{}韓元", "韓元"), 3), (("₩{}", "₩"), 1)],
    },
    "yen": {
        "": [(("¥{}", "¥"), 3), (("{} yen", "yen"), 1)],
        "ko": [(("{}엔", "엔"), 1)],
        "ja": [(("{}円", "円"), 5), (("¥{}", "¥"), 2)],
        "zh-Hans": [(("{}日元", "日元"), 1)],
        "zh-Hant": [(("{}日圓", "日圓"), 1)],
    },
    "yuan": {"": [(("{}元", "元"), 3), (("¥{}", "¥"), 2)]},
    "taiwan": {"": [(("NT${}", "NT$"), 3), (("{}元", "元"), 1)]},
    "dollar": {"": [(("${}", "$"), 1)], "ko": [(("${}", "$"), 1)]},
    "pound": {"": [(("£{}", "£"), 1)]},
    "euro": {
        "": [(("€{}", "€"), 1)],
        "ko": [(("€{}", "€"), 1), (("{}유로", "유로"), 3)],
        "ja": [(("€{}", "€"), 1)],
        "es": [(("{} €", "€"), 5), (("{}€", "€"), 2)],
        "fr": [(("{} €", "€"), 5), (("{}€", "€"), 2)],
        "de": [(("{} €", "€"), 5), (("{} Euro", "euro"), 1), (("{}€", "€"), 1)],
    },
}
_HALVES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {"am": ("{} AM", "{} a.m.", "{}am"), "pm": ("{} PM", "{} p.m.", "{}pm")},
    "ko": {"am": ("오전 {}",), "pm": ("오후 {}",)},
    "ja": {"am": ("午前{}",), "pm": ("午後{}",)},
    "zh-Hans": {"am": ("上午{}",), "pm": ("下午{}",)},
    "zh-Hant": {"am": ("上午{}",), "pm": ("下午{}",)},
}
_HOUR_ALONE = {"en": 0.5, "ko": 0.6, "ja": 0.6, "zh-Hans": 0.4, "zh-Hant": 0.4, "es": 0.15, "fr": 0.6, "de": 0.5}
_Clocks = tuple[Sequence[tuple[str, int]], Sequence[str]]
# With minutes and how often; the full hour.
_CLOCKS: Mapping[str, _Clocks] = {
    "en": ([("{}:{}", 1)], ["{}"]),
    "ko": ([("{}:{}", 3), ("{}시 {}분", 1)], ["{}시"]),
    "ja": ([("{}:{}", 2), ("{}時{}分", 1)], ["{}時"]),
    "zh-Hans": ([("{}:{}", 4), ("{}点{}分", 1)], ["{}点"]),
    "zh-Hant": ([("{}:{}", 4), ("{}點{}分", 1)], ["{}點"]),
    "es": ([("{}:{}", 5), ("{}:{} h", 2), ("{}.{} h", 1)], ["{} h"]),
    "fr": ([("{}h{}", 4), ("{} h {}", 2), ("{}:{}", 1)], ["{}h", "{} h"]),
    "de": ([("{}:{} Uhr", 3), ("{}.{} Uhr", 1)], ["{} Uhr"]),
}
_PHONES: Mapping[str, Sequence[str]] = {
    "ko": ("02-####-####", "02-###-####", "010-####-####", "1588-####", "051-###-####"),
    "ja": ("03-####-####", "0120-###-###", "06-####-####", "075-###-####"),
    "zh-Hans": ("010-########", "021-########", "400-###-####"),
    "zh-Hant": ("02-####-####", "0800-###-###", "(02)####-####"),
    "en": ("1-800-###-####", "020 #### ####", "(212) ###-####", "02-####-####"),
    "es": ("91 ### ## ##", "900 ### ###", "93 ### ## ##"),
    "fr": ("01 ## ## ## ##", "04 ## ## ## ##", "0 800 ### ###"),
    "de": ("030 #######", "089 ######", "0800 #######"),
}
_SPECIAL: Mapping[str, Callable[[random.Random, str, str], Amount]] = {
    "price": _price,
    "time": _time,
    "date": _date,
    "phone": _phone,
    "seat": _code(("#@", "1#@", "2#@", "3#@")),
    "flight": _code(("KE###", "OZ###", "JL###", "NH##", "CA###", "AF###", "LH###", "IB####", "KE #0#", "TW ##1")),
    "train": _code(("###", "1##", "KTX ###", "G##", "G1###", "TGV ####", "ICE ###")),
    "block": _code(("@", "@#", "@-#", "#@", "@##")),
    "wifi": _code(("guest####", "welcome##", "hotel#0#0", "cafe####", "free##", "@@##@@##")),
    "web": _code(("www.seoul##.kr", "www.tabi##.jp", "www.shop##.com", "www.hotel#.com", "www.museum##.org")),
    "model": _code(("@@-##0", "@##0", "@#0", "@@##")),
}
NAMES = frozenset(_NUMBERS) | frozenset(_SPECIAL)
"""Every slot name that is an amount."""
