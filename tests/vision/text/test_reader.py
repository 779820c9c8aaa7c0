"""Reading with the real models: one suite over every engine installed, then photographs as they come."""

import functools
import unicodedata
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices import MissingError, Rgb, Stamp, UnknownNameError
from devices.photo import read_photo
from vision.quad import bounds
from vision.text import ReaderOptions, TextReader
from vision.text.engine import ENGINES, installed_engines, load_network
from vision.text.models import DETECTOR, RECOGNISER, model_path
from vision.text.tesseract import data_folder, installed_languages
from vision.text.windows import Window

pytestmark = pytest.mark.models

SHEET = (("出口", 40, 90, 64), ("AUSGANG", 330, 90, 52), ("9:00-21:30", 40, 230, 52), ("本日のおすすめ", 40, 330, 48))


def sheet() -> Rgb:
    """Lines in several scripts on a grey ground, `(400, 640, 3)`."""
    picture = np.full((400, 640, 3), 205, np.uint8)
    for text, x, y, size in SHEET:
        cv2.putText(picture, text, (x, y), (20, 20, 30), cv2.FontFace("sans"), size, 500)
    return picture


def plain(text: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", text or "").split()).casefold()


@functools.cache
def reader_on(engine: str) -> TextReader:
    return TextReader(ReaderOptions(engine=engine))


@pytest.fixture(params=[*ENGINES, "paddleocr"])
def one(request: pytest.FixtureRequest) -> TextReader:
    """Every reader that is installed."""
    if request.param == "paddleocr":
        return TextReader(ReaderOptions(paddle=request.getfixturevalue("paddle_models")))
    if request.param not in installed_engines():
        pytest.skip(f"the engine is not installed: pip install {request.param}")
    return reader_on(request.param)


# Every reader


def test_a_reader_reads_what_is_written(one: TextReader) -> None:
    regions = one.read(sheet())
    assert sorted(plain(region.text) for region in regions) == sorted(plain(text) for text, *_ in SHEET)
    assert [region.script for region in regions if plain(region.text) == "本日のおすすめ"] == ["kana"]
    for region in regions:
        _, x, y, size = next(entry for entry in SHEET if plain(entry[0]) == plain(region.text))
        x0, y0, _, y1 = bounds(region.quad)
        assert x0 == pytest.approx(x, abs=0.4 * size)
        assert y0 < y - 0.5 * size < y1


def test_a_reader_reads_the_same_twice(one: TextReader) -> None:
    first, second = (one.read(sheet()) for _ in range(2))
    assert [(r.text, r.score, r.quad.tobytes()) for r in first] == [(r.text, r.score, r.quad.tobytes()) for r in second]


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 500, 3), (40, 5, 3), (64, 64, 3)])
def test_a_reader_finds_nothing_in_nothing(one: TextReader, shape: tuple[int, int, int]) -> None:
    assert one.read(np.full(shape, 128, np.uint8)) == []


def test_a_reader_finds_and_reads_apart(one: TextReader) -> None:
    quads = one.find(sheet(), 320)
    assert len(quads) == len(SHEET)
    regions = one.read_lines(sheet(), quads[:2], Stamp("camera", 7, 8, 9.0))
    assert [id(region.quad) for region in regions] == [id(quad) for quad in quads[:2]]
    assert {region.stamp.seq for region in regions} == {7}


def test_engines_agree() -> None:
    if len(installed_engines()) < 2:
        pytest.skip("only one engine is installed")
    read = [[region.text for region in reader_on(engine).read(sheet())] for engine in installed_engines()]
    assert all(texts == read[0] for texts in read)


def test_unknown_and_missing_engines_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnknownNameError, match="openvino, onnxruntime"):
        load_network(model_path(DETECTOR), "steam")
    monkeypatch.setattr("vision.text.engine.installed_engines", lambda: ["onnxruntime"])
    with pytest.raises(MissingError, match="pip install openvino"):
        load_network(model_path(DETECTOR), "openvino")


def test_models_are_found_and_a_missing_one_names_the_command() -> None:
    assert model_path(DETECTOR).stat().st_size > 1_000_000
    assert model_path(RECOGNISER).stat().st_size > 1_000_000
    with pytest.raises(MissingError, match="pip install"):
        model_path("PP-OCRv99.onnx")


# Turned and vertical


