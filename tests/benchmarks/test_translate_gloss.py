"""What a gloss tells, by recall and precision."""

from pathlib import Path

import pytest

from benchmarks.held_out import HeldOut
from benchmarks.sign_accuracy import Question
from benchmarks.translate_gloss import Glossed, compared, gloss_quality, shares
from language.gloss import Lexicon
from language.lexicon_file import FILE_NAME, Candidate, Row, Spellings, write_lexicon


@pytest.mark.parametrize(
    ("gloss", "references", "to", "expected"),
    [
        ("exit · emergency", ["Emergency exits", "Way out"], "en", Glossed(2, 2, 2, 2)),
        ("way · the/lift · 3", ["Emergency exit", "Way out"], "en", Glossed(2, 1, 2, 0)),
        ("출구 · 가다 · 물", ["출구로 가세요"], "ko", Glossed(3, 2, 6, 3)),
        ("出口 · …", ["出口はこちら"], "ja", Glossed(1, 1, 2, 2)),
        ("", ["Exit"], "en", None),
    ],
)
def test_words_without_grammar_are_compared(
    gloss: str, references: list[str], to: str, expected: Glossed | None
) -> None:
    assert compared(gloss, references, to) == expected


def test_a_text_without_a_gloss_counts_among_the_texts_only() -> None:
    found = shares([Glossed(2, 1, 4, 3), None])
    assert found == {"texts": 2, "glossed": 0.5, "recall": 0.75, "precision": 0.5}
    assert shares([None]) == {"texts": 1, "glossed": 0.0, "recall": None, "precision": None}


def test_everyday_texts_and_signs_are_measured_apart(tmp_path: Path) -> None:
    rows = [Row("salida", 8.0, (Candidate("exit", 0.9),))]
    write_lexicon(tmp_path / FILE_NAME, {"es-en": rows}, spellings=Spellings(), about="")
    dev = [HeldOut(tag, "Salida", "Exit", "es", "en") for tag in ("tatoeba", "pydocs")]
    sign = Question("Salida", "es", "en", ("Way out", "Exit"))
    found = gloss_quality({"es-en": dev}, [sign], Lexicon(tmp_path))
    assert found["everyday dev texts"]["es-en"] == {"texts": 1, "glossed": 1.0, "recall": 1.0, "precision": 1.0}
    assert found["signs"]["es-en"] == {"texts": 1, "glossed": 1.0, "recall": 0.0, "precision": 1.0}
