"""How many signs and menu lines are right: translations judged by the answers that a person would accept.

In: hand-written signs, and translators by name. Out: shares as they are stored in JSON, and each answer judged, for the
calibration. Knows nothing of how a translator works, nor of how renderings are compared.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.calibration import Judged
from benchmarks.sign_judge import accepted, closeness
from benchmarks.sign_set import DIRECTIONS, pairs
from benchmarks.translation_runs import Progress, Systems
from language.translation import NONE, Translation, Translator

_NEIGHBOURS = 5
"""Signs that are asked for together, as one picture shows them: they tell each other's language."""


@dataclass(frozen=True, slots=True)
class Question:
    """One sign, and what may be made of it."""

    source: str
    source_lang: str
    to: str
    accepted: tuple[str, ...]

    @property
    def direction(self) -> str:
        """Like "ko-en" or "zh-Hans-en"."""
        return f"{self.source_lang}-{self.to}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a translator made of a sign."""

    question: Question
    told: Translation
    right: bool
    """Whether a person would accept it."""
    closeness: float
    """chrF beside the nearest accepted rendering, 0 to 100; 100 where it is right."""

    def judged(self) -> Judged:
        """Forget all but what the calibration asks."""
        return Judged(self.told.confidence, self.told.sure, self.right)


def load_questions(most: int | None = None) -> list[Question]:
    """Give the hand-written signs of every direction, at most so many each: every n-th, so that all themes come up.

    Raises InputError for a table that cannot be read.
    """
    chosen = []
    for source, to in DIRECTIONS:
        every = pairs(source, to)
        step = -(-len(every) // most) if most and every else 1
        chosen += [Question(pair.source, source, to, pair.accepted) for pair in every[::step]]
    return chosen


def accuracy(questions: Sequence[Question], systems: Systems, progress: Progress) -> dict[str, list[Reply]]:
    """Ask each system for all signs, the language found by itself among five neighbours; blocks."""
    replies = {}
    for name, translator in systems.items():
        asked = [one for one in questions if name != "apertium" or one.direction == "es-en"]
        progress(f"signs: {len(asked)} texts by {name}")
        replies[name] = ask(asked, translator, given=False)
    return replies


def ask(questions: Sequence[Question], translator: Translator, *, given: bool) -> list[Reply]:
    """Translate signs, five neighbours of one language in a call; `given`: the language is told."""
    groups: defaultdict[tuple[str, str], list[Question]] = defaultdict(list)
    for question in questions:
        groups[question.source_lang, question.to].append(question)
    found = []
    for (source, to), group in groups.items():
        for start in range(0, len(group), _NEIGHBOURS):
            call = group[start : start + _NEIGHBOURS]
            told = translator.translate([one.source for one in call], source=source if given else "auto", to=to)
            found += [_judge(question, one) for question, one in zip(call, told, strict=True)]
    return found


def shares(replies: Sequence[Reply]) -> dict[str, Any]:
    """Return right, closeness, sure and wrong among sure, over all and by direction."""
    directions: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        directions[reply.question.direction].append(reply)
    return _shares(replies) | {"directions": {name: _shares(group) for name, group in directions.items()}}


def sure_and_wrong(replies: Sequence[Reply], most: int = 100) -> list[dict[str, str]]:
    """Return what a wearer would have relied on in vain, for whoever wants to make it better."""
    return [
        {
            "direction": reply.question.direction,
            "source": reply.question.source,
            "said": reply.told.target,
            "expected": reply.question.accepted[0],
            "engine": reply.told.engine,
        }
        for reply in replies
        if reply.told.sure and not reply.right
    ][:most]


def _judge(question: Question, told: Translation) -> Reply:
    right = accepted(told.target, question.accepted, question.to)
    if told.engine == NONE:  # the source as it was
        return Reply(question, told, right, 100.0 if right else 0.0)
    return Reply(question, told, right, 100.0 if right else closeness(told.target, question.accepted))


def _shares(replies: Sequence[Reply]) -> dict[str, Any]:
    if not replies:
        return {"texts": 0, "right": None, "closeness": None, "sure": None, "wrong_among_sure": None}
    sure = [reply for reply in replies if reply.told.sure]
    return {
        "texts": len(replies),
        "right": sum(reply.right for reply in replies) / len(replies),
        "closeness": sum(reply.closeness for reply in replies) / len(replies),
        "sure": len(sure) / len(replies),
        "wrong_among_sure": sum(not reply.right for reply in sure) / len(sure) if sure else None,
    }
