"""Translators by their names: what `--engine` opens, and what it says when it cannot."""

import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

import pipeline.engines
from devices import MissingError, UnknownNameError
from language.glossed import Glossed
from language.lexicon_file import FILE_NAME, Spellings, write_lexicon
from language.memory import Memory
from language.neural import NeuralTranslator
from language.translation import Chain, Translation, Translator
from pipeline.doctor import report
from pipeline.engines import open_reader, open_translator
from tests.language.neural.tiny import glossa_folder
from vision.text import ReaderOptions


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return glossa_folder(tmp_path_factory.mktemp("models") / "model")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pipeline.engines, "NETWORK", tmp_path / "none")


def doctor() -> str:
    said = io.StringIO()
    report(Console(file=said, width=300))
    return said.getvalue()


def inside(opened: Translator) -> Translator:
    """What is behind the glosses."""
    assert isinstance(opened, Glossed)
    return opened.translator


def test_auto_is_the_memory_and_then_the_installed_network(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.engines, "NETWORK", folder)
    opened = inside(open_translator("auto"))
    assert isinstance(opened, Chain)
    assert [translator.name for translator in opened.translators] == ["memory", "glossa"]
    assert isinstance(inside(open_translator("glossa")), NeuralTranslator)
    assert isinstance(inside(open_translator("memory")), Memory)


@pytest.mark.usefixtures("no_network")
def test_without_the_network_auto_is_the_memory_and_glossa_says_so() -> None:
    assert isinstance(inside(open_translator("auto")), Memory)
    with pytest.raises(MissingError, match=r"did not come with this installation.*--engine memory"):
        open_translator("glossa")


@pytest.mark.usefixtures("no_network")
def test_a_folder_is_an_engine(folder: Path, tmp_path: Path) -> None:
    assert open_translator(str(folder)).name == "glossa"
    assert isinstance(inside(open_translator("auto", model=folder)), Chain)
    for missing in ("nowhere/model", str(tmp_path)):
        with pytest.raises(MissingError, match="expected"):
            open_translator(missing)


def test_a_model_that_was_named_is_never_passed_over_in_silence(tmp_path: Path) -> None:
    for engine in ("auto", "glossa"):
        with pytest.raises(MissingError, match="absent"):
            open_translator(engine, model=tmp_path / "absent")


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"'steam'.*auto, memory, glossa, apertium, or the path"):
        open_translator("steam")


def test_the_network_is_asked_once_for_what_the_memory_leaves_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []
    ask = NeuralTranslator.translate

    def counted(
        self: NeuralTranslator, texts: Sequence[str], *, source: str, to: str, neighbours: Sequence[str] = ()
    ) -> list[Translation]:
        calls.append(list(texts))
        return ask(self, texts, source=source, to=to, neighbours=neighbours)

    monkeypatch.setattr(NeuralTranslator, "translate", counted)
    opened = open_translator("auto", model=folder)
    told = opened.translate(["出口", "쿼크 벨벤티", "12:30", "츠비 콸라"], source="auto", to="en")
    assert [one.engine for one in told] == ["memory", "glossa", "same", "glossa"]
    assert calls == [["쿼크 벨벤티", "츠비 콸라"]]


def test_the_doctor_lists_the_engines(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.doctor.NETWORK", folder)
    monkeypatch.setattr("pipeline.doctor.has_network", lambda: True)
    said = doctor()
    assert all(name in said for name in ("memory: ", "glossa: our own network", "ctranslate2", "apertium"))
    monkeypatch.setattr("pipeline.doctor.has_network", lambda: False)
    assert "did not come with this version" in doctor()


@pytest.mark.parametrize(
    "damage", ["[]", "null", "[" * 100_000, '{"detector_ms": 3}', '{"detector_ms": {"openvino": []}}']
)
def test_the_doctor_outlives_a_damaged_measurement(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "engine.json").write_text(damage)
    monkeypatch.setattr("pipeline.doctor.cache_file", lambda: tmp_path / "engine.json")
    assert "speed of the engines not measured yet" in doctor()


def test_the_doctor_tells_of_the_word_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.doctor.NETWORK", tmp_path)
    assert "no word tables came" in doctor()
    path = tmp_path / FILE_NAME
    write_lexicon(path, {"ko-en": [], "en-ko": []}, spellings=Spellings(), about="")
    assert "gloss: word tables, en-ko, ko-en" in doctor()
    path.write_bytes(path.read_bytes()[:-1])
    assert "is damaged" in doctor()


def test_glosses_come_from_the_named_models_own_tables_or_else_from_the_installed(folder: Path, tmp_path: Path) -> None:
    own = Path(shutil.copytree(folder, tmp_path / "model"))
    write_lexicon(own / FILE_NAME, {}, spellings=Spellings(), about="")
    for model, tables in ((own, own), (folder, pipeline.engines.NETWORK)):
        opened = open_translator("glossa", model=model)
        assert isinstance(opened, Glossed)
        assert opened.folder == tables


def test_files_are_read_as_the_tune_found_best_unless_another_engine_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    best = ReaderOptions(engine="openvino", threads=3, precision="float32")
    monkeypatch.setattr(pipeline.engines, "TextReader", lambda options: options)
    monkeypatch.setattr(pipeline.engines, "preferred_engine", lambda: "onnxruntime")
    monkeypatch.setattr("pipeline.live.tuning.for_files", lambda engine: None if engine == "onnxruntime" else best)
    assert cast(ReaderOptions, open_reader()) == best
    assert cast(ReaderOptions, open_reader("onnxruntime")) == ReaderOptions(engine="onnxruntime")
    monkeypatch.setattr("pipeline.live.tuning.for_files", lambda engine: None)
    assert cast(ReaderOptions, open_reader()) == ReaderOptions(engine="onnxruntime")
