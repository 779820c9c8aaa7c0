"""From a network's hypotheses to one usable draft: the first without a flaw, and another try where all have one.

Comes in: tasks (a text for the network and what is protected in it). Goes out: a draft for each, flaws named. Knows
nothing of confidence and of language identification.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from language.codes import LANGUAGES
from language.neural.cases import is_shouted, sentence_cased
from language.neural.checks import (
    EMPTY,
    ENDLESS,
    NUMBER,
    REPEATED,
    SPAN,
    USELESS,
    flaws,
    has_invented_numbers,
    is_repeated,
    lost_numbers,
    repeated_share,
    without_places,
)
from language.neural.network import Engine, Hypothesis, Request
from language.neural.pieces import Pieces
from language.protect import LostSpanError, Protected, protect


@dataclass(frozen=True, slots=True)
class Task:
    """One segment and one direction that the model itself has."""

    plain: str
    """Without placeholders: for a second try, and for models that do not know them."""
    protected: Protected
    source: str
    to: str
    shouted: bool = False
    """Whether the sign was in capitals; here it is not."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a network made of a task; placeholders are still in it."""

    text: str
    protected: Protected
    """What its placeholders stand for."""
    flaws: frozenset[str]
    log_probability: float
    margin: float
    source_pieces: int
    target_pieces: int
    repetition: float
    rivals: tuple[str, ...]
    """The other hypotheses, likeliest first, of those without a flaw."""
    retried: bool = False

    @property
    def is_useless(self) -> bool:
        """Whether nothing of it is worth showing."""
        return bool(self.flaws & USELESS)


def task_of(text: str, source: str, to: str, terms: Mapping[str, str] | None = None) -> Task:
    """Make the task of a normalised text: protected, and in sentence case where it is all in capitals.

    `terms` are pieces of the text whose translations are certain.
    """
    protected = protect(text, terms)
    if not is_shouted(text):
        return Task(text, protected, source, to)
    quiet = replace(protected, text=sentence_cased(protected.text))
    return Task(sentence_cased(text), quiet, source, to, shouted=True)


def drafts(network: Engine, pieces: Pieces, tasks: Sequence[Task]) -> list[Draft]:
    """Draft every task; blocks.

    What lost a placeholder is asked again without placeholders, what stammered or did not end is asked again with
    repetition forbidden.
    """
    given = [task.protected if pieces.keeps_places else Protected(task.plain, ()) for task in tasks]
    worded = [place for place, protected in enumerate(given) if any(map(str.isalpha, protected.text))]
    first = _attempt(
        network, pieces, [tasks[place] for place in worded], [given[place] for place in worded], avoid_repeats=False
    )
    # What is nothing but placeholders is said by them.
    found = [Draft(protected.text, protected, frozenset(), 0.0, 0.0, 1, 1, 0.0, ()) for protected in given]
    for place, draft in zip(worded, first, strict=True):
        found[place] = draft
    second: tuple[tuple[bool, Callable[[Draft], bool]], ...] = (
        (False, lambda draft: SPAN in draft.flaws),
        (True, lambda draft: bool(draft.flaws & {ENDLESS, REPEATED})),
    )
    for avoid_repeats, is_due in second:
        due = [place for place, draft in enumerate(found) if is_due(draft)]
        bare = [
            Protected(tasks[place].plain, ()) if SPAN in found[place].flaws else found[place].protected for place in due
        ]
        again = _attempt(network, pieces, [tasks[place] for place in due], bare, avoid_repeats=avoid_repeats)
        for place, draft in zip(due, again, strict=True):
            found[place] = _retried(found[place], draft)
    return found


def written(draft: Draft, task: Task) -> tuple[str, list[str]]:
    """Give a draft as it is shown, and the numbers and names of its source that it does not show."""
    text = draft.text
    if not task.plain.endswith(_STOPS) and not _INNER_STOP.search(text):
        # A sign has no full stop because the sentences that a network has read have one.
        text = text.removesuffix(".").removesuffix("。")
    if task.shouted and "Latin" in LANGUAGES[task.to].scripts:
        text = text.upper()
    text = _restored(text, draft.protected, task) or without_places(text)
    return text, lost_numbers(task.protected, text, source=task.source, to=task.to)


def _restored(text: str, protected: Protected, task: Task) -> str | None:
    try:
        return protected.restore(text, source=task.source, to=task.to)
    except LostSpanError:
        return None


def _retried(first: Draft, again: Draft) -> Draft:
    return Draft(
        again.text, again.protected, again.flaws, min(first.log_probability, again.log_probability), again.margin,
        again.source_pieces, again.target_pieces, max(first.repetition, again.repetition), again.rivals, retried=True,
    )  # fmt: skip


def _attempt(
    network: Engine, pieces: Pieces, tasks: Sequence[Task], given: Sequence[Protected], *, avoid_repeats: bool
) -> list[Draft]:
    requests = [
        Request(tuple(pieces.encode(protected.text, task.source, task.to)), tuple(pieces.prefix(task.to)))
        for task, protected in zip(tasks, given, strict=True)
    ]
    answers = network.run(requests, avoid_repeats=avoid_repeats) if requests else []
    return [
        _draft(pieces, task, protected, len(request.pieces), hypotheses)
        for task, protected, request, hypotheses in zip(tasks, given, requests, answers, strict=True)
    ]


def _draft(
    pieces: Pieces, task: Task, protected: Protected, source_pieces: int, hypotheses: Sequence[Hypothesis]
) -> Draft:
    texts = [pieces.decode(hypothesis.pieces).strip() for hypothesis in hypotheses]
    wrong = [_all_flaws(task, protected, hypothesis, text) for hypothesis, text in zip(hypotheses, texts, strict=True)]
    # Of equals the first stays: it is the likeliest.
    best = min(range(len(texts)), key=lambda place: (bool(wrong[place] & USELESS), len(wrong[place])), default=None)
    if best is None:
        return Draft("", protected, frozenset({EMPTY}), -99.0, 0.0, source_pieces, 0, 0.0, ())
    chosen = hypotheses[best]
    others = [place for place in range(len(texts)) if place != best]
    rivals = tuple(texts[place] for place in others if not wrong[place])
    return Draft(
        text=texts[best],
        protected=protected,
        flaws=frozenset(wrong[best]),
        log_probability=chosen.score,
        margin=chosen.score - max((hypotheses[place].score for place in others), default=chosen.score),
        source_pieces=source_pieces,
        target_pieces=len(chosen.pieces),
        repetition=repeated_share(chosen.pieces),
        rivals=tuple(dict.fromkeys(rival for rival in rivals if rival != texts[best])),
    )


def _all_flaws(task: Task, protected: Protected, hypothesis: Hypothesis, text: str) -> set[str]:
    found = flaws(protected.text, text, task.to)
    if not hypothesis.ended:
        found.add(ENDLESS)
    if is_repeated(hypothesis.pieces):
        found.add(REPEATED)
    shown = _restored(text, protected, task)
    if shown is None:
        found.add(SPAN)
    elif has_invented_numbers(task.plain, shown) or lost_numbers(task.protected, shown, source=task.source, to=task.to):
        found.add(NUMBER)
    return found


_STOPS = (".", "!", "?", "…", "。", "！", "？")
_INNER_STOP = re.compile(r"\.\w*\.$")
