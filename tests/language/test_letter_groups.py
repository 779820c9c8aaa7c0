from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import MissingError
from language.han import HAN, HAN_TABLE, foreign_characters, han_groups, han_odds
from language.latin import LATIN, LATIN_TABLE, LONGEST, latin_groups, latin_odds
from language.letter_groups import STEP, GroupTable, read_table, rows_of


def test_the_score_is_the_sum_of_the_rows_over_the_root_of_their_number() -> None:
    units = np.zeros((8, 2), np.int8)
    (first,) = rows_of(["ab"], 8)
    units[first] = (50, -10)
    table = GroupTable(("x", "y"), units)
    assert table.score(["ab"]) == pytest.approx({"x": 50 * STEP, "y": -10 * STEP})
    assert table.score(["ab"] * 4) == pytest.approx({"x": 100 * STEP, "y": -20 * STEP})
    assert table.score([]) == {}


@given(st.lists(st.text()))
def test_a_group_has_one_row(groups: list[str]) -> None:
    rows = rows_of(groups, 1 << 4)
    assert all(0 <= row < 1 << 4 for row in rows)
    assert dict(zip(groups, rows, strict=True)) == {group: rows_of([group], 1 << 4)[0] for group in groups}


@pytest.mark.parametrize(("path", "languages"), [(LATIN_TABLE, LATIN), (HAN_TABLE, HAN)])
def test_the_installed_tables_fit(path: Path, languages: tuple[str, ...]) -> None:
    table = read_table(path, languages)
    assert table.units.shape[1] == len(languages)
    assert not table.units.flags.writeable
    assert path.stat().st_size < 300_000


@pytest.mark.parametrize("content", [None, b"", b"12345", bytes(3 * 4)])
def test_a_missing_or_damaged_table_is_named(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "some.table"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MissingError, match=r"some\.table"):
        read_table(path, ("x", "y"))


def test_words_are_cut_with_their_bounds() -> None:
    assert latin_groups("No 5!") == [" n", "no", "o ", " no", "no ", " no ", " no #"]
    assert latin_groups("42 !") == []


def test_characters_are_cut_with_the_bounds_of_their_run() -> None:
    assert han_groups("出口 A 男") == ["出", "口", " 出", "出口", "口 ", " 出口", "出口 ", "男", " 男", "男 ", " 男 "]
    assert han_groups("Exit") == []


def test_odds_are_for_every_language_or_for_none() -> None:
    assert tuple(latin_odds("Hallo")) == LATIN
    assert tuple(han_odds("出口")) == HAN
    assert latin_odds("出口 42") == han_odds("Hallo 42") == {}


def test_letters_of_no_alphabet_of_ours_speak_against_all() -> None:
    plain, strange = latin_odds("kawa"), latin_odds("kąwą")
    assert max(strange.values()) < min(0.0, max(plain.values()))


def test_a_character_set_tells_what_a_language_lacks() -> None:
    assert [foreign_characters("営業", code) for code in HAN] == [2, 1, 0]
    assert [foreign_characters("营业", code) for code in HAN] == [0, 2, 2]
    assert [foreign_characters("營業", code) for code in HAN] == [2, 0, 0]
    assert [foreign_characters("出口 EXIT 한글", code) for code in HAN] == [0, 0, 0]


def test_the_end_of_a_long_text_is_not_looked_at() -> None:
    text = "bitte warten " * 20
    assert latin_odds(text) == latin_odds(text[:LONGEST]) != {}


def test_a_caller_may_change_what_it_got() -> None:
    latin_odds("Hallo")["de"] = -100.0
    assert latin_odds("Hallo")["de"] > -100.0
