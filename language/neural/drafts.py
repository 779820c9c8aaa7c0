"""From a network's hypotheses to one usable draft: the first without a flaw, and another try where all have one.

Comes in: tasks (a text for the network and what is protected in it). Goes out: a draft for each, flaws named. Knows
nothing of confidence and of language identification.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from language.codes import LANGUAGES
from language.neural.asking import Ask, as_it_is, bare, peeled
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
    without_growth,
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

    What lost a placeholder or a number is asked again without those at its ends, and then without any; what stammered
    or did not end is asked again with repetition forbidden.
    """
    keeps = pieces.keeps_places
    asks = [as_it_is(task.protected) if keeps else bare(task.plain) for task in tasks]
    # What is nothing but placeholders is said by them.
    found = [Draft(ask.text, ask.protected, frozenset(), 0.0, 0.0, 1, 1, 0.0, ()) for ask in asks]

    def attempt(places: Sequence[int], *, avoid_repeats: bool = False) -> list[Draft]:
        chosen = [(tasks[place], asks[place]) for place in places]
        return _attempt(network, pieces, chosen, avoid_repeats=avoid_repeats)

    worded = [place for place, ask in enumerate(asks) if any(map(str.isalpha, ask.text))]
    for place, draft in zip(worded, attempt(worded), strict=True):
        found[place] = draft
    other_ways: tuple[tuple[set[str], Callable[[Task], Ask | None]], ...] = (
        ({SPAN, NUMBER}, lambda task: peeled(task.protected, keeps_places=keeps)),
        ({SPAN}, lambda task: bare(task.plain)),
    )
    for flaw, other_way in other_ways:
        ways = {place: other_way(tasks[place]) for place, draft in enumerate(found) if draft.flaws & flaw}
        known = {place: way for place, way in ways.items() if way}
        for place, way in known.items():
            asks[place] = way
        for place, draft in zip(known, attempt(list(known)), strict=True):
            found[place] = _retried(found[place], draft)
    stuck = [place for place, draft in enumerate(found) if draft.flaws & {ENDLESS, REPEATED}]
    for place, draft in zip(stuck, attempt(stuck, avoid_repeats=True), strict=True):
        found[place] = _retried(found[place], draft)
    return found


def written(draft: Draft, task: Task) -> tuple[str, list[str]]:
    """Give a draft as it is shown, and the numbers and names of its source that it does not show."""
    text = without_growth(draft.protected.text, draft.text)
    if not task.plain.endswith(_STOPS) and not _INNER_STOP.search(text):
        # A sign has no full stop because the sentences that a network has read have one.
        text = text.removesuffix(".").removesuffix("。")
    shouts = task.shouted and "Latin" in LANGUAGES[task.to].scripts
    if shouts:
        text = text.upper()
    text = _restored(text, _in_capitals(draft.protected) if shouts else draft.protected, task) or without_places(text)
    return text, lost_numbers(task.protected, text, source=task.source, to=task.to)


def _in_capitals(protected: Protected) -> Protected:
    """Write the terms in capitals; names and numbers stay as they are."""
    return replace(protected, spans=tuple(replace(span, fixed=span.fixed.upper()) for span in protected.spans))


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


def _attempt(network: Engine, pieces: Pieces, asked: Sequence[tuple[Task, Ask]], *, avoid_repeats: bool) -> list[Draft]:
    requests = [
        Request(tuple(pieces.encode(ask.text, task.source, task.to)), tuple(pieces.prefix(task.to)))
        for task, ask in asked
    ]
    answers = network.run(requests, avoid_repeats=avoid_repeats) if requests else []
    return [
        _draft(pieces, task, ask, len(request.pieces), hypotheses)
        for (task, ask), request, hypotheses in zip(asked, requests, answers, strict=True)
    ]


def _draft(pieces: Pieces, task: Task, ask: Ask, source_pieces: int, hypotheses: Sequence[Hypothesis]) -> Draft:
    protected = ask.protected
    answers = [pieces.decode(hypothesis.pieces).strip() for hypothesis in hypotheses]
    if ask.after and not task.plain.endswith(_STOPS):
        answers = [answer.removesuffix(".").removesuffix("。") for answer in answers]
    texts = [ask.around(answer) for answer in answers]
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
    elif has_invented_numbers(_numbers_of(task), shown) or lost_numbers(
        task.protected, shown, source=task.source, to=task.to
    ):
        found.add(NUMBER)
    return found


def _numbers_of(task: Task) -> str:
    """Give a text with all the numbers that a translation may show: "9시" is "9:00" too."""
    spans = task.protected.spans
    return " ".join([task.plain, *(span.written(source=task.source, to=task.to) for span in spans)])


def invents(draft: Draft, task: Task) -> bool:
    """Say whether a draft shows a number that its source denies: "5 for 3:30" where that has a 5 and a 3.

    A number may stand for words (veinte, 二十), but not beside digits.
    """
    shown = _restored(draft.text, draft.protected, task) or ""
    return (
        bool(_DIGIT.search(task.plain))
        and not _NUMERAL.search(task.plain)
        and has_invented_numbers(_numbers_of(task), shown)
    )


_DIGIT = re.compile(r"\d")
_NUMERAL = re.compile(r"[〇一二三四五六七八九十百千万萬半]")
_STOPS = (".", "!", "?", "…", "。", "！", "？")
_INNER_STOP = re.compile(r"\.\w*\.$")
