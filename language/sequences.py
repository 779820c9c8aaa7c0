"""Texts that say several things: "出口 Exit", "Toilets / 화장실", "入口 → 出口", two lines of one sign.

Comes in: a text, and a way to look one part up. Goes out: the parts' translations joined as they stood, or None
where one part is not known. A sign that says one thing twice, in two languages, says it once.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from language.capitals import continued
from language.codes import LANGUAGES
from language.identify import count_scripts
from language.normalise import normalise
from language.slots import MARKS, find_slots, keeps_digits


@dataclass(frozen=True, slots=True)
class Answer:
    """What one part means."""

    text: str
    concepts: frozenset[str]
    """Every concept it may be; the first choice among them made `text`."""
    confidence: float
    code: str
    """Language of the part."""
    is_same: bool = False
    """It needs no translation."""
    is_slots: bool = False
    """It is nothing but numbers, prices, times and dates."""
    numbers: str = ""
    """What of the part has numbers that the text must show; those that belong to a phrase ("7j/7") are said by it."""


class Lookup(Protocol):
    """Looks one part up."""

    def __call__(self, text: str, *, near: bool) -> Answer | None:
        """Give what the part means; `near` allows what is only nearly known."""
        ...


_MOST_TOKENS = 12


def in_sequence(text: str, lookup: Lookup, to: str, common: frozenset[str] = frozenset()) -> Answer | None:
    """Look a text up as a whole, else as parts that stand apart; None where any part stays unknown.

    `common` are words of the language `to` that lose their capital where a part goes on from another.
    """
    before, body, after = _bare(text)
    whole = lookup(body, near=True)
    if whole is None:
        whole = _separated(body, lookup, to, common)
    if whole is None or whole.is_same or not (before or after):
        return whole
    return replace(whole, text=f"{before}{whole.text}{after}")


def _separated(text: str, lookup: Lookup, to: str, common: frozenset[str]) -> Answer | None:
    pieces = _SEPARATOR.split(text)
    if len(pieces) == 1:
        return _tokens_joined(text, lookup, to, common)
    parts: list[tuple[str, Answer]] = []
    for place in range(0, len(pieces), 2):
        part = pieces[place]
        joint = pieces[place - 1] if place else ""
        if not part.strip():
            continue
        answer = lookup(part, near=True) or _tokens_joined(part, lookup, to, common)
        if answer is None:
            return None
        parts.append((joint, answer))
    return _join(parts, to) if parts else None


def _tokens_joined(text: str, lookup: Lookup, to: str, common: frozenset[str]) -> Answer | None:
    tokens = _tokens(text)
    if not 2 <= len(tokens) <= _MOST_TOKENS:
        return None
    # best[i]: the fewest known parts that make up the tokens from i on.
    best: list[list[tuple[str, Answer]] | None] = [None] * len(tokens) + [[]]
    for start in range(len(tokens) - 1, -1, -1):
        for end in range(len(tokens), start, -1):
            rest = best[end]
            current = best[start]
            if rest is None or (current is not None and len(rest) + 1 >= len(current)):
                continue
            if end - start == len(tokens):
                continue
            part = "".join(joint + token for joint, token in tokens[start:end]).strip()
            answer = lookup(part, near=False)
            if answer is not None:
                pause = part[-1] if part[-1] in _PAUSES and rest else ""
                answer = replace(answer, text=answer.text.removesuffix(pause))
                best[start] = [(tokens[start][0], answer), *_after(pause, rest, to)]
    parts = best[0]
    if parts is None or all(answer.is_slots for _, answer in parts):
        return None
    joined = _join(_continued(parts, to, common), to)
    if joined.is_same:
        return joined
    if any(_foreign_words(left, right) for (_, left), (_, right) in itertools.pairwise(parts)):
        return None
    if any(_phrase(left, right) for (_, left), (_, right) in itertools.pairwise(parts)):
        return replace(joined, confidence=min(joined.confidence, 0.6))
    return joined


def _after(pause: str, parts: list[tuple[str, Answer]], to: str) -> list[tuple[str, Answer]]:
    """Put a pause of the source before the parts that come after it: "Allergens: milk, eggs"."""
    if not pause or not parts or parts[0][0].strip():
        return parts
    joint = _PAUSES[pause] if to in _UNSPACED else {"、": ", "}.get(pause, pause + " ")
    return [(joint, parts[0][1]), *parts[1:]]


def _continued(parts: Sequence[tuple[str, Answer]], to: str, common: frozenset[str]) -> list[tuple[str, Answer]]:
    """Take the capital from parts that go on from words before them; after a number something new begins."""
    result = list(parts[:1])
    for (_, left), (joint, answer) in itertools.pairwise(parts):
        goes_on = not (left.is_slots or left.numbers or answer.is_slots or answer.is_same)
        result.append((joint, replace(answer, text=continued(answer.text, to, common)) if goes_on else answer))
    return result


def _phrase(left: Answer, right: Answer) -> bool:
    """Say whether two neighbours may mean more than each alone: words of one language, or a number and what it counts.

    A number that comes last ("Opening hours 10:00") is what the words announce.
    """
    return not right.is_slots and (left.is_slots or left.code == right.code)


def _foreign_words(left: Answer, right: Answer) -> bool:
    """Say whether Latin words side by side were taken for two languages without saying the same thing twice.

    "rice or fries" is not rice, gold (French) and fries.
    """
    if left.is_slots or right.is_slots or left.code == right.code or _one_thing(left, right):
        return False
    return all("Latin" in LANGUAGES[answer.code].scripts for answer in (left, right) if answer.code in LANGUAGES)


def _join(parts: Sequence[tuple[str, Answer]], to: str) -> Answer:
    kept: list[tuple[str, Answer]] = []
    for joint, answer in parts:
        twin = next((place for place, (_, old) in enumerate(kept) if _one_thing(old, answer)), None)
        if twin is None:
            kept.append((joint, answer))
        else:
            kept[twin] = (kept[twin][0], _agreed(kept[twin][1], answer, to))
    text = ""
    for joint, answer in kept:
        text += ((joint or " ") if text else "") + answer.text
    confidence = min(answer.confidence for _, answer in kept)
    code = next((answer.code for _, answer in parts if answer.concepts and answer.code != to), parts[0][1].code)
    concepts = kept[0][1].concepts if len(kept) == 1 else frozenset[str]()
    numbers = " ".join(answer.numbers for _, answer in kept)
    return Answer(text, concepts, confidence, code, is_same=all(answer.is_same for _, answer in parts), numbers=numbers)


def _one_thing(left: Answer, right: Answer) -> bool:
    """Say whether two parts are one statement, in one language or two; "Gate 3 / Gate 4" is two statements."""
    if (
        left.is_slots
        or right.is_slots
        or not (keeps_digits(left.text, right.text) and keeps_digits(right.text, left.text))
    ):
        return False
    return bool(left.concepts & right.concepts) or left.text.casefold() == right.text.casefold()


def _agreed(left: Answer, right: Answer, to: str) -> Answer:
    """Choose between two parts that say the same: the wanted language, else the surer one."""
    best = max(left, right, key=lambda answer: (answer.code == to, answer.confidence))
    # What was doubtful alone is not doubtful any more: only one of its meanings is also the other's.
    return replace(best, confidence=max(left.confidence, right.confidence), is_same=left.is_same and right.is_same)


def _bare(text: str) -> tuple[str, str, str]:
    """Split arrows and bullets off both ends: they stay, whatever the text means."""
    match = _ENDS.fullmatch(text.strip())
    return (match[1], match[2], match[3]) if match and match[2] else ("", text.strip(), "")


def _tokens(text: str) -> list[tuple[str, str]]:
    """Cut at spaces, at slots and where the script changes; each token with the space before it."""
    tokens: list[tuple[str, str]] = []
    for word in text.split():
        joint = " " if tokens else ""
        pattern = find_slots(normalise(word))
        slots = iter(pattern.slots)
        for run in _RUN.findall(pattern.text):
            token = next(slots).text if run in _MARKS else run
            # Punctuation belongs to what it follows.
            if tokens and not joint and not any(letter.isalnum() for letter in token):
                tokens[-1] = (tokens[-1][0], tokens[-1][1] + token)
                continue
            if tokens and not joint and run not in _MARKS and _stays(tokens[-1][1], token):
                tokens[-1] = (tokens[-1][0], tokens[-1][1] + token)
                continue
            tokens.append((joint, token))
            joint = ""
    return tokens


def _stays(left: str, right: str) -> bool:
    """Keep a letter or two with what they stand at: Tシャツ, 5F, A3."""
    if left[-1:].isdigit() or right[:1].isdigit():
        return True
    scripts = (count_scripts(left), count_scripts(right))
    return any(script["Latin"] == script.total() and script.total() < 3 for script in scripts)


_PAUSES = {",": "、", "、": "、", ":": ":", ";": "、"}
_UNSPACED = frozenset({"ja", "zh-Hans", "zh-Hant"})
_ARROWS = "→←↑↓⇒⇐⇑⇓➡⬅⬆⬇▶◀►◄▲▼↗↖↘↙"
_ENDS = re.compile(rf"([{_ARROWS}●■◆★☆※•\s]*)(.*?)([{_ARROWS}●■◆★☆※•\s]*)", re.DOTALL)
_SEPARATOR = re.compile(rf"(\s*(?:[\n/／|｜・·•‧{_ARROWS}]|\s[-–—]\s)[\s{_ARROWS}]*)")
_MARKS = frozenset(MARKS.values())
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_RUN = re.compile(rf"[{''.join(MARKS.values())}]|[{_LATIN}][{_LATIN}\d'&.+-]*|[^{_LATIN}{''.join(MARKS.values())}]+")
