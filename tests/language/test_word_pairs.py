"""Words and short phrases as training pairs."""

from pathlib import Path

from language.lexicon_file import Candidate, Row
from language.training.word_pairs import read_word_pairs, write_word_pairs


def _row(key: str, text: str, *, score: float = 0.9, cost: float = 10.0) -> Row:
    return Row(key, cost, (Candidate(text, score),))


def _written(tmp_path: Path, direction: str, *rows: Row) -> list[tuple[str, str, float]]:
    write_word_pairs(tmp_path / "pairs.tsv", {direction: rows})
    return [pair for pairs in read_word_pairs(tmp_path / "pairs.tsv").values() for pair in pairs]


def test_a_certain_row_becomes_a_pair_and_a_frequent_one_weighs_more(tmp_path: Path) -> None:
    usual, frequent = _written(tmp_path, "de-en", _row("brücke", "bridge"), _row("haus", "house", cost=7.0))
    assert usual == ("brücke", "bridge", 1.0)
    assert frequent == ("haus", "house", 2.0)


def test_the_marks_of_korean_words_become_spaces_and_parts_of_words_are_left_out(tmp_path: Path) -> None:
    assert _written(tmp_path, "ko-en", _row("▁두▁손", "both hands"), _row("을▁다시", "again")) == [
        ("두 손", "both hands", 1.0)
    ]


def test_the_uncertain_the_empty_the_same_and_what_only_a_dictionary_says_are_left_out(tmp_path: Path) -> None:
    rows = [_row("oder", "or", score=0.5), _row("wohl", ""), _row("oem", "OEM"), _row("anhang", "annex", score=0.8)]
    assert _written(tmp_path, "de-en", *rows, Row("und", 3.0, ())) == []


def test_chinese_is_written_in_the_script_of_the_table(tmp_path: Path) -> None:
    write_word_pairs(tmp_path / "pairs.tsv", {"en-zh": [_row("chemistry", "化学")]})
    assert list(read_word_pairs(tmp_path / "pairs.tsv")) == ["en-zh-Hans"]


def test_a_missing_file_is_no_pairs(tmp_path: Path) -> None:
    assert not read_word_pairs(tmp_path / "pairs.tsv")
