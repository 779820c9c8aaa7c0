"""Reading video: times, turns, colours and damage, on clips made here."""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from PIL import Image

from devices import InputError, Rgb
from devices.video_in import VideoSource

if TYPE_CHECKING:
    from tests.devices.conftest import ClipMaker


def test_variable_frame_rate_keeps_every_time(clip: ClipMaker) -> None:
    with VideoSource(clip(times_ms=clip.VFR_MS)) as source:
        frames = list(source.frames())
    assert [frame.stamp.pts_ms for frame in frames] == pytest.approx(clip.VFR_MS, abs=0.012)
    assert [clip.count_of(frame.rgb()) for frame in frames] == list(range(len(clip.VFR_MS)))
    assert [frame.stamp.seq for frame in frames] == list(range(len(clip.VFR_MS)))
    assert frames[3].stamp.captured_ns == pytest.approx(133_500_000, abs=12_000)
    assert source.damage is None


def test_two_passes_give_the_same_frames(clip: ClipMaker) -> None:
    with VideoSource(clip(times_ms=clip.VFR_MS)) as source:
        first = [(frame.stamp, frame.rgb().tobytes()) for frame in source.frames()]
        next(source.frames())  # an unfinished pass in between disturbs nothing
        second = [(frame.stamp, frame.rgb().tobytes()) for frame in source.frames()]
    assert first == second


def test_a_first_frame_that_is_late_in_the_file_is_time_zero(clip: ClipMaker) -> None:
    with VideoSource(clip(times_ms=[500.0, 540.0, 600.0])) as source:
        assert [frame.stamp.pts_ms for frame in source.frames()] == pytest.approx([0, 40, 100], abs=0.012)
        assert source.info.start_ms == pytest.approx(500, abs=1)


@pytest.mark.parametrize(
    ("turn_deg", "mirrored", "expected_deg", "mark"),
    [
        (0, False, 0, (0, 0)),
        (-90, False, 90, (0, 1)),
        (180, False, 180, (1, 1)),
        (90, False, 270, (1, 0)),
        (0, True, 0, (0, 1)),
    ],
)
def test_display_matrix_is_honoured(
    clip: ClipMaker, turn_deg: int, mirrored: bool, expected_deg: int, mark: tuple[int, int]
) -> None:
    with VideoSource(clip(turn_deg=turn_deg, mirrored=mirrored)) as source:
        frame = next(iter(source.frames()))
        info = source.info
    upright = (48, 64) if expected_deg in (90, 270) else (64, 48)
    assert (info.width, info.height, info.rotation_deg) == (*upright, expected_deg)
    assert frame.rgb().shape == (info.height, info.width, 3)
    assert frame.luma().shape == (info.height, info.width)
    bottom, right = mark
    for picture in (frame.rgb().mean(axis=2), frame.luma()):
        corner = picture[-6:, :] if bottom else picture[:6, :]
        corner = corner[:, -6:] if right else corner[:, :6]
        assert corner.mean() > 225  # the white mark lies in one corner only


def test_rotation_written_by_hand_into_the_track_header(clip: ClipMaker) -> None:
    path = clip()
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 4 + 20 + 8 + 8  # version 0: five times, then reserved, layer and volume
    assert struct.unpack(">9i", data[at : at + 36]) == (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    data[at : at + 36] = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 48 << 16, 0, 1 << 30)
    path.write_bytes(data)
    with VideoSource(path) as source:
        assert (source.info.width, source.info.height, source.info.rotation_deg) == (48, 64, 90)


@pytest.mark.parametrize("colour", [(1, 1, 1, 1), (2, 1, 1, 1), (1, 6, 6, 6), (1, 9, 9, 1)])
def test_colours_come_back(clip: ClipMaker, colour: tuple[int, int, int, int]) -> None:
    with VideoSource(clip(colour=colour, layout="yuv444p", options={"crf": "4"})) as source:
        frame = next(iter(source.frames()))
    assert source.info.colour.matrix == colour[1]
    assert np.abs(frame.rgb().astype(int) - clip.bars(0)).mean() < 3


def test_luma_is_the_decoders_own_memory_and_read_only(clip: ClipMaker) -> None:
    with VideoSource(clip(size=(50, 38))) as source:
        frame = next(iter(source.frames()))
    luma = frame.luma()
    assert luma.shape == (38, 50)
    assert not luma.flags.owndata
    assert not luma.flags.writeable
    assert frame.luma() is luma
    assert frame.rgb() is frame.rgb()
    assert not frame.rgb().flags.writeable
    assert luma[2, 2] > 225 > luma[30, 2]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("ten-bit.mp4", {"layout": "yuv420p10le"}),
        ("odd.mkv", {"codec": "libx264", "layout": "yuv444p", "size": (51, 37)}),
        ("webm.webm", {"codec": "libvpx-vp9", "container": "webm", "sound": "libopus"}),
        ("rgb.mkv", {"codec": "ffv1", "layout": "bgr0"}),
        ("alpha.mov", {"codec": "qtrle", "layout": "argb"}),
        ("old.avi", {"codec": "mpeg4"}),
        ("a name with 한글 & 🙂.mp4", {}),
    ],
)
def test_other_kinds_of_video(clip: ClipMaker, name: str, wanted: dict[str, Any]) -> None:
    with VideoSource(clip(name, **wanted)) as source:
        frames = list(source.frames())
        info = source.info
    assert len(frames) == 8
    assert [frame.stamp.pts_ms for frame in frames] == pytest.approx([n * 40 for n in range(8)], abs=1)
    assert (info.width, info.height) == wanted.get("size", (64, 48))
    assert np.abs(frames[0].rgb().astype(int) - clip.bars(0, info.width, info.height)).mean() < 12
    assert frames[0].luma().shape == (info.height, info.width)
    assert source.damage is None


