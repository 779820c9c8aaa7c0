"""How each language writes a price and a time.

Comes in: an expression that `language.slots` found. Goes out: the same digits in the form of the target
language, where that form is certain, else the expression as it stands. Never computes: no 3 p.m. to 15:00, no
currency.
"""

from collections.abc import Mapping

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


DISCOUNTS = ("割引き", "割引", "割オフ", "割OFF", "折")
"""Words for tenths of a price: all but the last for what is taken off, the last for what is left."""


def write_price(text: str, amount: str, unit: str, *, source: str, to: str) -> str:
    """Write a price; `unit` is the currency's word as it stood."""
    if unit in DISCOUNTS:
        return _write_discount(text, amount, pays=unit == "折", to=to)
    currency = CURRENCY_WORDS.get(unit.casefold(), "")
    if currency == "yuan" and source != "zh-Hans":
        # Dollars in Taiwan and Hong Kong: only the place would tell.
        return text
    # A bare ¥ in China is yuan; the sign is right for both.
    if unit == "¥":
        return text
    forms = _PRICES.get(currency)
    return forms.get(to, forms[""]).format(amount) if forms else text


def _write_discount(text: str, tenths: str, *, pays: bool, to: str) -> str:
    """Write what is taken off in tenths (3割引), or what is left to pay (8折, 85折), in per cent."""
    digits = tenths.replace(".", "")
    share = int(digits) * 10 // 10 ** (len(digits) - 1)
    off = 100 - share if pays else share
    if to in _PAYS_IN_TENTHS:
        return text if pays else f"{(100 - off) // 10}折"
    return _OFF[to].format(off) if to in _OFF else text


def write_time(text: str, half: str, hour: str, minute: str, *, to: str) -> str:
    """Write a time of day; `half` is "am", "pm" or empty, `minute` may be empty."""
    if minute and len(minute) != 2:
        return text
    clock = f"{hour}:{minute}" if minute else hour
    if half:
        clock = clock if minute else _HOUR_AFTER_HALF.get(to, "{}").format(hour)
        return _HALVES.get(to, _HALVES["en"])[half].format(clock)
    return clock if minute else _HOURS.get(to, "{}:00").format(hour)


_PRICES: Mapping[str, Mapping[str, str]] = {
    "yen": {"": "¥{}", "ja": "{}円", "ko": "{}엔", "zh-Hans": "{}日元", "zh-Hant": "{}日圓"},
    "won": {"": "₩{}", "ko": "{}원", "ja": "{}ウォン", "zh-Hans": "{}韩元", "zh-Hant": "{}韓元"},
    "euro": {"": "€{}", "ko": "{}유로", "es": "{} €", "fr": "{} €", "de": "{} €"},
    "yuan": {"": "{} yuan", "ko": "{}위안", "ja": "{}元", "zh-Hans": "{}元", "zh-Hant": "{}元"},
}
_PAYS_IN_TENTHS = frozenset({"zh-Hans", "zh-Hant"})
_OFF: Mapping[str, str] = {
    "en": "{}% off",
    "ko": "{}% 할인",
    "ja": "{}%割引",
    "es": "{} % de descuento",
    "fr": "-{} %",
    "de": "{} % Rabatt",
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
