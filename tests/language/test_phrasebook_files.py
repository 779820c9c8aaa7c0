from pathlib import Path

import pytest

from devices.errors import InputError
from language.phrasebook_files import COLUMNS, check_phrasebook, read_phrasebook

HEADER = "\t".join(COLUMNS)
EXIT = "exit\tExit\t출구\t出口\t出口\t出口\tSalida\tSortie\tAusgang"


def book(tmp_path: Path, *rows: str) -> Path:
    (tmp_path / "rows.tsv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return tmp_path


def test_the_shipped_book_has_no_problems_and_at_least_3600_concepts() -> None:
    assert check_phrasebook() == []
    assert len(read_phrasebook()) >= 3600


def test_a_good_book(tmp_path: Path) -> None:
    folder = book(tmp_path, "# comment", EXIT, "")
    assert check_phrasebook(folder) == []
    (concept,) = read_phrasebook(folder)
    assert concept.id == "exit"
    assert concept.cells["ko"] == ("출구",)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([EXIT.rsplit("\t", 1)[0]], "8 cells instead of 9"),
        ([EXIT.replace("Salida", " ")], "empty alternative"),
        ([EXIT.replace("Salida", "Salida | ")], "empty alternative"),
        ([EXIT.replace("Salida", "Salida|Puerta")], "stray bar"),
        ([EXIT.replace("Salida", "Salida {number}")], "has not the placeholders []"),
        ([EXIT.replace("Salida", "Salida {name}")], "unknown placeholder"),
        ([EXIT, EXIT], "already used"),
        ([EXIT, EXIT.replace("exit", "out").replace("Exit", "Way out")], "'出口' also stands at"),
    ],
)
def test_each_problem_is_named_with_its_place(tmp_path: Path, rows: list[str], problem: str) -> None:
    problems = check_phrasebook(book(tmp_path, *rows))
    assert any(problem in text and "rows.tsv:" in text for text in problems)


def test_a_wrong_header_is_named(tmp_path: Path) -> None:
    (tmp_path / "rows.tsv").write_text(EXIT + "\n", encoding="utf-8")
    assert any("header" in text for text in check_phrasebook(tmp_path))


def test_a_homonym_may_stand_twice_where_it_means_one_thing(tmp_path: Path) -> None:
    assert check_phrasebook(book(tmp_path, EXIT, EXIT.replace("exit", "way-out", 1))) == []


def test_a_book_that_cannot_be_read_says_where(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rows\.tsv, line 2"):
        read_phrasebook(book(tmp_path, "exit\tExit"))
    with pytest.raises(InputError, match="No phrase book"):
        read_phrasebook(tmp_path / "missing")
