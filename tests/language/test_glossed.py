"""Glosses beside translations: who gets one, and what a missing or damaged lexicon costs."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from language.glossed import Glossed, lexicon_of
from language.lexicon_file import FILE_NAME, Candidate, Row, Spellings, write_lexicon
from language.translation import MEMORY, NONE, SAME, Translation, worth_showing

UNSURE = Translation("Salida", "Exit", "es", "en", MEMORY, 0.5, False)


@dataclass(frozen=True)
class Fixed:
    """Answers everything alike."""

    answer: Translation
    name: str = "fixed"

    def translate(
        self, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        return [self.answer for _ in texts]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [Row("salida", 8.0, (Candidate("exit", 0.9), Candidate("way out", 0.6)))]
    write_lexicon(tmp_path / FILE_NAME, {"es-en": rows}, spellings=Spellings(), about="")
    return tmp_path


def gloss_of(answer: Translation, folder: Path) -> str:
    (told,) = Glossed(Fixed(answer), folder).translate([answer.source], source="auto", to="en")
    return told.gloss


def test_what_is_not_sure_comes_with_a_gloss_and_the_name_is_the_translators(folder: Path) -> None:
    assert gloss_of(UNSURE, folder) == "exit/way out"
    assert Glossed(Fixed(UNSURE), folder).name == "fixed"


def test_what_nobody_knows_and_what_is_hardly_a_guess_have_a_gloss_too(folder: Path) -> None:
    assert gloss_of(Translation("Salida", "Salida", "es", "en", NONE, 0.0, False), folder) == "exit/way out"
    guess = Translation("Salida", "Salt", "es", "en", "glossa", 0.01, False)
    (told,) = Glossed(Fixed(guess), folder).translate(["Salida"], source="es", to="en")
    assert worth_showing(told).gloss == "exit/way out"


@pytest.mark.parametrize(
    ("answer", "gloss"),
    [
        (Translation("Salida", "Exit", "es", "en", MEMORY, 0.9, True), ""),
        (Translation("Salida", "Salida", "es", "en", SAME, 0.7, False), ""),
        (Translation("Salida", "Salida", "und", "en", NONE, 0.0, False), ""),
        (Translation("Salida", "Exit", "es", "en", MEMORY, 0.5, False, gloss="way"), "way"),
    ],
)
def test_the_sure_the_readers_own_and_the_unknown_language_have_none(
    folder: Path, answer: Translation, gloss: str
) -> None:
    assert gloss_of(answer, folder) == gloss


def test_without_a_lexicon_there_are_no_glosses(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert gloss_of(UNSURE, tmp_path) == ""
    assert not caplog.records


def test_a_damaged_lexicon_costs_the_glosses_and_is_told_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = folder / FILE_NAME
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with caplog.at_level(logging.WARNING):
        assert gloss_of(UNSURE, folder) == ""
        assert gloss_of(UNSURE, folder) == ""
    assert [record.getMessage().startswith("No glosses: Lexicon ") for record in caplog.records] == [True]


def test_a_lexicon_is_opened_when_it_is_first_needed_and_once(folder: Path) -> None:
    lexicon_of.cache_clear()
    gloss_of(Translation("Salida", "Exit", "es", "en", MEMORY, 0.9, True), folder)
    assert lexicon_of.cache_info().misses == 0
    gloss_of(UNSURE, folder)
    gloss_of(UNSURE, folder)
    assert lexicon_of.cache_info().misses == 1
