"""Faces and plates are gone from all that is written, sound is as it was, and what cannot be done is said.

The finder of faces is a stand-in that takes magenta patches for faces (see tests/vision/faces/stand_in.py), or knows
where the faces of a photograph are: what the real model misses cannot be measured here.
"""

import json
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
import pytest

from devices import MissingError, Rgb, Stamp
from devices.photo import read_photo
from devices.store import Store
from devices.store.adding import Own, add_own
from devices.video_in import VideoSource
from language.memory import Memory
from pipeline.anonymise import find_faces_model, hide_in_photo, open_faces
from pipeline.photo import translate_picture
from pipeline.video import Choices, translate_video
from tests.conftest import ROOT
from tests.pipeline.conftest import Door
from tests.pipeline.films import Board, pan, shoot, wall, write_clip
from tests.vision.faces.stand_in import FACE_PX, features, installed, with_face, yunet
from vision.faces import Face, FaceFinder
from vision.text import TextReader

FRAMES = 20
SIGN = Board("出口", (60, 60, 220, 110))
PLATE = Board("AB-123-CD", (330, 220, 260, 70), ink=(20, 20, 30), ground=(235, 235, 235))
UNSEEN = (4, 11, 12, 13)
"""Frames on which the face is there and the finder blinks."""


class Blinking:
    """A finder that sees where the patch was painted, but not on every frame."""

    name = "blinking"

    def __init__(self, places: list[tuple[int, int]]) -> None:
        self.places = places
        self.asked = -1

    def find(self, rgb: Rgb) -> list[Face]:
        self.asked += 1
        if self.asked in UNSEEN or self.asked < 2 or self.asked > 17:
            return []
        x, y = self.places[self.asked]
        return [Face((x, y, x + FACE_PX, y + FACE_PX), 0.9)]

    def find_small(self, rgb: Rgb) -> list[Face]:
        raise AssertionError("for pictures alone")


PLACES = [(340 + 6 * index, 60 + 2 * index) for index in range(FRAMES)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scene = wall(760, 420, [SIGN, PLATE])
    shots = [shoot(scene, pan(10 + 2 * index, 10)) for index in range(FRAMES)]
    pictures = [with_face(shot, *place) for shot, place in zip(shots, PLACES, strict=True)]
    return write_clip(tmp_path_factory.mktemp("anonymise") / "street.mp4", pictures, sound=True)


def pictures_of(path: Path) -> list[Rgb]:
    with VideoSource(path) as video:
        return [frame.rgb() for frame in video.frames()]


def sound_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(audio=0) if packet.size]


@pytest.mark.models
@pytest.mark.parametrize("layout", ["inplace", "split"])
def test_no_frame_of_a_film_shows_a_face_or_a_plate(
    clip: Path, tmp_path: Path, reader: TextReader, layout: str
) -> None:
    assert min(map(features, pictures_of(clip))) > 500
    out = tmp_path / "out.mp4"
    choices = Choices("en", layout=layout, findings=tmp_path / "f.jsonl", subtitles=tmp_path / "s.srt")
    faces = cast(FaceFinder, Blinking(PLACES))
    summary = translate_video(clip, out, choices, reader=reader, translator=Memory(), faces=faces)
    assert summary.signs == 1
    shown = pictures_of(out)
    assert len(shown) == FRAMES
    assert [seq for seq, picture in enumerate(shown) if features(picture) > 20] == []
    read = {region.text for picture in (shown[0], shown[-1]) for region in reader.read(picture)}
    assert not any("123" in (text or "") for text in read)
    if layout == "inplace":
        assert "Exit" in read
    for written in (tmp_path / "f.jsonl", tmp_path / "s.srt"):
        text = written.read_text(encoding="utf-8")
        assert "Exit" in text
        assert "AB-123" not in text
        assert "CD" not in text
    assert sound_of(out) == sound_of(clip)


@pytest.mark.models
def test_without_the_wish_nothing_is_hidden(clip: Path, tmp_path: Path, reader: TextReader) -> None:
    choices = Choices("en", findings=tmp_path / "f.jsonl")
    translate_video(clip, tmp_path / "out.mp4", choices, reader=reader, translator=Memory())
    assert min(map(features, pictures_of(tmp_path / "out.mp4"))) > 500
    assert "AB-123-CD" in (tmp_path / "f.jsonl").read_text(encoding="utf-8")


