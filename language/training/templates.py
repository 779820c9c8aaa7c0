"""Training pairs that we make ourselves: templates filled from word lists, and what the phrase book holds.

Comes in: the tables of `templates/` and `templates/lists/`, the phrase book, a seed. Goes out: normalised sentence
pairs in all directions of the translator. Knows nothing of tokens, corpora or OCR noise.

A template is a row of the phrase book with slots. `{dish}` is an entry of `lists/dish.tsv`, `{dish2}` another one,
`{Dish}` begins with a capital, `{dish:을}` or `{shop:dem}` takes a particle or article (`agreement`), and
`{shop?is/are}` is no word at all but a choice by the number (or gender) of the word in the slot `shop`. Numbers, prices
and times are the slots of `amounts`. A row of a list may hold only an id: then the phrase book has the words,
or, written `item.bicycle`, another list.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from devices.errors import InputError
from language.codes import LANGUAGES
from language.normalise import normalise
from language.phrasebook_files import COLUMNS, SEPARATOR, Concept, read_phrasebook
from language.training import agreement, amounts

FOLDER = Path(__file__).parent / "templates"
DIRECTIONS = (
    *((code, "en") for code in LANGUAGES if code != "en"),
    *(("en", code) for code in ("ko", "ja", "zh-Hans", "zh-Hant")),
    *((code, "ko") for code in ("ja", "zh-Hans", "zh-Hant")),
)
"""(source, target) of every pair of languages that the translator serves."""
SLOT = re.compile(r"\{([A-Za-z]+)(\d?)(?::([^}?]+))?(?:\?([^}]*))?\}")
"""Group 1 is the list, 2 tells two of one list apart, 3 the form, 4 the choices."""
_OTHER_TARGET = 0.08  # how often the target is not the first wording of its cell
_JOINED_SHARE = 0.15
_TRIES = 12


@dataclass(frozen=True, slots=True)
class GeneratedPair:
    """One pair that we made; both texts are normalised."""

    tag: str
    """template, phrasebook or joined."""
    source_code: str
    source: str
    target_code: str
    target: str
    values: tuple[tuple[str, str], ...] = ()
    """The numbers, prices, times... in it, as they stand in source and target."""


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a word list; alternatives and a grammar mark by language code."""

    id: str
    cells: Mapping[str, tuple[str, ...]]
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates and the lists that fill them."""

    rows: tuple[Concept, ...]
    lists: Mapping[str, tuple[Word, ...]]


def generate(seed: int, count: int | Mapping[tuple[str, str], int]) -> Iterator[GeneratedPair]:
    """Yield for each direction the whole phrase book, then `count` pairs of templates and joined entries.

    The same seed gives the same pairs. No pair comes twice in a direction; where the templates have no more to say,
    there are fewer than `count`. Raises InputError for a template or list that is not well formed.
    """
    for source, to in DIRECTIONS:
        rng = random.Random(f"{seed} {source} {to}")
        wanted = count if isinstance(count, int) else count.get((source, to), 0)
        yield from phrasebook_pairs(source, to, rng)
        joined = int(wanted * _JOINED_SHARE)
        yield from joined_pairs(source, to, rng, joined)
        yield from template_pairs(source, to, rng, wanted - joined)


def phrasebook_pairs(source: str, to: str, rng: random.Random) -> Iterator[GeneratedPair]:
    """Yield every wording of every concept of the phrase book in one direction, onto its first wording."""
    for concept in _book():
        for wording in concept.cells[source]:
            yield _filled("phrasebook", wording, concept.cells[to][0], {}, rng, source, to)


def joined_pairs(source: str, to: str, rng: random.Random, count: int) -> Iterator[GeneratedPair]:
    """Yield `count` pairs of two short entries of the phrase book on one sign."""
    short = [
        concept for concept in _book() if not any("{" in text for text in (*concept.cells[source], *concept.cells[to]))
    ]
    for _ in range(count):
        sides = []
        chosen = rng.sample(short, 2 if rng.random() < 0.8 else 3)
        mark = rng.choice((" / ", " · ", " ", " ", ", ", " - "))
        for code, first in ((source, 0.6), (to, 1.0)):
            words = [cell[0] if rng.random() < first else rng.choice(cell) for cell in (c.cells[code] for c in chosen)]
            between = mark if mark.strip() or code not in ("ja", "zh-Hans", "zh-Hant") else rng.choice((" ", "\n"))
            sides.append(normalise((between if between != ", " or code[0] not in "jz" else "、").join(words)))
        yield GeneratedPair("joined", source, sides[0], to, sides[1])


def template_pairs(source: str, to: str, rng: random.Random, count: int) -> Iterator[GeneratedPair]:
    """Yield up to `count` different filled templates: each template once before any comes again."""
    templates = read_templates()
    decks = {name: _Deck(words, rng) for name, words in templates.lists.items()}
    open_rows, seen = list(templates.rows), set[tuple[str, str]]()
    while open_rows and count > 0:
        rng.shuffle(open_rows)
        for row in tuple(open_rows):
            for _ in range(_TRIES):
                pair = _from_template(row, decks, rng, source, to)
                if (pair.source, pair.target) not in seen:
                    break
            else:
                open_rows.remove(row)
                continue
            seen.add((pair.source, pair.target))
            yield pair
            count -= 1
            if not count:
                return


@cache
def read_templates(folder: Path = FOLDER) -> Templates:
    """Read the templates and their lists. Raises InputError naming the file and line that is not well formed."""
    book = {concept.id: concept for concept in _book()}
    lists: dict[str, tuple[Word, ...]] = {}
    paths = sorted((folder / "lists").glob("*.tsv"))
    # A list that borrows from another one comes after it.
    for path in sorted(paths, key=lambda path: _BORROWED.search(path.read_text(encoding="utf-8")) is not None):
        others = {f"{name}.{word.id}": word for name, words in lists.items() for word in words}
        lists[path.stem] = tuple(_read_list(path, book, others))
    return Templates(read_phrasebook(folder), lists)


def slots_of(text: str) -> set[str]:
    """Give the slots of a template that stand for words, in small letters: "dish", "dish2"."""
    return {found[1].lower() + found[2] for found in SLOT.finditer(text) if not found[4]}


@cache
def _book() -> tuple[Concept, ...]:
    return read_phrasebook()


class _Deck:
    """The entries of a list in a random order, all of them before one comes again."""

    def __init__(self, words: Sequence[Word], rng: random.Random) -> None:
        self._words, self._rng, self._left = words, rng, list[Word]()

    def draw(self, taken: Sequence[Word]) -> Word:
        for _ in range(_TRIES):
            if not self._left:
                self._left = self._rng.sample(self._words, len(self._words))
            word = self._left.pop()
            if word not in taken:
                break
        return word


def _from_template(row: Concept, decks: Mapping[str, _Deck], rng: random.Random, source: str, to: str) -> GeneratedPair:
    words: dict[str, Word] = {}
    for name in sorted(slots_of(row.cells["en"][0])):
        kind = name.rstrip("23")
        if kind in decks:
            words[name] = decks[kind].draw(list(words.values()))
    wording = rng.choice(row.cells[source])
    answer = row.cells[to][0] if rng.random() >= _OTHER_TARGET else rng.choice(row.cells[to])
    return _filled("template", wording, answer, words, rng, source, to)


def _filled(
    tag: str, wording: str, answer: str, words: Mapping[str, Word], rng: random.Random, source: str, to: str
) -> GeneratedPair:
    values: dict[str, amounts.Amount] = {}
    for name in sorted(slots_of(wording) - words.keys()):
        kind = name.rstrip("23")
        values[name] = _after(values.get(kind), kind, rng, source, to, full=":bare" in wording + answer)
    left = {name: value.source for name, value in values.items()}
    right = {name: value.target for name, value in values.items()}
    said = {name: rng.choice(word.cells[source]) for name, word in words.items()}
    meant = {name: word.cells[to][0] for name, word in words.items()}
    texts = fill(wording, source, said | left, words), fill(answer, to, meant | right, words)
    pairs = (
        (left[name] if left[name] in texts[0] else left[name].removesuffix(" Uhr"), right[name]) for name in values
    )
    return GeneratedPair(
        tag,
        source,
        normalise(texts[0]),
        to,
        normalise(texts[1]),
        tuple((normalise(one), normalise(other)) for one, other in pairs),
    )


def _after(
    first: amounts.Amount | None, name: str, rng: random.Random, source: str, to: str, *, full: bool = False
) -> amounts.Amount:
    """Draw an amount; a second one of a kind is later or larger than the first, and written the same way.

    With `full`, a time has its minutes: 9–18 Uhr is a range of numbers to whom it is told without them.
    """
    for _ in range(30):
        value = amounts.draw(name, rng, source, to)
        if full and value.kind == "time" and not re.search(r"\d[.:h ]+\d", value.source):
            continue
        if first is None or (value.order > first.order and _shape(value) == _shape(first)):
            break
    return value


def _shape(value: amounts.Amount) -> str:
    number = r"\d+" if value.kind == "time" else r"\d[\d,.]*"
    return re.sub(number, "0", value.source).replace("오전", "오후").translate(_SHAPES)


def fill(text: str, code: str, texts: Mapping[str, str], words: Mapping[str, Word]) -> str:
    """Put texts into the slots of one wording, with the article or particle it asks for.

    Raises InputError for a form that does not exist.
    """

    def one(found: re.Match[str]) -> str:
        name = found[1].lower() + found[2]
        mark = words[name].marks.get(code, "") if name in words else "x"
        if found[4]:
            return agreement.choose(found[4], mark or agreement.english_mark(texts[name]))
        filled = texts[name]
        if found[3] == "bare":
            filled = filled.removesuffix(" Uhr").removeprefix("on ")
        elif found[3] and code == "ko":
            filled = agreement.with_particle(filled, found[3])
        elif found[3]:
            filled = agreement.with_article(filled, found[3], mark, code)
        return capital(filled) if found[1][0].isupper() else filled

    # The stop of "p.m." also ends the sentence.
    return capital(SLOT.sub(one, text).replace(".m..", ".m."))


def capital(text: str) -> str:
    """Make the first letter a capital, also behind a bracket or an inverted mark."""
    start = re.match(r"[¿¡(\"«]*", text)
    place = start.end() if start else 0
    return text[:place] + text[place : place + 1].upper() + text[place + 1 :]


def _read_list(path: Path, book: Mapping[str, Concept], others: Mapping[str, Word]) -> Iterator[Word]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith(("#", "id\t")):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if line in others:
            yield others[line]
            continue
        name, marks = cells[0], cells[-1].split() if len(cells) in (2, len(COLUMNS) + 1) else []
        if len(cells) <= 2 and name in book:
            found = book[name].cells
            columns = {code: _running(found[code], code, path.stem in _NAMES) for code in LANGUAGES}
        elif len(cells) in (len(COLUMNS), len(COLUMNS) + 1) and all(cells):
            columns = {code: tuple(cell.split(SEPARATOR)) for code, cell in zip(LANGUAGES, cells[1:], strict=False)}
        else:
            raise InputError(
                f"{path.name}, line {number}: expected an id of the phrase book, or {len(COLUMNS)} filled cells and "
                f"perhaps a grammar mark, got {len(cells)} cells. Separate the cells by single tabs."
            )
        if len(marks) not in (0, 4):
            raise InputError(f"{path.name}, line {number}: expected marks for en es fr de, got {marks}.")
        marks = marks or ["x" if path.stem in _NAMES else ""] * 4
        yield Word(name, columns, dict(zip(("en", "es", "fr", "de"), marks, strict=True)))


def _running(cell: tuple[str, ...], code: str, name: bool) -> tuple[str, ...]:
    """Turn a cell of the phrase book into words inside a sentence: no explanation in brackets, small letters."""
    bare = tuple(dict.fromkeys(re.sub(r" ?[（(].*?[)）]", "", text) for text in cell))
    if code in ("ko", "ja", "zh-Hans", "zh-Hant"):
        return bare
    # Another wording may have another gender.
    first = bare[0]
    if code != "de" and not name and not first[1:2].isupper() and not first.startswith(_CAPITALS):
        first = first[:1].lower() + first[1:]
    return (first,)


_BORROWED = re.compile(r"^[a-z-]+\.[a-z0-9-]+$", re.MULTILINE)
_NAMES = frozenset(("city", "country", "stop", "person"))
_CAPITALS = ("Korean", "Japanese", "Chinese", "Peking", "Kung", "Caesar", "Spanish", "Iberian", "Black F", "Forêt-N")
_SHAPES = str.maketrans("前上aA", "後下pP")
