"""The dev split: the bench chooses the rows that the training leaves out, from a folder or from the corpora."""

import lzma
from pathlib import Path

import pytest

from benchmarks.held_out import HeldOut, choose, load_split
from devices.errors import InputError
from language.training.corpora import DEV_ONE_IN, Pair, chance, split_dev, text_key

FILES = ("ko", "ja", "zh", "es", "fr", "de")


def held(count: int, salt: str = "") -> list[str]:
    """English sentences that are held out by their hash."""
    every = (f"sentence {salt}{number}" for number in range(count * DEV_ONE_IN * 3))
    return [text for text in every if chance(text_key(text)) < 1 / DEV_ONE_IN][:count]


def pairs(language: str, english: list[str], tag: str = "tatoeba") -> list[Pair]:
    return [Pair(tag, f"{language} {text}", text) for text in english]


def test_only_what_the_training_leaves_out_is_chosen() -> None:
    english = held(5)
    every = pairs("ko", [*english, *(f"trained {number}" for number in range(300))])
    split = choose({"ko": iter(every)})
    assert {row.target for row in split["ko-en"]} == {pair.english for pair in split_dev(every)[1]}
    assert {row.target for row in split["ko-en"]} >= set(english)
    assert [(row.source, row.target) for row in split["en-ko"]] == [(r.target, r.source) for r in split["ko-en"]]


def test_sentences_that_share_their_english_make_a_pair() -> None:
    english = held(3)
    split = choose({"ko": iter(pairs("ko", english[:2])), "ja": iter(pairs("ja", english[1:]))})
    assert split["ja-ko"] == [HeldOut("tatoeba", f"ja {english[1]}", f"ko {english[1]}", "ja", "ko")]


def test_chinese_is_told_by_its_script_and_dictionaries_only_speak_english() -> None:
    english = held(3)
    rows = [
        Pair("tatoeba", "请关门", english[0]),
        Pair("tatoeba", "請關門", english[1]),
        Pair("cedict", "門檻", english[2]),
    ]
    split = choose({"zh": iter(rows)})
    assert {row.source: row.source_lang for row in split["zh-en"]} == {
        "请关门": "zh-Hans",
        "請關門": "zh-Hant",
        "門檻": "zh-Hant",
    }
    assert [row.target for row in split["en-zh-Hans"]] == ["请关门"]
    assert [row.target for row in split["en-zh-Hant"]] == ["請關門"]


def test_a_prepared_folder_is_read_in_the_fixed_order(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "dev"
    folder.mkdir(parents=True)
    (folder / "en-ko.tsv").write_text("t\tExit\t출구\n", encoding="utf-8")
    (folder / "zh-en.tsv").write_text("t\t请关门\tPlease close the door\n", encoding="utf-8")
    split = load_split(tmp_path)
    assert list(split) == ["zh-en", "en-ko"]
    assert split["zh-en"] == [HeldOut("t", "请关门", "Please close the door", "zh-Hans", "en")]
    assert split == load_split(folder)


def test_corpora_are_read_once_and_read_again_when_they_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    english = held(4)

    def write(language: str, some: list[str]) -> None:
        text = "".join(f"tatoeba\t{language} {one}\t{one}\n" for one in some)
        (tmp_path / f"{language}-en.tsv.xz").write_bytes(lzma.compress(text.encode()))

    for language in FILES:
        write(language, english[:3])
    first = load_split(corpora=tmp_path)
    assert len(first["de-en"]) == 3
    with monkeypatch.context() as patch:
        patch.setattr("benchmarks.held_out.read_pairs", None)
        assert load_split(corpora=tmp_path) == first
    write("de", english)
    assert len(load_split(corpora=tmp_path)["de-en"]) == 4


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ko-en\.tsv\.xz.*--corpora.*--dev"):
        load_split(corpora=tmp_path)
    with pytest.raises(InputError, match="expected the dev split"):
        load_split(tmp_path)