@pytest.mark.models
@pytest.mark.skipif(not installed(), reason="no stand-in for YuNet can be made: pip install onnx")
def test_through_the_door(glossa: Door, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))
    words = ["video", clip, "-o", tmp_path / "out.mp4", "--to", "en", "--anonymise"]
    said = glossa(*words).complaint()
    assert "Faces cannot be blurred" in said
    assert "glossa models pull yunet" in said
    assert not (tmp_path / "out.mp4").exists()
    model = yunet(tmp_path / "yunet.onnx")
    ended = glossa(*words, "--faces", model)
    assert ended.status == 0, ended.err
    assert [seq for seq, picture in enumerate(pictures_of(tmp_path / "out.mp4")) if features(picture) > 20] == []
    add_own(Store(), model, Own("my-faces", "faces"))
    assert glossa(*words[:3], tmp_path / "stored.mp4", *words[4:]).status == 0
    assert (tmp_path / "stored.mp4").read_bytes() == (tmp_path / "out.mp4").read_bytes()
    photo = tmp_path / "face.png"
    cv2.imwrite(str(photo), np.ascontiguousarray(pictures_of(clip)[0][:, :, ::-1]))
    ended = glossa("photo", photo, "-o", tmp_path / "o", "--to", "en", "--anonymise", "--faces", model,
                   "--findings", tmp_path / "f.jsonl")  # fmt: skip
    assert ended.status == 0, ended.err
    (written,) = (tmp_path / "o").iterdir()
    assert features(read_photo(written).rgb) <= 20
    records = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text("utf-8").splitlines()]
    assert [label["source"] for label in records[1]["labels"]] == ["出口"]


# Photographs


FACES = {
    "coco_000000075612.jpg": [(228, 222, 260, 254), (338, 176, 370, 210), (400, 190, 427, 221), (270, 182, 298, 214),
                              (424, 198, 444, 224), (369, 187, 391, 218), (155, 198, 197, 246)],
    "gesture_call_01.jpg": [(122, 150, 215, 262)],
}  # fmt: skip
"""By eye."""


class Knowing:
    """Finds the faces that somebody else found."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_small(self, rgb: Rgb) -> list[Face]:
        return [Face(tuple(map(float, box)), 0.9) for box in FACES[self.name]]  # type: ignore[arg-type]


@pytest.mark.models
@pytest.mark.parametrize("name", list(FACES))
def test_faces_in_photographs(name: str, reader: TextReader) -> None:
    path = ROOT.parent / "shared" / "media" / "objects" / name
    if not path.is_file():
        pytest.skip(f"no photograph: {path} does not exist")
    before = read_photo(path).rgb
    faces = cast(FaceFinder, Knowing(name))
    after, _ = translate_picture(
        before, Stamp("photo", 0, 0, 0.0), Choices("en"), reader=reader, translator=Memory(), faces=faces
    )
    for x0, y0, x1, y1 in FACES[name]:
        inside = slice(y0, y1), slice(x0, x1)
        sharp = [cv2.Laplacian(np.ascontiguousarray(rgb[inside]), cv2.CV_32F).var() for rgb in (before, after)]
        assert sharp[1] < sharp[0] / 20
    hidden, kept = hide_in_photo(before, [], faces)
    changed = (hidden != before).any(axis=2)
    assert kept == []
    assert changed.mean() < 0.25
    assert not changed[:60].any()


# Where the model comes from


def test_the_model_in_the_store_or_a_named_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLOSSA_MODELS", str(tmp_path / "store"))
    assert find_faces_model() is None
    with pytest.raises(MissingError, match="glossa models pull yunet"):
        open_faces()
    with pytest.raises(MissingError, match="glossa models pull yunet"):
        find_faces_model(str(tmp_path))
    (tmp_path / "face_detection_yunet_2023mar.onnx").write_bytes(b"x")
    (tmp_path / "another.onnx").write_bytes(b"x")
    assert find_faces_model(str(tmp_path)) == tmp_path / "face_detection_yunet_2023mar.onnx"
    assert find_faces_model("other.onnx") == Path("other.onnx")
