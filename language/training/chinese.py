"""Simplified and traditional Chinese: which character stands for which, learnt from a dictionary that has both.

Comes in: words of both scripts with one meaning. Goes out: the way to simplified characters, and back. Knows nothing of
other languages.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from language.lexicon_file import respelt

_LEAST = 2  # words that must agree on a character


@dataclass(frozen=True, slots=True)
class Scripts:
    """The two scripts of Chinese."""

    simplified: dict[int, str]
    """Simplified character by (the code of) the traditional one, where they differ."""
    traditional: dict[int, str]
    """Traditional character by simplified one, the more frequent where there are two."""
    words: dict[str, str] = field(default_factory=dict)
    """Traditional words whose characters alone would mislead: 头发 is 頭髮, 发 alone 發. Wherever they stand."""

    def simplify(self, text: str) -> str:
        """Write a text in simplified characters; its length stays."""
        return text.translate(self.simplified)

    def complicate(self, word: str) -> str:
        """Write a simplified word in traditional characters."""
        return respelt(word, self.words, self.traditional)


def learn_scripts(entries: Iterable[tuple[str, str]]) -> Scripts:
    """Learn from dictionary entries (word, meaning), each simplified word directly before its traditional form."""
    listed = list(entries)
    shapes: Counter[tuple[str, str]] = Counter()
    words: Counter[tuple[str, str]] = Counter()
    paired: set[int] = set()
    for place, ((one, meaning), (other, same)) in enumerate(pairwise(listed)):
        if meaning == same and len(one) == len(other):
            words[one, other] += 1
            shapes.update(zip(one, other, strict=True))
            paired |= {place, place + 1}
    # What stands alone is written alike in both.
    for place, (word, _) in enumerate(listed):
        if place not in paired:
            words[word, word] += 1
            shapes.update(zip(word, word, strict=True))
    simplified: dict[str, str] = {}
    targets: set[str] = set()
    # Two entries of one meaning can also be two words; those agree on a character less often, and come too late.
    for (simple, full), times in sorted(shapes.items(), key=lambda item: (-item[1], item[0])):
        if simple == full or times < _LEAST or times <= shapes[full, full]:
            continue
        if full not in simplified and full not in targets and simple not in simplified:
            simplified[full] = simple
            targets.add(simple)
    back: dict[str, Counter[str]] = defaultdict(Counter)
    for full, simple in simplified.items():
        back[simple][full] = shapes[simple, full]
        back[simple][simple] = shapes[simple, simple]
    best = {simple: max(counts, key=lambda full: (counts[full], full)) for simple, counts in back.items()}
    scripts = Scripts(
        {ord(full): simple for full, simple in simplified.items()},
        {ord(simple): full for simple, full in best.items() if simple != full},
    )
    # First what two characters tell each other, then the words for which that is not enough.
    neighbours: Counter[tuple[str, str]] = Counter()
    for (simple, full), times in words.items():
        for place in range(len(simple) - 1):
            neighbours[simple[place : place + 2], full[place : place + 2]] += times
    for told in (neighbours, words):
        for (simple, full), times in sorted(told.items(), key=lambda item: (item[1], item[0])):
            most = max(_LEAST, told[simple, simple]) if told is neighbours else 1
            if len(simple) > 1 and times >= most and scripts.simplify(full) == simple:
                _learn_word(scripts, simple, full)
    return scripts


def _learn_word(scripts: Scripts, simple: str, full: str) -> None:
    """Keep a word where it would be written otherwise; the last one told, the most frequent, holds."""
    scripts.words.pop(simple, None)
    if scripts.complicate(simple) != full:
        scripts.words[simple] = full
