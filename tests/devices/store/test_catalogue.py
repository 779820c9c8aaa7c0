"""The catalogue that comes with the install, and catalogues that should not be believed."""

import tomllib
from pathlib import Path

import pytest

from devices import InputError, UnknownNameError
from devices.store import known, read_catalogues, with_own
from devices.store.catalogue import FOLDER, TASKS
from devices.store.contents import inspect

ENTRY = """
[[model]]
id = "mine"
title = "Mine"
task = "text"
engine = "onnx"
licence = "MIT"
commercial = true
page = "https://example.org/"
[[model.files]]
name = "model.onnx"
url = "https://example.org/model.onnx"
size = 10
"""


def read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    read_catalogues([path])


def test_ours_has_every_task_and_all_that_the_documents_name() -> None:
    catalogue = known()
    assert {entry.task for entry in catalogue} == set(TASKS)
    for name in (
        "ppocrv5-rec-korean", "ppocrv5-rec-latin", "ppocrv4-rec-japanese", "yolox-nano", "yolox-tiny", "phi-3-mini",
        "llama-3-8b", "qwen2.5-0.5b", "opus-mt-ko-en", "firefox-ko-en", "whisper-tiny", "zipformer-ko", "nllb-600m",
        "gesture-recognizer", "hand-landmarker", "yunet",
    ):  # fmt: skip
        assert catalogue.entry(name).files
    assert {path.suffix for path in FOLDER.iterdir()} == {".toml"}


def test_non_commercial_models_ask() -> None:
    catalogue = known()
    assert catalogue.entry("nllb-600m").asks
    assert catalogue.entry("llama-3-8b").asks
    assert not catalogue.entry("yolox-nano").asks
    assert all(entry.asks for entry in catalogue if "NC" in entry.licence or "not stated" in entry.licence)


def test_no_pickle_can_be_pulled(tmp_path: Path) -> None:
    """What the store would refuse after the download is refused before it, with what to take instead."""
    catalogue = known()
    for entry in catalogue:
        for file in entry.files:
            pickled = file.name.endswith((".pt", ".pth", ".pkl", ".ckpt")) or file.name == "pytorch_model.bin"
            assert pickled == bool(entry.refused)
        if entry.refused:
            instead = entry.refused.rsplit("glossa models pull ", 1)[1]
            assert not catalogue.entry(instead).refused


def test_sizes_are_near_what_is_known_to_be_fetched() -> None:
    for entry in known():
        for file in entry.files:
            assert file.expected <= file.most
            assert file.url.startswith("https://")
            if file.packed and file.packed.size and file.size:
                assert file.packed.size < file.size


def test_names_like_the_one_that_was_meant() -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean .*yolox-nano"):
        known().entry("yolo-nano")


def test_an_own_catalogue_stands_beside_ours(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(ENTRY, encoding="utf-8")
    assert {"mine", "yolox-nano"} <= set(with_own([path]).entries)
    path.write_text(ENTRY.replace("mine", "yolox-nano"), encoding="utf-8")
    with pytest.raises(InputError, match="in Glossa's own catalogue already"):
        with_own([path])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"mine"', '"../mine"', "no id of a model"),
        ('"mine"', '"a/b"', "no id of a model"),
        ('"mine"', "7", "expected a text as 'id'"),
        ('"model.onnx"', '"../model.onnx"', "cannot be the name"),
        ('"model.onnx"', '"/etc/cron.d/x"', "cannot be the name"),
        ('"model.onnx"', '"glossa-model.json"', "cannot be the name"),
        ("https://example.org/model", "http://example.org/model", "is not protected"),
        ("https://example.org/model", "file:///etc/model", "no address"),
        ("https://example.org/model", "ftp://example.org/model", "begins with https"),
        ("https://example.org/model", "https://me:secret@example.org/model", "no address"),
        ("size = 10", "size = -1", "above 0"),
        ("size = 10", "", "either 'size' in bytes or 'about_mb'"),
        ("size = 10", "size = 10\nabout_mb = 1", "either 'size' in bytes or 'about_mb'"),
        ("size = 10", 'size = 10\nsha256 = "abc"', "64 hexadecimal digits"),
        ("size = 10", "about_mb = 1\npacked = {}", "anything could come out"),
        ("size = 10", "size = 10\ntrust = true", "unknown entry 'trust'"),
        ('task = "text"', 'task = "mind reading"', "expected one of text"),
        ("commercial = true", 'commercial = "yes"', "true or false"),
        ("[[model.files]]", 'opens = "other"\n[[model.files]]', "'opens' is 'other'"),
        ("[[model]]", "[model]", "expected a list of tables"),
        ("[[model]]", "[[model", "expected TOML"),
    ],
)
def test_catalogues_that_are_not_believed(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in ENTRY
    with pytest.raises(InputError, match=words):
        read(tmp_path, ENTRY.replace(old, new, 1))


def test_files_that_are_no_catalogue(tmp_path: Path) -> None:
    for data in (b"\xff\xfe\x00", b"a = " + b"[" * 100_000, b"x" * 3_000_000, b"[[model]]\n", b"\x00"):
        (tmp_path / "own.toml").write_bytes(data)
        with pytest.raises(InputError, match=r"Catalogue own\.toml"):
            read_catalogues([tmp_path / "own.toml"])
    with pytest.raises(InputError, match="cannot be read"):
        read_catalogues([tmp_path / "none.toml"])
    with pytest.raises(InputError, match="is there twice"):
        read(tmp_path, ENTRY + ENTRY)


def test_ours_is_ordinary_toml_and_no_model() -> None:
    for path in FOLDER.iterdir():
        assert tomllib.loads(path.read_text(encoding="utf-8"))["model"]
        inspect(path, path.name, [path.name])