@pytest.mark.parametrize(("quarters", "expected"), [(1, "AUSGANG"), (2, "AUSGANG"), (3, "AUSGANG")])
def test_turned_pictures(reader: TextReader, quarters: int, expected: str) -> None:
    turned = np.ascontiguousarray(np.rot90(sheet(), quarters))
    assert expected in [region.text for region in reader.read(turned)]


def test_columns(reader: TextReader) -> None:
    picture = np.full((420, 420, 3), 225, np.uint8)
    for column, x in (("本日休業", 280), ("営業時間", 90)):
        for row, letter in enumerate(column):
            cv2.putText(picture, letter, (x, 110 + 72 * row), (30, 20, 20), cv2.FontFace("sans"), 60, 500)
    regions = {region.text: region for region in reader.read(picture)}
    assert set(regions) == {"本日休業", "営業時間"}
    x0, y0, x1, y1 = bounds(regions["本日休業"].quad)
    assert y1 - y0 > 2 * (x1 - x0)
    assert x0 > 250


# Photographs


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("es_sign_peligro.png", ["PELIGRO", "PERSONAL SIN", "AUTORIZACIÓN", "MANTENERSE FUERA"]),
        ("ja_no_litter_minato.jpg", ["ポイ捨て禁止!", "NO LITTER", "清潔できれいな港区を"]),
        ("zh_bank_shopfront.jpg", ["中国农业银行", "AGRICULTURAL BANK OF CHINA"]),
        ("en_mall_all_year_round.jpg", ["ALL YEAR", "ROUND", "SALE", "70%"]),
    ],
)
def test_photographs(reader: TextReader, photographs: Path, name: str, expected: list[str]) -> None:
    read = [plain(region.text) for region in reader.read(read_photo(photographs / name).rgb)]
    missing = [text for text in expected if plain(text) not in read]
    assert missing == []


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_photograph_on_its_side_and_on_its_head(reader: TextReader, photographs: Path, quarters: int) -> None:
    rgb = np.ascontiguousarray(np.rot90(read_photo(photographs / "es_sign_peligro.png").rgb, quarters))
    read = [plain(region.text) for region in reader.read(rgb)]
    assert [text for text in ("PELIGRO", "MANTENERSE FUERA") if plain(text) not in read] == []


def test_vertical_menu(reader: TextReader, photographs: Path) -> None:
    """A wall of columns: what each says is in dispute, that they are read as Han is not."""
    rgb = read_photo(photographs / "zhtw_bbq_menu_vertical.jpg").rgb
    half = np.asarray(cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    assert "香港正宗" in {region.text for region in reader.read(half)}


# The second reader


@pytest.fixture
def korean() -> None:
    if "kor" not in installed_languages():
        pytest.skip("Tesseract reads no Korean here: pip install tesserocr; sudo apt-get install tesseract-ocr-kor")


@pytest.mark.parametrize("text", ["출구", "관계자 외 출입금지", "영업시간"])
def test_korean(reader: TextReader, korean: None, text: str) -> None:
    picture = np.full((240, 640, 3), 215, np.uint8)
    cv2.putText(picture, text, (60, 140), (25, 25, 25), cv2.FontFace("sans"), 56, 500)
    regions = reader.read(picture)
    assert [plain(region.text) for region in regions] == [plain(text)]
    assert regions[0].script == "hangul"


def test_the_second_reader_leaves_other_scripts_alone(reader: TextReader, korean: None) -> None:
    without = TextReader(ReaderOptions(second=False))
    assert [r.text for r in reader.read(sheet())] == [r.text for r in without.read(sheet())]


def test_without_language_data_there_is_no_second_reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert data_folder() is None
    assert installed_languages() == []


def test_a_part_of_the_picture_shows_the_same_lines_where_they_are() -> None:
    reader = reader_on(installed_engines()[0])
    picture = sheet()
    height, width = picture.shape[:2]
    whole = reader.find(picture, min(height, width))
    part = Window(0, 0, width, height // 2)
    upper = [quad for quad in whole if not part.cuts_off(quad, width, height) and quad[:, 1].max() < part.bottom]
    assert upper
    below = Window(0, height // 2, width, height)
    seen = reader.find(picture, min(height, width), part) + reader.find(picture, min(height, width), below)
    for quad in upper:
        assert min(float(np.abs(quad - other).max()) for other in seen) < 6
