"""Damaged and unusual films and pictures through the real door: what can be decoded is translated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from devices.photo import read_photo
from devices.video_in import VideoSource
from tests.pipeline.films import SIGN, Board, names, packets, pan, picture_of_a_sign, shoot, times_ms, wall, write_clip

if TYPE_CHECKING:
    from tests.pipeline.conftest import Door

pytestmark = pytest.mark.e2e


# Damage: what can be decoded is translated


def test_truncated_in_the_middle(glossa: Door, tmp_path: Path) -> None:
    scene = wall(700, 400, [Board("出口", (200, 100, 240, 120))])
    pictures = [shoot(scene, pan(index, 10)) for index in range(40)]
    whole = write_clip(tmp_path / "whole.mkv", pictures)
    path, out = tmp_path / "cut.mkv", tmp_path / "out.mp4"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    outcome = glossa("video", path, "-o", out, "--findings", tmp_path / "f.jsonl", "--to", "en", "-q")
    said = outcome.err.splitlines()
    assert len(said) == 1, outcome.err
    assert said[0].startswith(f"glossa: {path}: decoded ")
    got = len(times_ms(out))
    assert 5 < got < 40
    assert f"decoded {got} of about" in said[0]
    assert outcome.status == 0
    records = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text().splitlines()]
    assert f"decoded {got}" in records[-1]["damage"]
    assert records[1]["labels"][0]["target"] == "Exit"


def test_mp4_without_its_index(glossa: Door, tmp_path: Path, short_clip: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(short_clip.read_bytes()[: short_clip.stat().st_size // 2])
    assert "cut off" in glossa("video", path, "--to", "en").complaint()
    assert names(tmp_path) == {"cut.mp4"}


# Unusual, but good


def test_variable_frame_rate_keeps_its_times(glossa: Door, tmp_path: Path) -> None:
    times = [0.0, 40.0, 50.0, 133.5, 400.0, 401.0, 433.0, 900.0, 1500.0]
    scene = wall(400, 260, [SIGN])
    pictures = [shoot(scene, pan(index, 0), (320, 240)) for index in range(len(times))]
    path, out = write_clip(tmp_path / "in.mp4", pictures, times_ms=times), tmp_path / "out.mp4"
    assert glossa("video", path, "-o", out, "--to", "en", "-q").status == 0
    assert times_ms(out) == pytest.approx(times, abs=0.02)


def test_sound_is_copied_byte_for_byte_and_its_absence_is_no_trouble(
    glossa: Door, tmp_path: Path, short_clip: Path
) -> None:
    out = tmp_path / "with.mp4"
    assert glossa("video", short_clip, "-o", out, "--to", "en", "-q").status == 0
    assert packets(out, "audio") == packets(short_clip, "audio")
    assert len(packets(out, "audio")) > 5
    silent = write_clip(tmp_path / "silent.mp4", [picture_of_a_sign()] * 3)
    assert glossa("video", silent, "-o", tmp_path / "without.mp4", "--to", "en", "-q").status == 0
    with av.open(str(tmp_path / "without.mp4")) as media:
        assert len(media.streams.audio) == 0


def test_rotated_video_comes_out_upright_and_translated(glossa: Door, tmp_path: Path) -> None:
    upright = wall(240, 320, [Board("出口", (20, 90, 200, 110))])
    stored = np.ascontiguousarray(np.rot90(upright))  # a quarter turn to the left, undone by the display matrix
    path = write_clip(tmp_path / "phone.mp4", [stored] * 4, turn_deg=-90)
    out, findings = tmp_path / "out.mp4", tmp_path / "f.jsonl"
    assert glossa("video", path, "-o", out, "--findings", findings, "--to", "en", "-q").status == 0
    with VideoSource(out) as result:
        assert (result.info.width, result.info.height, result.info.rotation_deg) == (240, 320, 0)
        shown = next(iter(result.frames())).rgb()
    assert np.abs(shown[:80].astype(int) - upright[:80]).mean() < 8  # above the sign nothing is touched
    label = json.loads(findings.read_text().splitlines()[1])["labels"][0]
    assert (label["source"], label["target"]) == ("出口", "Exit")


def test_a_name_with_spaces_and_hangul(glossa: Door, tmp_path: Path, short_clip: Path) -> None:
    path = tmp_path / "서울 여행 (1).mp4"
    path.write_bytes(short_clip.read_bytes())
    outcome = glossa("video", path, "--to", "ko", "-q")
    assert (outcome.status, outcome.err) == (0, "")
    assert names(tmp_path) == {"서울 여행 (1).mp4", "서울 여행 (1).ko.mp4"}
    photo = tmp_path / "표지판 사진.png"
    Image.fromarray(picture_of_a_sign()).save(photo)
    assert glossa("photo", photo, "-o", tmp_path / "새 폴더", "--to", "ko", "-q").status == 0
    assert names(tmp_path / "새 폴더") == {"표지판 사진.ko.png"}


# Pictures


def test_one_pixel(glossa: Door, tmp_path: Path) -> None:
    path = tmp_path / "dot.png"
    Image.new("RGB", (1, 1), (9, 8, 7)).save(path)
    for layout, size in (("inplace", (1, 1)), ("split", (2, 1))):
        assert glossa("photo", path, "-o", tmp_path / layout, "--to", "en", "--layout", layout, "-q").status == 0
        assert Image.open(tmp_path / layout / "dot.en.png").size == size
    clip = write_clip(tmp_path / "dot.mp4", [np.full((2, 2, 3), 99, np.uint8)] * 2)
    assert glossa("video", clip, "-o", tmp_path / "o.mp4", "--to", "en", "-q").status == 0


def test_ten_thousand_pixels_square(glossa: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)  # for our own look at the result
    picture = np.full((10_000, 10_000), 200, np.uint8)
    cv2.putText(picture, "AUSGANG", (2500, 5400), (10, 10, 10), cv2.FontFace("sans"), 1000, 600)
    path = tmp_path / "huge.jpg"
    cv2.imwrite(str(path), picture)
    words = ("photo", path, "-o", tmp_path / "o", "--findings", tmp_path / "f.jsonl", "--to", "en", "-q")
    assert glossa(*words).status == 0
    size = Image.open(tmp_path / "o" / "huge.en.jpg").size
    assert size == (10_000, 10_000)
    label = json.loads((tmp_path / "f.jsonl").read_text().splitlines()[1])["labels"][0]
    assert label["target"] == "EXIT"
    x, y = np.mean(label["quad"], axis=0)
    assert 3000 < x < 7000
    assert 4400 < y < 5800


def test_grey_alpha_and_sixteen_bits(glossa: Door, tmp_path: Path) -> None:
    rgb = picture_of_a_sign()
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    Image.fromarray(np.dstack([rgb, np.full(grey.shape, 255, np.uint8)])).save(tmp_path / "alpha.png")
    cv2.imwrite(str(tmp_path / "deep.png"), grey.astype(np.uint16) * 257)
    cv2.imwrite(str(tmp_path / "deep colour.tiff"), rgb[:, :, ::-1].astype(np.uint16) * 257)
    paths = sorted(tmp_path.iterdir())
    findings = tmp_path / "f.jsonl"
    outcome = glossa("photo", *paths, "-o", tmp_path / "o", "--findings", findings, "--to", "en", "-q")
    assert (outcome.status, outcome.err) == (0, "")
    records = [json.loads(line) for line in findings.read_text().splitlines()]
    frames = [record for record in records if record["type"] == "frame"]
    assert [frame["file"] for frame in frames] == [path.name for path in paths]
    assert [[label["target"] for label in frame["labels"]] for frame in frames] == [["Exit"]] * len(paths)
    for name in names(tmp_path / "o"):
        assert read_photo(tmp_path / "o" / name).rgb.shape == rgb.shape


def test_portrait_by_exif(glossa: Door, tmp_path: Path) -> None:
    upright = wall(240, 320, [Board("出口", (20, 90, 200, 110))])
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a quarter turn to the right
    path, findings = tmp_path / "phone.jpg", tmp_path / "f.jsonl"
    Image.fromarray(np.ascontiguousarray(np.rot90(upright))).save(path, quality=95, exif=exif)
    assert glossa("photo", path, "-o", tmp_path, "--findings", findings, "--to", "en", "-q").status == 0
    shown = read_photo(tmp_path / "phone.en.jpg").rgb
    assert shown.shape == (320, 240, 3)
    assert np.abs(shown[:80].astype(int) - upright[:80]).mean() < 8
    label = json.loads(findings.read_text().splitlines()[1])["labels"][0]
    assert label["target"] == "Exit"


def test_one_bad_photo_does_not_cost_the_others(glossa: Door, tmp_path: Path) -> None:
    for name in ("a.png", "c.png"):
        Image.fromarray(picture_of_a_sign()).save(tmp_path / name)
    (tmp_path / "b.png").write_text("no picture")
    findings = tmp_path / "f.jsonl"
    paths = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    outcome = glossa("photo", *paths, "-o", tmp_path / "o", "--findings", findings, "--to", "en", "-q")
    assert str(tmp_path / "b.png") in outcome.complaint()
    assert names(tmp_path / "o") == {"a.en.png", "c.en.png"}
    summary = json.loads(findings.read_text().splitlines()[-1])
    assert (summary["frames"], summary["failed"]) == (2, 1)


def test_two_photos_of_one_name_do_not_overwrite_each_other(glossa: Door, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        Image.fromarray(picture_of_a_sign()).save(tmp_path / folder / "sign.png")
    paths = [tmp_path / "one" / "sign.png", tmp_path / "two" / "sign.png"]
    said = glossa("photo", *paths, "-o", tmp_path / "o", "--to", "en", "-q").complaint()
    assert "sign.en.png" in said
    assert names(tmp_path / "o") == {"sign.en.png"}
