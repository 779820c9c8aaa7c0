import shutil
from pathlib import Path

import pytest

from devices.errors import GlossaError, InputError, MissingError
from language.neural import NeuralTranslator, open_folder
from language.neural.folders import read_folder
from language.protect import PLACES
from tests.language.neural.tiny import FLORES, M2M, SENTENCE, opus_folder, read_config, tagged_folder


def test_our_own_folder(folder: Path) -> None:
    pieces = read_folder(folder)
    assert (pieces.name, pieces.asks_source, pieces.keeps_places) == ("glossa", False, True)
    encoded = pieces.encode(f"출구 {PLACES[3]}", "ko", "en")
    assert encoded[0] == "<2en>"
    assert encoded.count(PLACES[3]) == 1
    assert pieces.decode(encoded[1:]) == f"출구 {PLACES[3]}"
    assert pieces.can("zh-Hant", "en")
    assert pieces.can("ja", "ko")
    assert not pieces.can("ko", "ja")
    assert not pieces.can("en", "fr")


def test_no_text_can_ask_for_a_language(folder: Path) -> None:
    assert "<2ko>" not in read_folder(folder).encode("<2ko> exit", "de", "en")


def test_opus_folder_tells_its_direction_by_its_name(tmp_path: Path) -> None:
    path = opus_folder(tmp_path / "opus-mt-ko-en")
    pieces = read_folder(path)
    assert pieces.name == "opus-mt"
    assert pieces.can("ko", "en")
    assert not pieces.can("en", "ko")
    assert pieces.encode("출구", "ko", "en")[-1] == "</s>"
    (told,) = NeuralTranslator(path).translate(["신발을 벗어 주세요"], source="auto", to="en")
    assert (told.target, told.engine, told.sure) == (SENTENCE, "opus-mt", False)


def test_opus_folder_from_marian_ends_the_source_itself(tmp_path: Path) -> None:
    path = opus_folder(tmp_path / "opus-mt-ja-en", from_transformers=False)
    assert read_config(path)["add_source_eos"] is True
    assert "</s>" not in read_folder(path).encode("出口", "ja", "en")


def test_opus_folder_without_a_telling_name_needs_to_be_told(tmp_path: Path) -> None:
    path = opus_folder(tmp_path / "mine")
    with pytest.raises(InputError, match="opus-mt-ko-en"):
        read_folder(path)
    assert read_folder(path, source="fr", to="en").can("fr", "en")
    (told,) = open_folder(path, source="fr", to="en").translate(["Défense de fumer"], source="fr", to="en")
    assert told.target == SENTENCE


def test_opus_folder_that_writes_several_scripts_is_asked_for_one(tmp_path: Path) -> None:
    pieces = read_folder(opus_folder(tmp_path / "opus-mt-en-zh", asking=(">>cmn_Hans<<", ">>cmn_Hant<<")))
    assert pieces.encode("exit", "en", "zh-Hant")[0] == ">>cmn_Hant<<"
    assert pieces.can("en", "zh-Hant")
    plain = read_folder(opus_folder(tmp_path / "opus-mt-en-jap"))
    assert plain.can("en", "ja")
    assert not plain.encode("exit", "en", "ja")[0].startswith(">>")


@pytest.mark.parametrize(
    ("name", "tags", "asking", "answering"),
    [("m2m-100", M2M, "__zh__", "__en__"), ("nllb", FLORES, "zho_Hant", "eng_Latn")],
)
def test_tagged_folders(tmp_path: Path, name: str, tags: tuple[str, ...], asking: str, answering: str) -> None:
    path = tagged_folder(tmp_path / "model", tags)
    pieces = read_folder(path)
    assert pieces.name == name
    encoded = pieces.encode("出口", "zh-Hant", "en")
    assert (encoded[0], encoded[-1]) == (asking, "</s>")
    assert pieces.prefix("en") == [answering]
    assert pieces.can("ko", "fr")
    assert not pieces.can("zh-Hans", "zh-Hant")
    assert pieces.can("en", "zh-Hant") is (name == "nllb")
    (told,) = NeuralTranslator(path).translate(["小心地滑"], source="auto", to="en")
    assert (told.target, told.engine) == (SENTENCE, name)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="nowhere"):
        NeuralTranslator(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("gone", "named"),
    [("model.bin", "model.bin"), ("glossa.model", "sentencepiece.bpe.model")],
)
def test_a_missing_file_is_named(folder: Path, tmp_path: Path, gone: str, named: str) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    (broken / gone).unlink()
    with pytest.raises(MissingError, match=named):
        NeuralTranslator(broken)


@pytest.mark.parametrize("side", ["source.spm", "target.spm"])
def test_a_missing_opus_tokenizer_is_named(tmp_path: Path, side: str) -> None:
    path = opus_folder(tmp_path / "opus-mt-ko-en")
    (path / side).unlink()
    with pytest.raises(MissingError, match=side):
        read_folder(path)


@pytest.mark.parametrize("damaged", ["model.bin", "glossa.model", "config.json", "shared_vocabulary.json"])
@pytest.mark.parametrize("content", [b"", b"no model at all", b"\x00\xff\xfe" * 99])
def test_a_damaged_file_is_an_error_with_a_sentence(folder: Path, tmp_path: Path, damaged: str, content: bytes) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    (broken / damaged).write_bytes(content)
    with pytest.raises(GlossaError, match="broken"):
        NeuralTranslator(broken)


def test_an_unknown_vocabulary(tmp_path: Path) -> None:
    path = tagged_folder(tmp_path / "model", ("xx_XX",))
    with pytest.raises(InputError, match="M2M-100"):
        read_folder(path)
