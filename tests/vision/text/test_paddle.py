"""A folder of PaddleOCR models: what is found in it, what is refused, and that Paddle reads as the others do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices import InputError, MissingError, UnknownNameError
from pipeline.engines import open_reader
from tests.test_privacy import ROOT, everything
from tests.vision.text.test_reader import reader_on, sheet
from vision.text import ReaderOptions, TextReader, paddle
from vision.text.detect import Detector, Scaling
from vision.text.paddle_files import FINDS, READS, find_models

DET = """PreProcess:
  transform_ops:
  - DecodeImage: {channel_first: false, img_mode: BGR}
  - DetLabelEncode: null
  - NormalizeImage: {mean: [0.485, 0.456, 0.406], order: hwc, scale: 1./255., std: [0.229, 0.224, 0.225]}
  - ToCHWImage: null
PostProcess: {name: DBPostProcess, thresh: 0.3}
"""
REC = """PreProcess:
  transform_ops:
  - RecResizeImg: {image_shape: [3, 48, 320]}
PostProcess: {name: CTCLabelDecode, character_dict: [a, 'b', 3, "'"]}
"""


def folder(place: Path, **settings: str) -> Path:
    for name, text in {"PP-OCRv5_det": DET, "PP-OCRv5_rec": REC, **settings}.items():
        (place / name).mkdir()
        (place / name / "inference.yml").write_text(text, encoding="utf-8")
        (place / name / "inference.json").write_text("{}", encoding="utf-8")
        (place / name / "inference.pdiparams").write_bytes(b"")
    return place


def test_the_models_are_told_apart_by_what_they_say_of_themselves(tmp_path: Path) -> None:
    finds, reads = find_models(folder(tmp_path, aaa="PostProcess: {name: Topk}"))
    assert (finds.purpose, reads.purpose) == (FINDS, READS)
    assert finds.program == tmp_path / "PP-OCRv5_det" / "inference.json"
    assert finds.scaling == Scaling((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    assert reads.characters == ("a", "b", "3", "'")


def test_an_older_program_is_found_too(tmp_path: Path) -> None:
    place = folder(tmp_path) / "PP-OCRv5_det"
    (place / "inference.json").rename(place / "inference.pdmodel")
    assert find_models(tmp_path)[0].program.name == "inference.pdmodel"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="is not a folder"):
        find_models(tmp_path / "nowhere")
    with pytest.raises(MissingError, match=r"no model that finds.*found no model folder"):
        find_models(tmp_path)
    folder(tmp_path)
    (tmp_path / "PP-OCRv5_rec" / "inference.pdiparams").unlink()
    with pytest.raises(MissingError, match="PP-OCRv5_rec: expected"):
        find_models(tmp_path)
    shutil.rmtree(tmp_path / "PP-OCRv5_rec")
    with pytest.raises(MissingError, match=r"no model that reads.*found PP-OCRv5_det"):
        find_models(tmp_path)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("PostProcess: [", "expected PaddleOCR's settings in YAML"),
        ("!!python/object/apply:os.system ['true']", "cannot read them"),
        ("[" * 3000, "cannot read them"),
        ("just words", "got str"),
        (REC.replace("48", "32"), r"\[3, 32, 320\]; expected PP-OCRv3"),
        (REC.replace("character_dict", "characters"), "under character_dict, got None"),
        (DET.replace("1./255.", "12"), "NormalizeImage with scale 1/255"),
        (DET.replace("0.229", "0"), "NormalizeImage with scale 1/255"),
        (DET.replace("1./255.", "x/y"), "NormalizeImage with scale 1/255"),
        ("# " + "x" * 4_000_000, "no model's settings"),
    ],
)
def test_settings_of_another_kind_are_refused(tmp_path: Path, settings: str, told: str) -> None:
    folder(tmp_path, aaa=settings)
    with pytest.raises(InputError, match=told):
        find_models(tmp_path)


@pytest.mark.parametrize("deed", ["py_func", "save_combine", "read_file"])
def test_a_program_that_asks_for_more_than_arithmetic_is_not_run(tmp_path: Path, deed: str) -> None:
    (folder(tmp_path) / "PP-OCRv5_det" / "inference.json").write_text(f'{{"ops":[{{"#":"1.{deed}"}}]}}')
    with pytest.raises(InputError, match=f"asks for {deed}"):
        find_models(tmp_path)


def test_names_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="--reader paddleocr:FOLDER"):
        open_reader("paddleocr")
    with pytest.raises(UnknownNameError, match=r"'steam'.*openvino, onnxruntime, paddleocr:FOLDER"):
        open_reader("steam")
    monkeypatch.setattr(paddle, "installed", lambda: False)
    with pytest.raises(MissingError, match=r"pip install 'glossa\[paddleocr\]'"):
        open_reader(f"paddleocr:{tmp_path}")


def test_a_network_gets_its_colours_as_it_wants_them() -> None:
    seen: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []

    def network(
        tensor: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        seen.append(tensor)
        return np.zeros((1, 1, *tensor.shape[2:]), np.float32)

    picture = np.full((64, 64, 3), (255, 51, 0), np.uint8)
    Detector(network, Scaling((0.1, 0.2, 0.4), (0.5, 0.25, 0.2))).find(picture, 0)
    assert seen[0][0, :, 0, 0] == pytest.approx([(0 - 0.1) / 0.5, (0.2 - 0.2) / 0.25, (1 - 0.4) / 0.2], abs=1e-5)
    Detector(network).find(picture, 0)
    assert seen[1][0, :, 0, 0] == pytest.approx([-1, -0.6, 1], abs=1e-5)


# With Paddle


@pytest.mark.models
def test_the_same_weights_read_the_same_in_either_format(paddle_models: Path) -> None:
    reader = TextReader(ReaderOptions(paddle=paddle_models, threads=1))
    ours, theirs = (one.read(sheet()) for one in (reader_on("onnxruntime"), reader))
    assert [region.text for region in theirs] == [region.text for region in ours]
    for mine, other in zip(ours, theirs, strict=True):
        assert other.score == pytest.approx(mine.score, abs=1e-3)
        assert other.quad == pytest.approx(mine.quad, abs=0.5)


@pytest.mark.e2e
def test_it_opens_no_connection_and_writes_nothing(paddle_models: Path, tmp_path: Path) -> None:
    """Through the real door with an empty home. Paddle asks for the C library's version in a shell; else only files."""
    log, home, out = tmp_path / "calls", tmp_path / "home", tmp_path / "out"
    watch = ("strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,socket", "-o", str(log))
    if shutil.which("strace") is None or subprocess.run([*watch, "true"], check=False).returncode:
        pytest.skip("system calls cannot be watched here: sudo apt-get install strace")
    (home / "tmp").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "sign.png"), sheet()[:, :, ::-1])
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home / "tmp")}
    words = ["photo", tmp_path / "sign.png", "-o", out, "--to", "en", "--reader", f"paddleocr:{paddle_models}"]
    ended = subprocess.run(
        [*watch, sys.executable, "-m", "pipeline.cli", *map(str, words)],
        capture_output=True, text=True, check=False, cwd=ROOT, env=surroundings,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert [path.name for path in out.iterdir()] == ["sign.en.png"]
    assert {path.relative_to(home).parts[:2] for path in everything(home)} <= {(".cache", "glossa")}
    assert [line for line in log.read_text().splitlines() if "AF_INET" in line] == []


@pytest.mark.models
@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("PP-OCRv6_small_det_infer/inference.json", b'{"a": 1}', "cannot load this model"),
        ("PP-OCRv6_small_det_infer/inference.json", b"\0\1\2", "cannot load this model"),
        ("PP-OCRv6_small_det_infer/inference.pdiparams", b"\0" * 5000, "cannot load this model"),
        ("PP-OCRv6_small_rec_infer/inference.yml", REC.encode(), "files of two models are mixed up"),
    ],
)
def test_damaged_models_are_errors(paddle_models: Path, tmp_path: Path, file: str, content: bytes, told: str) -> None:
    shutil.copytree(paddle_models, tmp_path / "models")
    (tmp_path / "models" / file).write_bytes(content)
    with pytest.raises(InputError, match=told):
        paddle.open_models(tmp_path / "models", 1)
