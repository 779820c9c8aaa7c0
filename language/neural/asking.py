"""The ways in which a network can be asked for one text, the best one first.

Comes in: a protected text. Goes out: what the network is to see, and what stands around its answer. Knows nothing of
networks.
"""

import re
from dataclasses import dataclass

from language.protect import PLACES, Protected


@dataclass(frozen=True, slots=True)
class Ask:
    """What a network is asked, and what its answer's placeholders stand for."""

    text: str
    """What it sees."""
    protected: Protected
    """What the placeholders stand for, in `text` and around it."""
    before: str = ""
    """Goes before its answer: placeholders and what joined them."""
    after: str = ""

    def around(self, answer: str) -> str:
        """Put the answer of the network in its place."""
        return f"{self.before}{answer}{self.after}"


def as_it_is(protected: Protected) -> Ask:
    """Ask with every placeholder where it stands."""
    return Ask(protected.text, protected)


def bare(plain: str) -> Ask:
    """Ask without placeholders."""
    return Ask(plain, Protected(plain, ()))


def peeled(protected: Protected, *, keeps_places: bool) -> Ask | None:
    """Ask only for what stands between the placeholders at both ends: "영업시간" of "영업시간 10:00~22:00".

    None where there is none at an end, where one is bound to a word ("3,000명"), and where others remain inside that
    the network does not know.
    """
    match = _ENDS.fullmatch(protected.text)
    if match is None or not (match[1] or match[3]) or not any(map(str.isalpha, match[2])):
        return None
    if not keeps_places and _PLACE.search(match[2]):
        return None
    # What stood against a character that needs no space needs one behind a word.
    return Ask(match[2], protected, match[1], f" {match[3]}" if _PLACE.match(match[3]) else match[3])


_PLACE = re.compile(f"[{PLACES[0]}-{PLACES[-1]}]")
_JOINT = rf"[^\w{PLACES[0]}-{PLACES[-1]}]"
_ENDS = re.compile(
    rf"((?:{_JOINT}*{_PLACE.pattern})*(?<={_PLACE.pattern}){_JOINT}+|)(.*?)((?:{_JOINT}*{_PLACE.pattern})+{_JOINT}*|)",
    re.DOTALL,
)
