"""How each language writes a price, a time and a date.

Comes in: an expression that `language.slots` found. Goes out: the same digits in the form of the target
language, where that form is certain, else the expression as it stands. Never computes: no 3 p.m. to 15:00, no
currency, no calendar.
"""

from collections.abc import Mapping

_MONTH_NAMES = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
MONTHS: Mapping[str, tuple[str, ...]] = {code: tuple(names.split()) for code, names in _MONTH_NAMES.items()}
"""Names of the months, January first."""

CURRENCY_WORDS: Mapping[str, str] = {
    word: currency
    for currency, known in {
        "yen": "円 ¥ エン 엔 yen 日元 日圓 jp¥",
        "won": "원 ₩ ウォン won 韩元 韓元 韓圜",
        "euro": "€ euro euros 유로 ユーロ 欧元 歐元",
        "yuan": "元 块 塊 위안",
        "taiwan": "nt$ nt",
        "dollar": "$",
        "us": "us$ usd",
        "hk": "hk$",
        "pound": "£",
    }.items()
    for word in known.split()
}
"""Currency by the word or sign that stands at the amount, casefolded."""


def month_numbers() -> dict[str, int]:
    """Give the number of a month by its casefolded name or usual abbreviation."""
    numbers = {"sept": 9}
    for names in MONTHS.values():
        for number, name in enumerate(names, start=1):
            for form in (name, name[:3], name[:4] if len(name) > 5 else name):
                numbers.setdefault(form.casefold(), number)
    # These three letters begin months of different numbers, or are words of their own.
    for unclear in ("jui", "mar", "mai"):
        numbers.pop(unclear, None)
    return numbers | {"mar": 3, "mai": 5}


def write_price(text: str, amount: str, unit: str, *, source: str, to: str) -> str:
    """Write a price; `unit` is the currency's word as it stood."""
    currency = CURRENCY_WORDS.get(unit.casefold(), "")
    if currency == "yuan" and source != "zh-Hans":
        # Dollars in Taiwan and Hong Kong: only the place would tell.
        return text
    # A bare ¥ in China is yuan; the sign is right for both.
    if unit == "¥":
        return text
    forms = _PRICES.get(currency)
    return forms.get(to, forms[""]).format(amount) if forms else text


def write_time(text: str, half: str, hour: str, minute: str, *, to: str) -> str:
    """Write a time of day; `half` is "am", "pm" or empty, `minute` may be empty."""
    if minute and len(minute) != 2:
        return text
    clock = f"{hour}:{minute}" if minute else hour
    if half:
        clock = clock if minute else _HOUR_AFTER_HALF.get(to, "{}").format(hour)
        return _HALVES.get(to, _HALVES["en"])[half].format(clock)
    return clock if minute else _HOURS.get(to, "{}:00").format(hour)


def write_date(text: str, year: str, month: str, day: str, *, to: str) -> str:
    """Write a date; `month` is digits or a name, `year` may be empty."""
    named = not month.isdigit()
    number = str(_MONTH_NUMBERS.get(month.casefold(), "")) if named else month
    if not number or not 1 <= int(number) <= 12:
        return text
    if to in ("ja", "zh-Hans", "zh-Hant"):
        return (f"{year}年" if year else "") + f"{number}月{day}日"
    if to == "ko":
        return (f"{year}년 " if year else "") + f"{number}월 {day}일"
    if named and to in MONTHS:
        date = _NAMED_DATES[to].format(day, MONTHS[to][int(number) - 1])
        return f"{date}{' de' if to == 'es' else ''} {year}" if year else date
    if named:
        return text
    if year:
        return f"{year}-{month}-{day}"
    # Where both numbers could be the month, no order is safe.
    return _SHORT_DATES[to].format(day, month) if int(day) > 12 and to in _SHORT_DATES else text


_MONTH_NUMBERS = month_numbers()
_PRICES: Mapping[str, Mapping[str, str]] = {
    "yen": {"": "¥{}", "ja": "{}円", "ko": "{}엔", "zh-Hans": "{}日元", "zh-Hant": "{}日圓"},
    "won": {"": "₩{}", "ko": "{}원", "ja": "{}ウォン", "zh-Hans": "{}韩元", "zh-Hant": "{}韓元"},
    "euro": {"": "€{}", "ko": "{}유로", "es": "{} €", "fr": "{} €", "de": "{} €"},
    "yuan": {"": "{} yuan", "ko": "{}위안", "ja": "{}元", "zh-Hans": "{}元", "zh-Hant": "{}元"},
}
_HALVES: Mapping[str, Mapping[str, str]] = {
    "en": {"am": "{} a.m.", "pm": "{} p.m."},
    "ko": {"am": "오전 {}", "pm": "오후 {}"},
    "ja": {"am": "午前{}", "pm": "午後{}"},
    "zh-Hans": {"am": "上午{}", "pm": "下午{}"},
    "zh-Hant": {"am": "上午{}", "pm": "下午{}"},
}
_HOURS: Mapping[str, str] = {
    "ko": "{}시",
    "ja": "{}時",
    "zh-Hans": "{}点",
    "zh-Hant": "{}點",
    "es": "{} h",
    "fr": "{} h",
    "de": "{} Uhr",
}
_HOUR_AFTER_HALF: Mapping[str, str] = {code: _HOURS[code] for code in ("ko", "ja", "zh-Hans", "zh-Hant")}
_NAMED_DATES: Mapping[str, str] = {"en": "{} {}", "es": "{} de {}", "fr": "{} {}", "de": "{}. {}"}
_SHORT_DATES: Mapping[str, str] = {"en": "{1}/{0}", "es": "{0}/{1}", "fr": "{0}/{1}", "de": "{0}.{1}."}
