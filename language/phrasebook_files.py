"""The phrase book as it lies on disk: tab-separated files that a translator can edit.

Comes in: a folder of `*.tsv`. Goes out: concepts, or a list of what is wrong with the files. Knows nothing of
matching.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from devices.errors import InputError
from language.codes import LANGUAGES
from language.keys import key_of
from language.normalise import normalise
from language.slots import MARKS, PLACEHOLDER

COLUMNS = ("id", *LANGUAGES)
"""The header line, tab-separated."""

SEPARATOR = " | "
"""Between the alternatives of one cell; the first is what we print."""

FOLDER = Path(__file__).parent / "phrasebook"
"""The phrase book that comes with the install."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One row: what a sign can say, in every language."""

    id: str
    cells: dict[str, tuple[str, ...]]
    """Alternatives by language code, at least one each."""


def read_phrasebook(folder: Path | None = None) -> tuple[Concept, ...]:
    """Read every concept of a folder (the installed one by default), in the order of file names and rows.

    Raises InputError where the folder is missing or a row has not one cell for each column.
    """
    concepts = []
    for path, number, cells in _rows(_files(folder or FOLDER)):
        if len(cells) != len(COLUMNS) or not all(map(str.strip, cells)):
            raise InputError(
                f"Phrase book {path.name}, line {number}: expected {len(COLUMNS)} filled cells "
                f"({' '.join(COLUMNS)}), got {len(cells)}. Separate the cells by single tabs."
            )
        columns = (tuple(part.strip() for part in cell.split(SEPARATOR)) for cell in cells[1:])
        concepts.append(Concept(cells[0].strip(), dict(zip(COLUMNS[1:], columns, strict=True))))
    return tuple(concepts)


def check_phrasebook(folder: Path | None = None) -> list[str]:
    """Say in one sentence each what is wrong with a phrase book; an empty list is a good one.

    Checked: header, nine filled cells, empty alternatives, the same placeholders in every alternative, ids used once,
    and that no text of a language stands in two rows unless these rows print the same in every other language.
    """
    problems = [
        f"{path.name}: the header is not {' '.join(COLUMNS)}."
        for path in _files(folder or FOLDER)
        if _header(path) != list(COLUMNS)
    ]
    ids: dict[str, str] = {}
    texts: dict[tuple[str, str], list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for path, number, cells in _rows(_files(folder or FOLDER)):
        place = f"{path.name}:{number}"
        if len(cells) != len(COLUMNS):
            problems.append(f"{place}: {len(cells)} cells instead of {len(COLUMNS)}.")
            continue
        name = cells[0]
        if name in ids:
            problems.append(f"{place}: the id {name} is already used at {ids[name]}.")
        ids[name] = place
        printed = {code: cell.split(SEPARATOR)[0].strip() for code, cell in zip(LANGUAGES, cells[1:], strict=True)}
        problems += _check_cells(place, cells)
        for code, cell in zip(LANGUAGES, cells[1:], strict=True):
            for key in {matching_key(normalise(part)) for part in cell.split(SEPARATOR)}:
                texts[code, key].append((place, printed))
    return problems + _check_homonyms(texts)


def matching_key(text: str) -> str:
    """Give the key that a normalised cell alternative is found by: placeholders as the marks of their kinds."""
    return key_of(PLACEHOLDER.sub(lambda match: MARKS[match[2]], text))


def _check_cells(place: str, cells: list[str]) -> list[str]:
    problems = []
    wanted = sorted(match[1] for match in PLACEHOLDER.finditer(cells[1].split(SEPARATOR)[0]))
    for code, cell in zip(LANGUAGES, cells[1:], strict=True):
        for part in cell.split(SEPARATOR):
            if not part.strip() or "|" in part:
                problems.append(f"{place}: an empty alternative or a stray bar in {code}: {cell!r}.")
            elif sorted(match[1] for match in PLACEHOLDER.finditer(part)) != wanted:
                problems.append(f"{place}: {code} {part!r} has not the placeholders {wanted}.")
            elif "{" in PLACEHOLDER.sub("", part) or not key_of(normalise(PLACEHOLDER.sub("", part))):
                problems.append(f"{place}: {code} {part!r} has an unknown placeholder or no words.")
    return problems


def _check_homonyms(texts: dict[tuple[str, str], list[tuple[str, dict[str, str]]]]) -> list[str]:
    problems = []
    for (code, key), rows in texts.items():
        place, printed = rows[0]
        for other_place, other in rows[1:]:
            differing = [to for to in printed if to != code and printed[to] != other[to]]
            if differing:
                others = ", ".join(differing)
                problems.append(
                    f"{other_place}: {code} {_readable(key)!r} also stands at {place}, with another {others}."
                )
    return problems


def _readable(key: str) -> str:
    for kind, mark in MARKS.items():
        key = key.replace(mark, f"{{{kind}}}")
    return key


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(f"No phrase book at {folder}: expected a folder of .tsv files. Give another folder.")
    return sorted(folder.glob("*.tsv"))


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return next((line.rstrip("\r\n").split("\t") for line in lines if not line.startswith("#")), [])


def _rows(paths: list[Path]) -> list[tuple[Path, int, list[str]]]:
    rows = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
            if line.strip() and not line.startswith(("#", "id\t")):
                rows.append((path, number, line.split("\t")))
    return rows
