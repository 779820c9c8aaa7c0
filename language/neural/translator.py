"""A neural model as a translator: identify, protect, translate, check, restore, and say how sure that is.

Comes in: texts of one picture. Goes out: a translation for each; sure only where the calibration says so and nothing
was lost on the way. A text that the model cannot translate is "none", and another's work.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz

from language.codes import LANGUAGES, parse_language
from language.glossed import lexicon_of
from language.identify import is_latin
from language.lexicon_file import FILE_NAME
from language.memory import Memory
from language.neural.checks import NUMBER, with_numbers
from language.neural.drafts import Draft, Task, drafts, invents, task_of, written
from language.neural.evidence import LONGEST, SUPPORT, Evidence, confidence, read_calibration, threshold
from language.neural.folders import FOLDER, read_folder
from language.neural.network import Network, Request
from language.neural.origin import UNDETERMINED, WRITTEN_WITH, neighbours_of, origin
from language.neural.pieces import Pieces
from language.neural.segments import Segment, joined, segments
from language.neural.terms import Terms
from language.normalise import normalise
from language.protect import Protected
from language.slots import without_marks
from language.translation import SAME, Translation, unknown


@dataclass(frozen=True, slots=True)
class _Part:
    """One segment of one text, ready for the network."""

    segment: Segment
    task: Task | None
    """None where it stays as it is."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done with one text."""

    known: Translation
    """What can be said without the model."""
    code: str
    """The language to translate from."""
    parts: tuple[_Part, ...]
    """Empty where there is nothing to do."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What a segment became."""

    target: str
    confidence: float
    sure: bool
    alternatives: tuple[str, ...]


