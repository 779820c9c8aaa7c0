import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import UnknownNameError
from language.glossed import lexicon_of
from language.lexicon_file import FILE_NAME, Candidate, Row, Spellings, write_lexicon
from language.neural import NeuralTranslator
from language.neural.folders import read_folder
from language.neural.network import Hypothesis, Request
from language.neural.translator import _is_misspelt
from tests.language.neural.tiny import SENTENCE, glossa_folder


def test_all_of_the_way(translator: NeuralTranslator) -> None:
    texts = ["신발을 벗어 주세요", "10:30", "Please wait here", "小心地滑", "Выход", ""]
    found = translator.translate(texts, source="auto", to="en")
    assert [told.source for told in found] == texts
    assert [told.engine for told in found] == ["glossa", "same", "same", "glossa", "none", "same"]
    assert found[0].target == SENTENCE
    assert found[0].source_lang == "ko"
    assert not found[0].sure
    assert 0 < found[0].confidence < 0.8


def test_numbers_that_a_network_forgets_are_shown(translator: NeuralTranslator) -> None:
    (told,) = translator.translate(["가격은 3,000원입니다"], source="auto", to="en")
    assert told.target == f"{SENTENCE} (₩3,000)"
    assert not told.sure


def test_parts_of_a_sign_are_translated_apart(translator: NeuralTranslator) -> None:
    (told,) = translator.translate(["출구 → 12번"], source="auto", to="en")
    assert told.target == f"{SENTENCE} → {SENTENCE} (12)"
    (told,) = translator.translate(["화장실 / Toilet"], source="auto", to="en")
    assert told.target == f"{SENTENCE} / Toilet"


def test_capitals_answer_in_capitals(translator: NeuralTranslator) -> None:
    (told,) = translator.translate(["DÉFENSE DE FUMER"], source="auto", to="en")
    assert told.target == SENTENCE.upper()


def test_neighbours_tell_the_language(translator: NeuralTranslator) -> None:
    alone, *_ = translator.translate(["Menu"], source="auto", to="en")
    beside, *_ = translator.translate(["Menu", "Défense de fumer dans la rue"], source="auto", to="en")
    assert (alone.source_lang, beside.source_lang) == ("und", "fr")
    (told,) = translator.translate(["Menu"], source="auto", to="en", neighbours=["fr", "fr", "en"])
    assert told.source_lang == "fr"
    han, *_ = translator.translate(["出口", "靴を脱いでください"], source="auto", to="en")
    assert han.source_lang == "ja"


def test_a_script_that_the_answer_should_not_have_is_no_answer(translator: NeuralTranslator) -> None:
    (told,) = translator.translate(["Please take off your shoes"], source="en", to="ko")
    assert (told.engine, told.target, told.confidence) == ("none", "Please take off your shoes", 0.0)


@pytest.mark.parametrize(("source", "to"), [("en", "fr"), ("zh-Hans", "zh-Hant"), ("de", "es")])
def test_directions_that_nobody_learnt(translator: NeuralTranslator, source: str, to: str) -> None:
    text = {"en": "Please wait", "zh-Hans": "请脱鞋", "de": "Bitte warten"}[source]
    (told,) = translator.translate([text], source=source, to=to)
    assert (told.engine, told.target) == ("none", text)


@dataclass
class Polyglot:
    """A network that says one word in each language that it is asked for."""

    words: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    def run(self, requests: Sequence[Request], *, avoid_repeats: bool = False) -> list[tuple[Hypothesis, ...]]:
        self.asked += [request.pieces[0] for request in requests]
        return [(Hypothesis(tuple(self.words[request.pieces[0]]), -0.2, True),) for request in requests]


