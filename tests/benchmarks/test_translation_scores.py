"""Scores of translations: chrF and BLEU are sacrebleu's, numbers survive in every form that a reader understands."""

import pytest

from benchmarks.translation_scores import (
    has_number,
    keeps_numbers,
    length_class,
    score,
    signatures,
)


def test_a_perfect_corpus_scores_a_hundred_and_an_empty_one_nothing() -> None:
    texts = ["Please do not feed the birds.", "The museum is closed today."]
    found = score(texts, texts, "en")
    assert found is not None
    assert (found.texts, found.chrf, found.bleu) == (2, 100.0, 100.0)
    assert score([], [], "en") is None


def test_the_score_falls_with_the_words_that_are_wrong() -> None:
    expected = ["Please do not feed the birds in the park."]
    close = score(["Please do not feed birds in the park."], expected, "en")
    far = score(["The park is open."], expected, "en")
    assert close and far
    assert 100 > close.chrf > far.chrf
    assert 100 > close.bleu > far.bleu


def test_writing_without_spaces_is_cut_before_it_is_counted() -> None:
    for to, expected, said in (
        ("ja", "出口はこちらです", "出口はあちらです"),
        ("ko", "출구는 이쪽입니다", "출구는 저쪽입니다"),
    ):
        found = score([said], [expected], to)
        assert found and found.bleu > 20


def test_signatures_tell_how_it_was_computed() -> None:
    found = signatures(["en", "zh-Hans", "ko"])
    assert "nc:6" in found["chrF"]
    assert "tok:13a" in found["BLEU en"]
    assert "tok:zh" in found["BLEU zh-Hans"]
    assert "tok:char" in found["BLEU ko"]


@pytest.mark.parametrize(
    ("text", "name"), [("出口", "short"), ("a" * 20, "short"), ("a" * 21, "medium"), ("a" * 61, "long")]
)
def test_length_classes(text: str, name: str) -> None:
    assert length_class(text) == name


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("3,500원", "3,500 won"),
        ("１２番線", "Platform 12"),
        ("1.000 Euro", "1,000 euros"),
        ("5월 3일", "May 3"),
        ("2명", "Two people"),
        ("2nd floor", "二階"),
        ("3 tickets", "표 세 장"),
        ("07:30", "7:30"),
        ("no number", "none"),
        ("10 or 10", "10 und 10"),
    ],
)
def test_numbers_that_are_kept(source: str, target: str) -> None:
    assert keeps_numbers(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("3,500원", "350 won"),
        ("12番線", "Platform 1"),
        ("10 or 10", "10"),
        ("15 minutes", "fifteen minutes"),
        ("2명", "People"),
        ("Zone 4", "Zone"),
        ("3 tickets", "모두세"),
    ],
)
def test_numbers_that_are_lost(source: str, target: str) -> None:
    assert has_number(source)
    assert not keeps_numbers(source, target)