def test_animated_gif(clip: ClipMaker) -> None:
    with VideoSource(clip("a.gif", codec="gif", layout="rgb8", times_ms=[0, 100, 400])) as source:
        frames = list(source.frames())
    assert [frame.stamp.pts_ms for frame in frames] == pytest.approx([0, 100, 400])
    assert np.abs(frames[1].rgb().astype(int) - clip.bars(1)).mean() < 30
    assert not source.info.has_audio


def test_cut_off_in_the_middle_gives_what_is_there(clip: ClipMaker) -> None:
    path = clip(
        times_ms=[n * 40 for n in range(60)],
        container="mp4",
        options={"movflags": "faststart"},
        gop=5,
        draw=_noise,
    )
    data = _index_first(path)
    path.write_bytes(data[: len(data) * 6 // 10])
    with VideoSource(path) as source:
        frames = list(source.frames())
    assert 20 < len(frames) < 50
    assert source.damage is not None
    assert f"decoded {len(frames)} of about 60 frames" in source.damage


def test_cut_off_matroska_is_noticed(clip: ClipMaker) -> None:
    path = clip("cut.mkv", times_ms=[n * 100 for n in range(60)], gop=5)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    with VideoSource(path) as source:
        frames = list(source.frames())
    assert 10 < len(frames) < 58
    assert source.damage is not None


def test_damage_in_the_middle_is_skipped_and_counted(clip: ClipMaker) -> None:
    path = clip("hurt.mp4", times_ms=[n * 40 for n in range(60)], gop=6, codec="mpeg4", draw=_noise)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 9000] = bytes(9000)
    path.write_bytes(data)
    with VideoSource(path) as source:
        frames = list(source.frames())
    assert 30 < len(frames) <= 60
    assert frames[-1].stamp.pts_ms > 2000
    assert source.damage is not None


def test_clip_whose_size_changes_keeps_the_first_size(tmp_path: Path, clip: ClipMaker) -> None:
    first = clip("a.ts", container="mpegts", size=(64, 48)).read_bytes()
    second = clip("b.ts", container="mpegts", size=(96, 80)).read_bytes()
    path = tmp_path / "both.ts"
    path.write_bytes(first + second)
    with VideoSource(path) as source:
        shapes = {frame.rgb().shape for frame in source.frames()}
    assert shapes == {(48, 64, 3)}


def test_times_increase_even_when_the_clock_of_the_file_does_not(tmp_path: Path, clip: ClipMaker) -> None:
    one = clip("a.ts", container="mpegts").read_bytes()
    path = tmp_path / "twice.ts"
    path.write_bytes(one + one)
    with VideoSource(path) as source:
        times = [frame.stamp.pts_ms for frame in source.frames()]
    assert len(times) > 8
    assert all(a < b for a, b in pairwise(times))


def test_inputs_that_are_no_video_say_what_they_are(tmp_path: Path, clip: ClipMaker) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("some words that are no film\n" * 40)
    playlist = tmp_path / "list.m3u8"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n/etc/hostname\n#EXT-X-ENDLIST\n")
    empty = tmp_path / "empty.mp4"
    empty.touch()
    sound = tmp_path / "sound.wav"
    with av.open(str(sound), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1600), np.int16), format="s16", layout="stereo")
        frame.sample_rate = 8000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    picture = tmp_path / "picture.png"
    Image.fromarray(clip.bars(0)).save(picture)
    half = tmp_path / "half.mp4"
    whole = clip().read_bytes()
    half.write_bytes(whole[: whole.index(b"moov") - 4])
    for path, expected in [
        (tmp_path / "nothing.mp4", "no such file"),
        (tmp_path, "folder"),
        (empty, "empty"),
        (text, "not"),
        (playlist, "not"),
        (sound, "no video stream"),
        (picture, "glossa photo"),
        (half, "index is missing"),
        (tmp_path / ("x" * 300), "x"),
    ]:
        with pytest.raises(InputError, match=expected) as caught:
            VideoSource(path)
        assert "\n" not in str(caught.value)


def test_video_stream_without_a_single_frame(clip: ClipMaker) -> None:
    path = clip("none.mkv", codec="mpeg4")
    data = bytearray(path.read_bytes())
    start = data.index(b"\x1f\x43\xb6\x75")  # the first Matroska cluster
    data[start + 12 :] = bytes(len(data) - start - 12)
    path.write_bytes(data)
    with pytest.raises(InputError, match="no picture"):
        VideoSource(path)


def test_recorded_clips(shared_video: Path) -> None:
    for name, frames, rate in [("en_neighborhood_watch_sign.mp4", 24, 21.3), ("people_room.gif", 23, 12.5)]:
        with VideoSource(shared_video / name) as source:
            count = sum(1 for _ in source.frames())
            assert (count, source.damage) == (frames, None)
            assert source.info.fps == pytest.approx(rate, abs=0.1)


def _noise(number: int, width: int, height: int) -> Rgb:
    return np.random.default_rng(number).integers(0, 255, (height, width, 3), dtype=np.uint8)


def _index_first(path: Path) -> bytes:
    """Write the clip again with its index in front, as cameras that stream do."""
    out = path.with_name("fast.mp4")
    with av.open(str(path)) as source, av.open(str(out), "w", container_options={"movflags": "faststart"}) as copy:
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    return out.read_bytes()
