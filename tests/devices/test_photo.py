"""Photographs of every odd kind, made here and read back."""

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from devices import InputError, OutputError, Rgb
from devices.photo import read_photo, write_photo


@pytest.fixture
def picture() -> Rgb:
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[:, :20], rgb[:, 20:40], rgb[:, 40:] = (200, 40, 40), (40, 190, 60), (40, 50, 200)
    rgb[:10, :10] = 255
    return rgb


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path: Path, picture: Rgb, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = {
        1: picture, 2: picture[:, ::-1], 3: picture[::-1, ::-1], 4: picture[::-1],
        5: picture.transpose(1, 0, 2), 6: np.rot90(picture, 1), 7: np.rot90(picture, 2).transpose(1, 0, 2),
        8: np.rot90(picture, -1),
    }  # fmt: skip
    path = tmp_path / "turned.jpg"
    Image.fromarray(np.ascontiguousarray(stored[orientation])).save(path, quality=98, subsampling=0, exif=exif)
    frame = read_photo(path)
    assert frame.rgb.shape == picture.shape
    assert np.abs(frame.rgb.astype(int) - picture).mean() < 4
    assert not frame.rgb.flags.writeable
    assert (frame.stamp.source, frame.stamp.seq, frame.stamp.pts_ms) == ("turned.jpg", 0, 0.0)


def _deep(picture: Rgb, channels: int) -> np.ndarray[Any, np.dtype[np.uint16]]:
    deep = picture.astype(np.uint16) * 257
    return deep[..., ::-1].copy() if channels == 3 else deep[..., 0].copy()


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bits(tmp_path: Path, picture: Rgb, suffix: str, channels: int) -> None:
    path = tmp_path / f"deep{suffix}"
    assert cv2.imwrite(str(path), _deep(picture, channels))
    expected = picture if channels == 3 else np.repeat(picture[..., :1], 3, axis=2)
    assert np.abs(read_photo(path).rgb.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "I;16", "F", "LA", "RGBA", "PA"])
def test_modes(tmp_path: Path, picture: Rgb, mode: str) -> None:
    colour = Image.fromarray(picture)
    if mode == "I;16":
        image = Image.fromarray(_deep(picture, 1))
    elif mode == "PA":
        image = colour.convert("P")
        image.info["transparency"] = 255
    else:
        image = colour.convert("L").convert("F") if mode == "F" else colour.convert(mode)
    path = tmp_path / ("a.jpg" if mode in ("CMYK", "YCbCr") else "a.tif" if mode == "F" else "a.png")
    image.save(path)
    rgb = read_photo(path).rgb
    assert rgb.shape == (40, 60, 3)
    assert rgb.dtype == np.uint8
    if mode in ("RGB", "RGBA", "CMYK", "YCbCr", "P", "PA"):
        assert np.abs(rgb.astype(int) - picture).mean() < 14  # a palette is coarse
    else:
        assert rgb[:8, :8].min() > 180 > rgb[20, 50].max()


def test_alpha_lies_over_white(tmp_path: Path) -> None:
    rgba = np.zeros((2, 2, 4), np.uint8)
    rgba[0, 0], rgba[0, 1], rgba[1, 0] = (10, 20, 30, 255), (0, 0, 0, 0), (0, 0, 0, 128)
    path = tmp_path / "alpha.png"
    Image.fromarray(rgba).save(path)
    rgb = read_photo(path).rgb
    assert rgb[0, 0].tolist() == [10, 20, 30]
    assert rgb[0, 1].tolist() == [255, 255, 255]
    assert rgb[1, 0].tolist() == [127, 127, 127]


def test_one_pixel_and_a_hundred_million(tmp_path: Path) -> None:
    small, large = tmp_path / "1.png", tmp_path / "large.png"
    Image.new("RGB", (1, 1), (9, 8, 7)).save(small)
    assert read_photo(small).rgb.tolist() == [[[9, 8, 7]]]
    Image.new("1", (10_000, 10_000), 1).save(large)
    rgb = read_photo(large).rgb
    assert rgb.shape == (10_000, 10_000, 3)
    assert rgb[9_999, 9_999].tolist() == [255, 255, 255]
    limit = Image.MAX_IMAGE_PIXELS
    header = b"IHDR" + struct.pack(">IIBBBBB", 20_000, 10_001, 8, 2, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(header))
    large.write_bytes(
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + crc + struct.pack(">I", 64) + b"IDAT" + bytes(68)
    )
    with pytest.raises(InputError, match="megapixels"):
        read_photo(large)
    assert limit == Image.MAX_IMAGE_PIXELS


def test_inputs_that_are_no_picture(tmp_path: Path, picture: Rgb) -> None:
    text, empty, heic, cut, hurt = (tmp_path / name for name in ("a.jpg", "b.jpg", "c.heic", "d.jpg", "e.png"))
    text.write_text("한글 words, no picture\n" * 20)
    empty.touch()
    heic.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200))
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    for path in (cut, hurt):
        Image.fromarray(noise).save(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for path, expected in [
        (tmp_path / "none.jpg", "no such file"),
        (tmp_path, "folder"),
        (empty, "empty"),
        (text, "is text"),
        (heic, "HEIC"),
        (cut, "cut off"),
        (hurt, "cut off"),
    ]:
        with pytest.raises(InputError, match=expected) as caught:
            read_photo(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".JPEG", ".webp", ".tiff", ".bmp"])
def test_written_pictures_come_back(tmp_path: Path, picture: Rgb, suffix: str) -> None:
    path = tmp_path / f"한글 🙂{suffix}"
    write_photo(path, picture)
    assert np.abs(read_photo(path).rgb.astype(int) - picture).mean() < 4
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_unwritable_pictures(tmp_path: Path, picture: Rgb) -> None:
    with pytest.raises(OutputError, match=r"\.png"):
        write_photo(tmp_path / "a.xyz", picture)
    with pytest.raises(OutputError, match="does not exist"):
        write_photo(tmp_path / "no" / "a.png", picture)
    with pytest.raises(OutputError, match="cannot be written as JPEG"):
        write_photo(tmp_path / "a.jpg", np.zeros((1, 70_000, 3), np.uint8))
    assert list(tmp_path.iterdir()) == []
