"""Zips that were damaged or made to annoy: whatever is wrong with them, it is one sentence."""

import io
import random
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from devices import InputError
from devices.store.archives import unzip
from vision.task_file import labels_in, read_task

KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def bundle(kind: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", kind) as archive:
        archive.writestr("hand.tflite", bytes(4) + b"TFL3" + bytes(range(256)) * 8)
        archive.writestr("labels.txt", "palm\nfist\n" * 40)
    return content.getvalue()


def damaged(whole: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    content = bytearray(whole)
    for _ in range(chance.choice((1, 3, 12))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content[: chance.randrange(len(content))] if chance.random() < 0.2 else content)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_anywhere_in_a_zip(kind: int, tmp_path: Path) -> None:
    path, refused = tmp_path / "a.zip", 0
    for seed in range(150):
        path.write_bytes(damaged(bundle(kind), seed))
        folder = tmp_path / str(seed)
        folder.mkdir()
        attempts: tuple[Callable[[], object], ...] = (partial(read_task, path), partial(unzip, path, folder))
        for attempt in attempts:
            try:
                attempt()
            except InputError:
                refused += 1
        labels_in(path.read_bytes())
    assert refused > 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_zip_is_read_however_it_is_packed(kind: int, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bundle(kind))
    assert set(read_task(path)) == {"hand.tflite"}
    assert labels_in(path.read_bytes()) == ["palm", "fist"] * 40
    (tmp_path / "out").mkdir()
    assert {one.name for one in unzip(path, tmp_path / "out")} == {"hand.tflite", "labels.txt"}
