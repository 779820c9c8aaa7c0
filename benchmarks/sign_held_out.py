"""Whether the sign set is held out: which of its printed texts our own data could have taught to a translator.

Comes in: the signs. Goes out: one sentence for each text that the phrase book holds or that a template of the training
makes.
Corpora that the training reads from elsewhere are not looked into.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from benchmarks.sign_set import Sign, read_signs
from language.codes import LANGUAGES
from language.keys import key_of
from language.normalise import normalise
from language.phrasebook_files import matching_key, read_phrasebook
from language.slots import MARKS, patterns

_BEFORE = {
    "en": "the a an",
    "es": "el la los las un una del al",
    "fr": "le la les l un une de des du au aux",
    "de": "der die das den dem des ein eine einen einer einem im am ins zum zur vom",
}
_BEHIND = {"ko": "을 를 이 가 은 는 과 와 으로 로"}
"""What a template puts before or behind a word that runs in a sentence."""


def held_out_problems(signs: Iterable[Sign] | None = None, *, training: bool = True) -> list[str]:
    """Say in one sentence each which printed text is not held out; an empty list is a good one.

    `training=False` leaves out the templates, which a checkout without `language.training` does not have: asking for
    them there raises ModuleNotFoundError.
    """
    book: dict[tuple[str, str], str] = {}
    for concept in read_phrasebook():
        book |= {
            (code, matching_key(normalise(text))): concept.id for code in LANGUAGES for text in concept.cells[code]
        }
    templates = _templates() if training else {}
    problems = []
    for sign in read_signs() if signs is None else signs:
        for code, (printed, *_) in sign.cells.items():
            keys = list(dict.fromkeys(key_of(way.text) for way in patterns(normalise(printed))))
            found = [book[code, key] for key in keys if (code, key) in book]
            if found:
                problems.append(f"{sign.id}: the phrase book has {printed!r} ({code}, {found[0]}). Replace the row.")
            found = [one.id for key in keys for one in _beginning(templates, code, key) if one.makes(key)]
            if found:
                problems.append(f"{sign.id}: a template makes {printed!r} ({code}, {found[0]}). Replace the row.")
    return problems


@dataclass(frozen=True, slots=True)
class _Template:
    """One wording of a template, as what the keys of its texts look like."""

    id: str
    literals: tuple[str, ...]
    """The keys of what stands between the slots, one more than there are slots."""
    slots: tuple[Callable[[str], bool], ...]
    """For each slot whether a key may stand in it."""

    def may_make(self, key: str) -> bool:
        """Say quickly whether a closer look is worth it."""
        return key.endswith(self.literals[-1]) and all(literal in key for literal in self.literals)

    def makes(self, key: str, slot: int = 0) -> bool:
        """Say whether the template makes a text of this key, from a slot on."""
        if not key.startswith(self.literals[slot]):
            return False
        rest = key.removeprefix(self.literals[slot])
        if slot == len(self.slots):
            return not rest
        following, fits = self.literals[slot + 1], self.slots[slot]
        # The last slot reaches to the last literal.
        least = len(rest) - len(following) if slot + 1 == len(self.slots) else 0
        return any(
            rest.startswith(following, end) and fits(rest[:end]) and self.makes(rest[end:], slot + 1)
            for end in range(max(least, 0), len(rest) + 1 - len(following))
        )


def _beginning(templates: dict[tuple[str, str], list[_Template]], code: str, key: str) -> Iterator[_Template]:
    """Give the templates of a language that begin as a key does."""
    return (one for end in range(len(key) + 1) for one in templates.get((code, key[:end]), ()) if one.may_make(key))


def _templates() -> dict[tuple[str, str], list[_Template]]:
    """Read the templates of the training, by language and beginning."""
    from language.training.templates import SLOT, read_templates

    templates = read_templates()
    words = {
        (code, name): _words(code, frozenset(key_of(normalise(text)) for word in entries for text in word.cells[code]))
        for name, entries in templates.lists.items()
        for code in LANGUAGES
    }
    wordings: defaultdict[tuple[str, str], list[_Template]] = defaultdict(list)
    for row in templates.rows:
        for code, text in ((code, text) for code, texts in row.cells.items() for text in texts):
            found = list(SLOT.finditer(text))
            ends = [0, *(slot.end() for slot in found)]
            starts = [*(slot.start() for slot in found), len(text)]
            literals = [key_of(normalise(text[end:start])) for end, start in zip(ends, starts, strict=True)]
            slots = (_is_ending if slot[4] else words.get((code, slot[1].lower()), _is_amount) for slot in found)
            wordings[code, literals[0]].append(_Template(row.id, tuple(literals), tuple(slots)))
    return wordings


def _words(code: str, keys: Iterable[str]) -> Callable[[str], bool]:
    """Tell an entry of a list, as it is or with the article before it or the particle behind it."""
    before = _BEFORE.get(code, "").split()
    behind = _BEHIND.get(code, "").split()
    around = [("", ""), *((article, "") for article in before), *(("", particle) for particle in behind)]
    return frozenset(one + key + other for key in keys for one, other in around).__contains__


def _is_amount(key: str) -> bool:
    return key.isdecimal() or key in MARKS.values()


def _is_ending(key: str) -> bool:
    """Tell the choice between forms ("is/are"), which a template makes by another word."""
    return len(key) <= 8
