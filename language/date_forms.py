"""How each language writes a date, and how dates are found in texts of all of them.

Comes in: the pieces of a date that `language.slots` found. Goes out: the same date in the form of the target language,
where that form is certain, else as it stands. Never computes: no calendar, no day of the week from a date.
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

_DAY_NAMES = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lun mar mié jue vie sáb dom",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lun mar mer jeu ven sam dim",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "mo di mi do fr sa so",
)
LATIN_DAYS: Mapping[str, int] = {name: number for names in _DAY_NAMES for number, name in enumerate(names.split())} | {
    "sonnabend": 5
}
"""Monday is 0, by the casefolded name of the day; what stands before or behind a date and nowhere else."""
_DAY_SIGNS = ("月火水木金土日", "월화수목금토일", "一二三四五六日")
DAY_SIGNS: Mapping[str, int] = {sign: number for signs in _DAY_SIGNS for number, sign in enumerate(signs)} | {"天": 6}
"""Monday is 0, by the one character that stands for the day."""

_SHORT_DAY_NAMES = {
    "en": "Mon Tue Wed Thu Fri Sat Sun",
    "ko": "월 화 수 목 금 토 일",
    "ja": "月 火 水 木 金 土 日",
    "zh-Hans": "周一 周二 周三 周四 周五 周六 周日",
    "zh-Hant": "週一 週二 週三 週四 週五 週六 週日",
    "es": "lun. mar. mié. jue. vie. sáb. dom.",
    "fr": "lun. mar. mer. jeu. ven. sam. dim.",
    "de": "Mo Di Mi Do Fr Sa So",
}
_SHORT_DAYS = {code: names.split() for code, names in _SHORT_DAY_NAMES.items()}
_DATES: Mapping[str, str] = {"en": "{1} {0}", "es": "{0} de {1}", "fr": "{0} {1}", "de": "{0}. {1}"}
_YEARS: Mapping[str, str] = {"en": ", {}", "es": " de {}", "fr": " {}", "de": " {}"}
_MONTHS_OF_YEARS: Mapping[str, str] = {"es": "{} de {}"}


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


def write_date(text: str, parts: tuple[str, str, str, str], *, to: str) -> str:
    """Write a date from its year, month, day and day of the week as they stood; what is not there is empty.

    The month is digits or a name, the day of the week a name or a sign. Year or month must be there.
    """
    year, month, day, weekday = parts
    number = month if month.isdigit() else str(_MONTH_NUMBERS.get(month.casefold(), ""))
    if month and (not number or not 1 <= int(number) <= 12):
        return text
    date = _eastern(year, number, day, to) if to in _EAST else _western(year, number, day, to)
    if not date:
        return text
    if not weekday:
        return date
    which = DAY_SIGNS.get(weekday, LATIN_DAYS.get(weekday.casefold(), -1))
    return f"{date}{'' if to in _EAST else ' '}({_SHORT_DAYS[to][which]})" if which >= 0 else text


def _eastern(year: str, month: str, day: str, to: str) -> str:
    signs, gap = _EAST[to], " " if to == "ko" else ""
    pieces = [f"{piece}{sign}" for piece, sign in zip((year, month, day), signs, strict=True) if piece]
    return gap.join(pieces)


def _western(year: str, month: str, day: str, to: str) -> str:
    if to not in MONTHS:
        return ""
    if not month:
        return year
    name = MONTHS[to][int(month) - 1]
    if not day:
        return _MONTHS_OF_YEARS.get(to, "{} {}").format(name, year)
    if year and len(year) != 4:
        return f"{year}-{month}-{day}"  # of an emperor or a republic: beside a month's name nobody would see that
    # In digits alone nobody knows which is the month; its name is certain.
    date = _DATES[to].format(day, name)
    return date + _YEARS[to].format(year) if year else date


_MONTH_NUMBERS = month_numbers()
_EAST: Mapping[str, str] = {"ja": "年月日", "zh-Hans": "年月日", "zh-Hant": "年月日", "ko": "년월일"}