class NeuralTranslator:
    """A model folder as a translator. Loading blocks for a tenth of a second, a sign for some milliseconds."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        threads: int = 1,
        beam: int = 2,
        memory: Memory | None = None,
        source: str = "",
        to: str = "",
    ) -> None:
        """Load a model folder, by default the one that comes with the install, and warm it up.

        `threads` bounds the cores in use, `beam` is the number of hypotheses kept (1 to 4 are worth it). With a
        `memory`, names of things that it knows for certain come out as it has them. `source` and `to` are for
        OPUS-MT folders whose name does not tell. Raises MissingError or InputError, naming the file.
        """
        folder = folder or FOLDER
        self._tables = folder if (folder / FILE_NAME).is_file() else FOLDER
        self._pieces: Pieces = read_folder(folder, source=source, to=to)
        self._network = Network(folder, threads=threads, beam=beam)
        self._calibration = read_calibration(folder / "calibration.json")
        self._asks_lexicon = bool(self._calibration and self._calibration.weights.get(SUPPORT))
        self.longest = self._calibration.longest if self._calibration else LONGEST
        """Source pieces above which a text is cut at its sentence ends."""
        self._terms = Terms(memory) if memory else None
        first = next(code for code in LANGUAGES if any(self._pieces.can(code, to) for to in LANGUAGES))
        last = next(code for code in LANGUAGES if self._pieces.can(first, code))
        pieces = self._pieces.encode("a", first, last)
        self._network.run([Request(tuple(pieces), tuple(self._pieces.prefix(last)))])

    @property
    def name(self) -> str:
        """The engine's name: "glossa", "opus-mt", "m2m-100" or "nllb"."""
        return self._pieces.name

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        """Translate what is not "same"; see `language.translation.Translator`. Blocks.

        Raises UnknownNameError for a language.
        """
        to = parse_language(to)
        source = source if source == "auto" else parse_language(source)
        others = neighbours_of(texts, neighbours)
        plans = [self._plan(text, source, to, near) for text, near in zip(texts, others, strict=True)]
        tasks = [part.task for plan in plans for part in plan.parts if part.task]
        told = iter([self._told(draft, task) for draft, task in zip(self._drafted(tasks), tasks, strict=True)])
        return [self._assembled(plan, [next(told) if part.task else None for part in plan.parts], to) for plan in plans]

    def evidence(self, texts: Sequence[str], *, source: str, to: str) -> list[tuple[str, Evidence | None]]:
        """Translate texts of one known language, each as one segment; give targets with what speaks for them.

        For calibration. Blocks. The evidence is None where the model has no answer.
        """
        tasks = [self._task(normalise(text), source, to) for text in texts]
        results: list[tuple[str, Evidence | None]] = []
        for draft, task in zip(self._drafted(tasks), tasks, strict=True):
            target, lost = written(draft, task)
            told = None if draft.is_useless else self._evidence(draft, task, lost)
            results.append((target, told and replace(told, support=self._support(target, task))))
        return results

    def _plan(self, text: str, source: str, to: str, neighbours: Counter[str]) -> _Plan:
        near = list(neighbours.elements())
        known = unknown(text, source=source, to=to, neighbours=near)
        clean = normalise(without_marks(text))
        code = origin(clean, source=source, to=to, neighbours=neighbours)
        if known.engine == SAME or not self._reaches(code, to):
            return _Plan(known, code, ())
        parts = []
        for segment in segments(clean, lambda part: len(self._pieces.encode(part, code, to)), self.longest):
            stays = unknown(segment.text, source=source, to=to, neighbours=near).engine == SAME
            # Beside another script, Latin letters are English, or a name.
            stays = stays or (segment.text != clean and code not in WRITTEN_WITH["Latin"] and is_latin(segment.text))
            parts.append(_Part(segment, None if stays else self._task(segment.text, code, to)))
        return _Plan(known, code, tuple(parts))

    def _task(self, text: str, code: str, to: str) -> Task:
        terms = self._terms.find(text, source=code, to=to) if self._terms and self._pieces.keeps_places else None
        return task_of(text, code, to, terms)

    def _reaches(self, code: str, to: str) -> bool:
        return self._pieces.can(code, to) or self._through_english(code, to)

    def _through_english(self, code: str, to: str) -> bool:
        if "en" in (code, to) or code.split("-")[0] == to.split("-")[0] or self._pieces.can(code, to):
            return False
        return self._pieces.can(code, "en") and self._pieces.can("en", to)

    def _drafted(self, tasks: Sequence[Task]) -> list[Draft]:
        """Draft all tasks, those without a direct way through English."""
        first = [
            replace(task, to="en", shouted=False) if self._through_english(task.source, task.to) else task
            for task in tasks
        ]
        found = drafts(self._network, self._pieces, first)
        onward = [
            place for place, draft in enumerate(found) if first[place] is not tasks[place] and not draft.is_useless
        ]
        second = []
        for place in onward:
            draft, task = found[place], tasks[place]
            plain = written(draft, first[place])[0]
            second.append(Task(plain, Protected(draft.text, draft.protected.spans), "en", task.to))
        for place, draft in zip(onward, drafts(self._network, self._pieces, second), strict=True):
            before = found[place]
            found[place] = replace(
                draft,
                log_probability=draft.log_probability + before.log_probability,
                retried=draft.retried or before.retried,
                source_pieces=before.source_pieces,
            )
        return found

    def _told(self, draft: Draft, task: Task) -> _Told | None:
        """Write a draft out; None where it is no use."""
        if draft.is_useless:
            return None
        target, lost = written(draft, task)
        evidence = self._evidence(draft, task, lost)
        if self._asks_lexicon:
            evidence = replace(evidence, support=self._support(target, task))
        value = confidence(evidence, self._calibration)
        if evidence.through_english:
            value *= _DETOUR
        if invents(draft, task):
            value = min(value, _INVENTED)
        rivals = [written(replace(draft, text=rival), task)[0] for rival in draft.rivals]
        alternatives = tuple(dict.fromkeys(rival for rival in rivals if rival != target))
        sure = value >= threshold(evidence, self._calibration)
        return _Told(with_numbers(target, lost), value, sure, alternatives)

    def _evidence(self, draft: Draft, task: Task, lost: Sequence[str]) -> Evidence:
        alike = [fuzz.ratio(draft.text, rival) / 100 for rival in draft.rivals]
        return Evidence(
            direction=f"{task.source.split('-')[0]}-{task.to}",
            log_probability=draft.log_probability,
            source_pieces=draft.source_pieces,
            target_pieces=draft.target_pieces,
            margin=draft.margin,
            agreement=sum(alike) / len(alike) if alike else 1.0,
            repetition=draft.repetition,
            odd_share=self._pieces.odd_share(draft.protected.text),
            digits_kept=not lost and NUMBER not in draft.flaws,
            retried=draft.retried,
            through_english=self._through_english(task.source, task.to),
        )

    def _support(self, target: str, task: Task) -> float:
        lexicon = lexicon_of(self._tables)
        return lexicon.support(task.plain, target, task.source, task.to) if lexicon else 0.0

    def _assembled(self, plan: _Plan, found: Sequence[_Told | None], to: str) -> Translation:
        told = [one for one in found if one]
        if not told:
            return plan.known
        shown = [
            Segment(part.segment.joint, one.target if one else part.segment.text)
            for part, one in zip(plan.parts, found, strict=True)
        ]
        target = joined(shown, spaced=to not in _UNSPACED)
        if plan.code == UNDETERMINED and to in WRITTEN_WITH["Latin"] and _is_misspelt(plan.known.source, target):
            return plan.known
        lost = any(part.task and not one for part, one in zip(plan.parts, found, strict=True))
        value = 0.0 if lost else min(one.confidence for one in told)
        return replace(
            plan.known,
            target=target,
            source_lang=plan.code,
            engine=self.name,
            confidence=value,
            sure=not lost and plan.code != UNDETERMINED and all(one.sure for one in told),
            alternatives=told[0].alternatives if len(plan.parts) == 1 else (),
        )


def _is_misspelt(source: str, target: str) -> bool:
    """Whether a name came back that is nearly the one that went in: the reader can read the right one."""
    return is_latin(source) and fuzz.ratio(source.casefold(), target.casefold()) >= _NEARLY


def open_folder(
    folder: Path,
    *,
    source: str = "",
    to: str = "",
    threads: int = 1,
    beam: int = 2,
    memory: Memory | None = None,
) -> NeuralTranslator:
    """Load any model folder of a known family (Glossa, OPUS-MT, M2M-100, NLLB) as a translator; blocks.

    Raises MissingError or InputError, naming the file that is missing or damaged.
    """
    return NeuralTranslator(folder, threads=threads, beam=beam, memory=memory, source=source, to=to)


_UNSPACED = frozenset({"ja", "zh-Hans", "zh-Hant"})
_INVENTED = 0.1
_NEARLY = 70.0  # per cent of the letters
"""Confidence at most, of a translation with a number out of nowhere: a wrong price is worse than none."""
_DETOUR = 0.7
"""What the way through English leaves of the confidence: two networks' mistakes, and an English word's two meanings."""
