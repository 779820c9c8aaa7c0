"""The sign set: its notation, its files, and that it is what the benchmark promises."""

from pathlib import Path

import pytest

from benchmarks.sign_set import COLUMNS, DIRECTIONS, pairs, read_signs, renderings
from devices.errors import InputError, UnknownNameError
from language.codes import LANGUAGES, parse_language

HEADER = "\t".join(COLUMNS)
TARGETS = {target for _, target in DIRECTIONS}


def write(folder: Path, *rows: str) -> Path:
    (folder / "signs.tsv").write_text("\n".join(("# A theme.", HEADER, *rows)), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("Exit", ["Exit"]),
        ("Exit (left) | Way out", ["Exit (left)", "Way out"]),
        ("A | [Keep|Stay] off", ["A", "Keep off", "Stay off"]),
        ("A | (Please) wait", ["A", "wait", "Please wait"]),
        ("A | wait (here|there)", ["A", "wait", "wait here", "wait there"]),
        ("A | [do not (ever)|never] go", ["A", "do not go", "do not ever go", "never go"]),
        ("문 | 문을 [닫아|닫]으세요", ["문", "문을 닫아으세요", "문을 닫으세요"]),
        ("A | A | [A|B]", ["A", "B"]),
        ("12:00[a|b]", ["12:00[a|b]"]),
    ],
)
def test_the_notation_of_a_cell(cell: str, texts: list[str]) -> None:
    assert list(renderings(cell)) == texts


@pytest.mark.parametrize("cell", ["A | [b|c", "A | b)", "A | (b]", "A | ", "A | (b)", "A |" + " [a|b]" * 15])
def test_a_slip_of_the_notation_names_its_place(cell: str) -> None:
    with pytest.raises(InputError, match=r"signs\.tsv, line 7"):
        renderings(cell, "signs.tsv, line 7")


def test_rows_are_read_and_checked(tmp_path: Path) -> None:
    good = "\t".join(["exit", "Exit | Way out", "출구", "出口", "出口", "出口", "Salida", "Sortie", "Ausgang"])
    (sign,) = read_signs(write(tmp_path, good))
    assert (sign.id, sign.cells["en"], sign.cells["de"]) == ("exit", ("Exit", "Way out"), ("Ausgang",))
    for bad, reason in ((good.rsplit("\t", 1)[0], "expected 9 filled cells"), (f"{good}\n{good}", "used before")):
        read_signs.cache_clear()
        with pytest.raises(InputError, match=reason):
            read_signs(write(tmp_path, bad))


def test_a_direction_without_references_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="ko to en"):
        pairs("en", "fr")


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_every_direction_has_what_the_benchmark_promises(source: str, target: str) -> None:
    found = pairs(source, target)
    assert len(found) >= 340
    assert len({pair.id for pair in found}) == len({pair.source for pair in found}) == len(found)
    assert parse_language(source) != parse_language(target)
    numbers = sum(any(map(str.isdigit, pair.source)) for pair in found)
    assert 0.18 <= numbers / len(found) <= 0.4


def test_targets_have_several_renderings_and_sources_one() -> None:
    for sign in read_signs():
        for code in LANGUAGES:
            assert (len(sign.cells[code]) > 1) == (code in TARGETS), (sign.id, code)


def test_signs_are_short_and_some_have_two_clauses() -> None:
    english = [sign.cells["en"][0] for sign in read_signs()]
    assert max(len(text.split()) for text in english) <= 14
    two = [text for text in english if any(mark in text for mark in (". ", "? ", ", no ", ": ", "– "))]
    assert 0.15 <= len(two) / len(english) <= 0.4
