"""One language's side of the phrase book, made searchable: by key, by skeleton, by nearness.

Comes in: concepts, and a text as `language.slots` sees it. Goes out: the entries that match it. Decides nothing
between them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Hamming

from language.keys import key_of, skeleton_of
from language.nearness import edit_limit, may_be_misread, mistakes, spread
from language.normalise import normalise
from language.phrasebook_files import Concept, matching_key
from language.slots import PLACEHOLDER, Pattern, Slot

EXACT = 0.98
ALIKE = 0.93
NEAR = 0.9
"""Confidences of a match of keys, of skeletons, and of nearly the skeleton."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in which one language writes one concept."""

    concept: Concept
    code: str
    text: str
    """The cell's alternative, normalised."""
    names: tuple[str, ...]
    """Its placeholders in the order in which they stand."""
    is_printed: bool
    """Whether it is the concept's first choice in this language."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that a text matched, with the values of its placeholders."""

    entry: Entry
    values: dict[str, Slot]
    confidence: float


class PhraseIndex:
    """Every text of one language, by what may be read in its place."""

    def __init__(self, concepts: Sequence[Concept], code: str) -> None:
        by_key: dict[str, list[Entry]] = defaultdict(list)
        for concept in concepts:
            for place, cell in enumerate(concept.cells[code]):
                text = normalise(cell)
                names = tuple(match[1] for match in PLACEHOLDER.finditer(text))
                by_key[matching_key(text)].append(Entry(concept, code, text, names, place == 0))
        self._by_key = dict(by_key)
        self._by_skeleton: dict[str, list[Entry]] | None = None
        # By the length of what is compared: a mistake puts one letter for another and leaves the length alone.
        self._spreads: dict[int, tuple[list[str], list[str]]] = {}

    def exact(self, way: Pattern) -> list[Hit]:
        """Find entries of the same key."""
        return _hits(self._by_key.get(key_of(way.text), []), way, EXACT)

    def alike(self, way: Pattern) -> list[Hit]:
        """Find entries that only look-alike characters tell apart."""
        skeleton = skeleton_of(key_of(way.text))
        # Of two characters, one look-alike is half of the text: Latin asks for three.
        if len(skeleton) < (3 if skeleton.isascii() else 2):
            return []
        return _hits(self._skeleton_entries().get(skeleton, []), way, ALIKE)

    def near(self, way: Pattern) -> list[Hit]:
        """Find the nearest entries within the limits of `language.nearness`, when nothing else is nearly as near."""
        key = key_of(way.text)
        skeleton = skeleton_of(key)
        limit = edit_limit(skeleton)
        if not limit:
            return []
        entries_by_skeleton = self._skeleton_entries()
        wanted = spread(skeleton)
        spreads, skeletons = self._spreads.get(len(wanted), ([], []))
        found = process.extract(
            wanted,
            spreads,
            scorer=Hamming.distance,
            processor=None,
            score_cutoff=limit,
            limit=6,
        )
        ranked = []
        for _, _, place in found:
            count = mistakes(skeleton, skeletons[place])
            if count is not None:
                ranked.append((count, skeletons[place]))
        ranked.sort()
        hits: list[Hit] = []
        for count, known in ranked:
            # What is one mistake further on may as well be what was written.
            if count > ranked[0][0] + 1:
                break
            entries = [entry for entry in entries_by_skeleton[known] if may_be_misread(way.text, entry.text)]
            hits += _hits(entries, way, NEAR - 0.02 * count)
        return hits

    def _skeleton_entries(self) -> dict[str, list[Entry]]:
        if self._by_skeleton is None:
            by_skeleton: dict[str, list[Entry]] = defaultdict(list)
            for key, entries in self._by_key.items():
                by_skeleton[skeleton_of(key)] += entries
            for skeleton in by_skeleton:
                seen = spread(skeleton)
                spreads, skeletons = self._spreads.setdefault(len(seen), ([], []))
                spreads.append(seen)
                skeletons.append(skeleton)
            self._by_skeleton = dict(by_skeleton)
        return self._by_skeleton


def _hits(entries: Sequence[Entry], way: Pattern, confidence: float) -> list[Hit]:
    return [
        Hit(entry, dict(zip(entry.names, way.slots, strict=True)), confidence)
        for entry in entries
        if len(entry.names) == len(way.slots)
    ]
