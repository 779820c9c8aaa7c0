"""How many signs and menu lines are right: translations judged by the answers that a person would accept.

In: hand-written signs, and translators by name. Out: shares as they are stored in JSON, and each answer judged, for the
calibration. Knows nothing of how a translator works.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.calibration import Judged
from benchmarks.translation_runs import Progress, Systems
from language.translation import Translation, Translator

_NEIGHBOURS = 5
"""Signs that are asked for together, as one picture shows them: they tell each other's language."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One text, and what it may become."""

    source: str
    source_lang: str
    to: str
    accepts: Callable[[str], bool]

    @property
    def direction(self) -> str:
        """Like "zh-en": the source without its script."""
        return f"{self.source_lang.split('-')[0]}-{self.to}"


@dataclass(frozen=True, slots=True)
class Read:
    """What a translator made of a sign."""

    sign: Sign
    told: Translation

    @property
    def right(self) -> bool:
        """Whether a person would accept it."""
        return self.sign.accepts(self.told.target)

    def judged(self) -> Judged:
        """Forget all but what the calibration asks."""
        return Judged(self.told.confidence, self.told.sure, self.right)


def accuracy(signs: Sequence[Sign], systems: Systems, progress: Progress) -> dict[str, list[Read]]:
    """Translate all signs by each system, the language found by itself among five neighbours; blocks."""
    answers = {}
    for name, translator in systems.items():
        asked = [sign for sign in signs if name != "apertium" or sign.direction == "es-en"]
        progress(f"signs: {len(asked)} texts by {name}")
        answers[name] = read(asked, translator, given=False)
    return answers


def read(signs: Sequence[Sign], translator: Translator, *, given: bool) -> list[Read]:
    """Translate signs, five neighbours of one language in a call; `given`: the language is told."""
    groups: defaultdict[tuple[str, str], list[Sign]] = defaultdict(list)
    for sign in signs:
        groups[sign.source_lang, sign.to].append(sign)
    found = []
    for (source, to), group in groups.items():
        for start in range(0, len(group), _NEIGHBOURS):
            call = group[start : start + _NEIGHBOURS]
            texts = [sign.source for sign in call]
            told = translator.translate(texts, source=source if given else "auto", to=to)
            found += [Read(sign, one) for sign, one in zip(call, told, strict=True)]
    return found


def shares(answers: Sequence[Read]) -> dict[str, Any]:
    """Return right, sure and wrong among sure, over all and by direction."""
    directions: defaultdict[str, list[Read]] = defaultdict(list)
    for answer in answers:
        directions[answer.sign.direction].append(answer)
    return _shares(answers) | {"directions": {name: _shares(group) for name, group in directions.items()}}


def _shares(answers: Sequence[Read]) -> dict[str, Any]:
    sure = [answer for answer in answers if answer.told.sure]
    return {
        "texts": len(answers),
        "right": sum(answer.right for answer in answers) / len(answers) if answers else None,
        "sure": len(sure) / len(answers) if answers else None,
        "wrong_among_sure": sum(not answer.right for answer in sure) / len(sure) if sure else None,
    }


def load_signs(most: int | None = None) -> list[Sign]:
    """Give the hand-written signs, at most so many a direction; none before they are written."""
    return []
