"""What can be wrong with a network's translation, told without understanding it.

Comes in: a source and what a network made of it. Goes out: the flaws; a target that shows the numbers it lost. Knows
nothing of networks.
"""

import re
from collections import Counter
from collections.abc import Sequence

from language.codes import LANGUAGES
from language.date_forms import MONTHS
from language.identify import count_scripts
from language.keys import key_of
from language.protect import PLACES, Protected
from language.slots import Slot

EMPTY = "empty"
ENDLESS = "endless"
REPEATED = "repeated"
COPY = "copy"
SCRIPT = "script"
SPAN = "span"
NUMBER = "number"

USELESS = frozenset({EMPTY, ENDLESS, REPEATED, COPY, SCRIPT})
"""Flaws that leave nothing worth showing."""


def flaws(source: str, target: str, to: str) -> set[str]:
    """Name what is wrong with a target, placeholders still in it, apart from numbers and spans."""
    bare = _PLACE.sub("", target).strip()
    if not any(letter.isalnum() for letter in bare):
        # "X" may well be all that a text of one name says, but not of one that has words.
        return {EMPTY}
    found = set()
    if is_copy(source, target):
        found.add(COPY)
    if not fits_script(bare, to):
        found.add(SCRIPT)
    return found


def without_places(text: str) -> str:
    """Drop placeholders."""
    return " ".join(_PLACE.sub(" ", text).split())


def is_copy(source: str, target: str) -> bool:
    """Say whether a target is its source again, apart from case, spaces and punctuation."""
    return key_of(source) == key_of(target)


def fits_script(target: str, to: str) -> bool:
    """Say whether a target is written as its language is: all letters of scripts it uses, and some of its own.

    Latin letters may stand in any language: names and units do.
    """
    scripts = count_scripts(target)
    own = LANGUAGES[to].scripts
    if any(script not in own and script != "Latin" for script in scripts):
        return False
    letters = scripts.total()
    if to == "ja" and scripts["Han"]:
        return True
    return letters == 0 or scripts[own[0]] * 5 >= letters


def repeated_share(pieces: Sequence[str]) -> float:
    """Give the share of a target's pieces that say again what was just said, in [0, 1]."""
    if len(pieces) < 2:
        return 0.0
    again = 0
    for size in (1, 2, 3, 4):
        # A run of equal n-grams, one directly after the other: "on the on the on the".
        count = sum(
            pieces[place : place + size] == pieces[place + size : place + 2 * size]
            for place in range(len(pieces) - 2 * size + 1)
        )
        again = max(again, count)
    return again / len(pieces)


def is_repeated(pieces: Sequence[str]) -> bool:
    """Say whether a target stammers: a third of it again, or one trigram three times."""
    if len(pieces) < 6:
        return len(pieces) >= 3 and len(set(pieces)) == 1
    trigrams = Counter(tuple(pieces[place : place + 3]) for place in range(len(pieces) - 2))
    return repeated_share(pieces) >= 1 / 3 or max(trigrams.values()) >= 3


def lost_numbers(protected: Protected, target: str, *, source: str, to: str) -> list[str]:
    """Give the source's numbers, names and addresses that a restored target does not show, in order.

    An expression counts as shown, and is given, in the target language's form ("5월 3일" as "May 3").
    """
    have = _digits(target)
    lost = []
    for span in protected.spans:
        if span.slot is None:
            # A name or an address shows as a whole; a term that is lost was translated by the network instead.
            if not span.fixed and span.text not in target:
                lost.append(span.text)
            have -= _digits(span.text)
            continue
        form = span.written(source=source, to=to)
        forms = (_digits(form), _digits(span.text), *_named_month(span.slot, target, to))
        shown = next((digits for digits in forms if digits <= have), None)
        if shown is None:
            lost.append(form)
        else:
            have -= shown
    rest = _PLACE.sub(" ", protected.text)
    for match in _DIGITS.finditer(rest):
        is_month = rest[match.end() : match.end() + 1] in _MONTH_SIGNS
        if have[match[0]]:
            have[match[0]] -= 1
        elif not (is_month and _names_month(match[0], target, to)):
            lost.append(match[0])
    return lost


def has_invented_numbers(source: str, target: str) -> bool:
    """Say whether a target shows numbers that its source does not; a lone digit may stand for a word ("two")."""
    new = _digits(target) - _digits(source)
    return any(len(number) > 1 for number in new) or (bool(new) and bool(_DIGITS.search(source)))


def without_growth(source: str, target: str) -> str:
    """Take thousands off a number that its source has without them; placeholders still in both.

    "2、3分" has been answered "2,000": a network that counts has seen more prices than minutes.
    """
    have = _digits(source)

    def shrunk(match: re.Match[str]) -> str:
        first, *groups = match[0].split(",")
        grown = have[first] and not any(have[group] for group in groups) and not have["".join([first, *groups])]
        return first if grown else match[0]

    return _GROUPED.sub(shrunk, target)


def with_numbers(target: str, lost: Sequence[str]) -> str:
    """Show the numbers that a target lost, in parentheses behind it."""
    return f"{target} ({', '.join(lost)})" if lost else target


def _digits(text: str) -> Counter[str]:
    return Counter(_DIGITS.findall(text))


def _named_month(slot: Slot, target: str, to: str) -> list[Counter[str]]:
    """Give the digits that are left of a date whose month a target names."""
    if slot.kind != "date" or not slot.parts or not _names_month(slot.parts[1], target, to):
        return []
    return [_digits(f"{slot.parts[0]} {slot.parts[2]}")]


def _names_month(number: str, target: str, to: str) -> bool:
    names = MONTHS.get(to, ())
    return number.isdigit() and 1 <= int(number) <= len(names) and names[int(number) - 1] in target


_PLACE = re.compile(f"[{PLACES[0]}-{PLACES[-1]}]")
_DIGITS = re.compile(r"\d+")
_GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_MONTH_SIGNS = frozenset("월月")