def test_the_way_through_english_counts_for_less(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    translator = NeuralTranslator(folder)
    pieces = read_folder(folder)
    words = {f"<2{to}>": pieces.encode(word, "ko", to)[1:] for to, word in (("en", "The exit"), ("ja", "出口"))}
    network = Polyglot(words)
    monkeypatch.setattr(translator, "_network", network)
    (detour,) = translator.translate(["가격은 3,000원입니다"], source="ko", to="ja")
    assert network.asked[0] == "<2en>"
    assert network.asked[-1] == "<2ja>"
    assert (detour.target, detour.source_lang, detour.engine) == ("出口 (3,000ウォン)", "ko", "glossa")
    (direct,) = translator.translate(["The exit is on the left"], source="en", to="ja")
    assert direct.confidence > detour.confidence > 0
    assert not detour.sure


def test_no_english_no_way_on(tmp_path: Path) -> None:
    translator = NeuralTranslator(glossa_folder(tmp_path / "model", says="出口"))
    (direct,) = translator.translate(["The exit is on the left"], source="en", to="ja")
    (detour,) = translator.translate(["신발을 벗어 주세요"], source="ko", to="ja")
    assert (direct.target, direct.engine) == ("出口", "glossa")
    assert detour.engine == "none"


def test_an_unknown_language(translator: NeuralTranslator) -> None:
    with pytest.raises(UnknownNameError, match="Korean"):
        translator.translate(["출구"], source="auto", to="xx")


def test_sure_is_what_the_calibration_says(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "calibrated"
    shutil.copytree(folder, path)
    table = {"weights": {}, "intercepts": {"ko-en": 3.0}, "thresholds": {"ko-en": 0.9}, "length_ratios": {}}
    (path / "calibration.json").write_text(json.dumps(table), encoding="utf-8")
    texts = ["신발을 벗어 주세요", "가격은 3,000원입니다", "小心地滑"]
    korean, price, chinese = NeuralTranslator(path).translate(texts, source="auto", to="en")
    assert korean.sure
    assert korean.confidence == pytest.approx(0.953, abs=0.001)
    # A lost number, and a direction without a threshold, are never sure.
    assert not price.sure
    assert not chinese.sure


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_odd_text_never_raises(translator: NeuralTranslator, texts: list[str]) -> None:
    found = translator.translate(texts, source="auto", to="en")
    assert [told.source for told in found] == texts


def test_a_very_long_text_is_answered_whole(translator: NeuralTranslator) -> None:
    (told,) = translator.translate(["신발을 벗어 주세요. " * 60], source="auto", to="en")
    assert told.target.count("exit") > 3
    (told,) = translator.translate(["가" * 700], source="auto", to="en")
    assert told.engine == "glossa"


def test_word_tables_back_an_answer(folder: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(folder, tmp_path / "model"))
    rows = [Row("▁출구", 8.0, (Candidate("exit", 0.9),)), Row("▁왼쪽", 8.0, (Candidate("right", 0.9),))]
    write_lexicon(path / FILE_NAME, {"ko-en": rows}, spellings=Spellings(), about="")
    table = {"weights": {"support": 2.0}, "intercepts": {"ko-en": 0.0}, "thresholds": {}, "length_ratios": {}}
    (path / "calibration.json").write_text(json.dumps(table), encoding="utf-8")
    translator = NeuralTranslator(path)
    texts = ["출구", "출구 왼쪽", "왼쪽"]
    found = translator.evidence(texts, source="ko", to="en")
    assert [evidence and evidence.support for _, evidence in found] == [1.0, 0.5, 0.0]
    told = translator.translate(texts, source="ko", to="en")
    assert told[0].confidence > told[1].confidence > told[2].confidence == 0.5
    # Without the tables nothing backs it.
    (path / FILE_NAME).write_bytes(b"")
    lexicon_of.cache_clear()
    assert translator.translate(["출구"], source="ko", to="en")[0].confidence == 0.5


@pytest.mark.parametrize(
    ("source", "target", "misspelt"),
    [
        ("Pyeongyang", "Pyeongchang", True),
        ("Yuyuan Rd.", "Hyuan Rd.", True),
        ("Zimmer", "Room", False),
        ("출구", "출구", False),
    ],
)
def test_a_name_that_came_back_with_other_letters(source: str, target: str, misspelt: bool) -> None:
    assert _is_misspelt(source, target) == misspelt
