"""Models are not trusted: damaged and hostile files, in every form that the store takes."""

import io
import os
import pickle
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from devices import InputError
from devices.store.archives import checked_members, gunzip, unzip
from devices.store.contents import inspect
from devices.store.names import checked_name
from devices.store.onnx_file import external_files
from tests.devices.store.model_files import field, gguf_bytes, onnx_bytes, tflite_bytes

REAL = Path(__file__).parents[4] / "shared" / "models" / "yolox_nano.onnx"


def task_bytes(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


Look = Callable[[str, bytes], None]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """`look(name, data)` inspects a file of those bytes."""

    def run(name: str, data: bytes) -> None:
        path = tmp_path / "file"
        path.write_bytes(data)
        inspect(path, name, [name, "weights.data"])

    return run


GOOD = {
    "model.onnx": onnx_bytes(),
    "model.tflite": tflite_bytes(),
    "hands.task": task_bytes(hand__tflite=tflite_bytes()),
    "model.gguf": gguf_bytes(),
    "model.safetensors": struct.pack("<Q", 2) + b"{}",
    "config.json": b'{"a": [1]}',
    "model.bin": b"\x06\x00\x00\x00any numbers",
    "words.txt": "나가는 곳\n".encode(),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_files_pass(look: Look, name: str) -> None:
    look(name, GOOD[name])


@pytest.mark.parametrize("name", [name for name in GOOD if not name.endswith((".bin", ".txt"))])
def test_damaged_files_are_named(look: Look, name: str) -> None:
    """The first half, other bytes, a web page, nothing: each is refused by name."""
    data = GOOD[name]
    for damaged in (data[: len(data) // 2], b"<html>404</html>" * 20, bytes(len(data)), b"\xff" * 500, b""):
        if name in ("model.tflite", "model.gguf") and damaged == data[: len(data) // 2]:
            continue  # its head is whole; the hash and the engine find the rest
        with pytest.raises(InputError, match=name.replace(".", r"\.")):
            look(name, damaged)


def test_chance_bytes_never_crash_the_inspection(look: Look) -> None:
    chance = random.Random(3)
    for name, data in GOOD.items():
        for _ in range(60):
            broken = bytearray(data)
            for _ in range(3):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                look(name, bytes(broken))
            except InputError as refusal:
                assert name in str(refusal)  # either it passes, or it is refused by name


@pytest.mark.parametrize("inside", ["graph", "node", "branch"])
@pytest.mark.parametrize(
    "outside", ["../../etc/passwd", "/etc/passwd", "C:\\x", "other.onnx", "weights.data/../../x", "a\x00b", ""]
)
def test_an_onnx_file_takes_no_weights_from_elsewhere(look: Look, inside: str, outside: str) -> None:
    if not outside:
        look("model.onnx", onnx_bytes(outside="weights.data", inside=inside))
        look("model.onnx", onnx_bytes(outside="./weights.data", inside=inside))
        return
    with pytest.raises(InputError, match="weights"):
        look("model.onnx", onnx_bytes(outside=outside, inside=inside))


def test_an_onnx_file_that_never_ends(look: Look) -> None:
    """Graphs within graphs: the walk keeps its own stack, and counts."""
    graph = b""
    for _ in range(40):
        graph = field(1, field(5, field(6, graph)))
    with pytest.raises(InputError, match="nested too deeply"):
        look("model.onnx", field(1, 8) + field(7, graph) + field(8, field(2, 17)))


def test_a_real_network() -> None:
    if not REAL.is_file():
        pytest.skip(f"no model: {REAL} does not exist")
    assert external_files(REAL) == set()
    inspect(REAL, REAL.name, [REAL.name])


class Evil:
    """Would run a program if it were ever opened."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.system, ("touch /tmp/glossa-was-here",)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_pickles_are_refused_under_any_name(look: Look, protocol: int) -> None:
    data = pickle.dumps([Evil()], protocol)
    for name in ("model.bin", "words.txt", "model.spm"):
        with pytest.raises(InputError, match="pickle"):
            look(name, data)
        with pytest.raises(InputError, match="pickle"):
            look(name, task_bytes(archive_data__pkl=data))


@pytest.mark.parametrize("name", ["model.pt", "model.PTH", "w.pkl", "w.ckpt", "w.npy", "run.py", "lib.so", "w.joblib"])
def test_files_that_may_hold_programs(look: Look, name: str) -> None:
    with pytest.raises(InputError, match="can hold programs"):
        look(name, b"anything")


def test_programs_under_other_names(look: Look) -> None:
    for data in (b"\x7fELF\x02\x01\x01", b"#!/bin/sh\n", b"\x93NUMPY\x01\x00"):
        with pytest.raises(InputError, match="holds a program"):
            look("model.bin", data)


def zip_with(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize(
    "name", ["../out.onnx", "/out.onnx", "a/../../out.onnx", "C:/out.onnx", "a\\..\\b.onnx", "con", "nul.onnx",
             ".hidden", "a/b/c/d/e.onnx", "a//b", "x" * 200, "glossa-model.json"]
)  # fmt: skip
def test_zips_that_lead_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(InputError, match="cannot be the name"):
        unzip(zip_with(tmp_path / "m.zip", ("good.onnx", b"1"), (name, b"2")), tmp_path / "in")
    assert list((tmp_path / "in").iterdir()) == []


def test_zips_with_links_doubles_and_bombs(tmp_path: Path) -> None:
    hostile: dict[str, list[tuple[str | zipfile.ZipInfo, bytes]]] = {
        "link": [(link("a.onnx"), b"/etc/passwd")],
        "twice": [("a.onnx", b"1"), ("A.onnx", b"2")],
        "fill a disk": [("a.onnx", bytes(40_000_000))],
        "holds 2001": [(f"{n}.onnx", b"") for n in range(2001)],
    }
    for what, members in hostile.items():
        with pytest.raises(InputError, match=what):
            checked_members(zip_with(tmp_path / "m.zip", *members))


def test_a_zip_that_says_less_than_it_holds(tmp_path: Path) -> None:
    path = zip_with(tmp_path / "m.zip", ("a.onnx", bytes(5_000_000)))
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.index(mark) + at
        data[start : start + 4] = struct.pack("<I", 100)
    path.write_bytes(bytes(data))
    (tmp_path / "in").mkdir()
    with pytest.raises(InputError, match="damaged"):
        unzip(path, tmp_path / "in")
    assert sum(one.stat().st_size for one in (tmp_path / "in").iterdir()) <= 1_000_000


def test_a_good_zip(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = zip_with(tmp_path / "m.zip", ("a/model.onnx", onnx_bytes()), ("config.json", b"{}"))
    assert [one.name for one in unzip(path, tmp_path / "in")] == ["model.onnx", "config.json"]
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="no whole zip"):
        unzip(path, tmp_path / "in")


def test_gzip_of_another_size(tmp_path: Path) -> None:
    import gzip

    path, out = tmp_path / "a.gz", tmp_path / "a"
    path.write_bytes(gzip.compress(bytes(100_000)))
    gunzip(path, out, 100_000)
    assert out.read_bytes() == bytes(100_000)
    for size, words in ((99_999, "more than"), (100_001, "expected 100001 bytes")):
        with pytest.raises(InputError, match=words):
            gunzip(path, out, size)
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(InputError, match="ends in the middle"):
        gunzip(path, out, 100_000)
    path.write_bytes(b"no gzip")
    with pytest.raises(InputError, match="no whole gzip"):
        gunzip(path, out, 100_000)


@pytest.mark.parametrize("name", ["model.onnx", "onnx/model.onnx", "PP-OCRv5_rec (1).onnx", "lex.50.50.koen.s2t.bin"])
def test_names(name: str) -> None:
    if "(" in name:
        with pytest.raises(InputError):
            checked_name(name)
    else:
        assert checked_name(name) == name
