"""Writing video: what comes out is read back and compared with what went in."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest

from devices import InputError, OutputError, Rgb
from devices.subtitles import Cue
from devices.video_in import VideoSource
from devices.video_out import VideoSink

if TYPE_CHECKING:
    from tests.devices.conftest import ClipMaker


def sink(path: Path, **wanted: Any) -> VideoSink:
    return VideoSink(path, **{"width": 64, "height": 48, "fps": 25.0, "copy_sound_from": None, **wanted})


def pass_through(source_path: Path, out: Path, *, over_rgb: bool = False, **wanted: Any) -> VideoSink:
    with VideoSource(source_path) as source:
        info = source.info
        made = sink(out, width=info.width, height=info.height, fps=info.fps, copy_sound_from=source_path, **wanted)
        with made:
            for frame in source.frames():
                made.write(frame.rgb() if over_rgb else frame, frame.stamp.pts_ms)
    return made


def leftovers(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir() if entry.name.endswith(".part")]


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("over_rgb", [False, True])
def test_variable_times_and_pictures_survive(clip: ClipMaker, tmp_path: Path, suffix: str, over_rgb: bool) -> None:
    out = tmp_path / f"결과 🙂{suffix}"
    pass_through(clip(times_ms=clip.VFR_MS, sound="aac"), out, over_rgb=over_rgb)
    with VideoSource(out) as result:
        frames = list(result.frames())
    tolerance = 0.6 if suffix == ".mkv" else 0.02
    assert [frame.stamp.pts_ms for frame in frames] == pytest.approx(clip.VFR_MS, abs=tolerance)
    assert [clip.count_of(frame.rgb()) for frame in frames] == list(range(len(clip.VFR_MS)))
    assert result.damage is None
    assert leftovers(tmp_path) == []


def test_many_irregular_frames_keep_their_times_and_the_last_its_length(tmp_path: Path, clip: ClipMaker) -> None:
    rng = np.random.default_rng(5)
    times = np.cumsum(rng.choice([16.667, 33.333, 41.7, 250.0], 120)).tolist()
    out = tmp_path / "out.mp4"
    with sink(out) as made:
        for number, at_ms in enumerate(times):
            made.write(clip.bars(number % 8), at_ms - times[0])
    with VideoSource(out) as result:
        read = [frame.stamp.pts_ms for frame in result.frames()]
        duration_ms = result.info.duration_ms
    assert read == pytest.approx([at_ms - times[0] for at_ms in times], abs=0.012)
    assert duration_ms == pytest.approx(read[-1] + 40, abs=2)


@pytest.mark.parametrize("codec", ["aac", "libmp3lame", "libopus", "flac"])
def test_sound_is_copied_packet_by_packet(clip: ClipMaker, tmp_path: Path, codec: str) -> None:
    source, out = clip("in.mkv", sound=codec), tmp_path / "out.mp4"
    made = pass_through(source, out)
    given, got = clip.packets_of(source, "audio"), clip.packets_of(out, "audio")
    assert [data for _, data in got] == [data for _, data in given]
    assert np.diff([at for at, _ in got])[1:-1] == pytest.approx(np.diff([at for at, _ in given])[1:-1], abs=1.1)
    assert made.notes == ()


def test_sound_stays_in_step_when_the_streams_begin_apart(clip: ClipMaker, tmp_path: Path) -> None:
    late = clip("late.mp4", sound="aac", sound_from_ms=250.0)
    pass_through(late, tmp_path / "late out.mp4")
    early = clip("early.mp4", sound="aac", times_ms=[400.0 + 40 * n for n in range(8)])
    pass_through(early, tmp_path / "early out.mp4")
    assert _gap_ms(late) > 200
    assert _gap_ms(tmp_path / "late out.mp4") == pytest.approx(_gap_ms(late), abs=1)
    assert _gap_ms(early) < -350
    assert _gap_ms(tmp_path / "early out.mp4") == pytest.approx(_gap_ms(early), abs=1)


def _gap_ms(path: Path) -> float:
    with av.open(str(path)) as media:
        picture, sound = media.streams.video[0], media.streams.audio[0]
        assert picture.start_time is not None
        assert sound.start_time is not None
        assert picture.time_base is not None
        assert sound.time_base is not None
        return float(sound.start_time * sound.time_base - picture.start_time * picture.time_base) * 1000


def test_sound_that_mp4_cannot_hold_becomes_aac(clip: ClipMaker, tmp_path: Path) -> None:
    source, out = clip("in.mov", sound="pcm_mulaw", sound_rate_hz=8000), tmp_path / "out.mp4"
    made = pass_through(source, out)
    with av.open(str(out)) as media:
        assert media.streams.audio[0].codec_context.name == "aac"
        samples = [frame.to_ndarray() for frame in media.decode(audio=0)]
    loudness = float(np.sqrt(np.mean(np.concatenate(samples, axis=1).astype(np.float64) ** 2)))
    assert loudness == pytest.approx(8000 / 32768 / 2**0.5, rel=0.2)
    assert made.notes == ("sound stream 1 was encoded as AAC: pcm_mulaw does not fit into mp4",)


def test_no_sound_and_sound_alone(clip: ClipMaker, tmp_path: Path) -> None:
    pass_through(clip("silent.mp4"), tmp_path / "out.mp4")
    with VideoSource(tmp_path / "out.mp4") as result:
        assert not result.info.has_audio
    text = tmp_path / "text.mp4"
    text.write_text("not media " * 100)
    with pytest.raises(InputError), sink(tmp_path / "x.mp4", copy_sound_from=text) as made:
        made.write(clip.bars(0), 0)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("turn_deg", [-90, 180, 90])
@pytest.mark.parametrize("mirrored", [False, True])
def test_turned_pictures_are_written_upright(clip: ClipMaker, tmp_path: Path, turn_deg: int, mirrored: bool) -> None:
    source, out = clip("in.mp4", turn_deg=turn_deg, mirrored=mirrored), tmp_path / "out.mp4"
    pass_through(source, out)
    with VideoSource(source) as given, VideoSource(out) as got:
        assert got.info.rotation_deg == 0
        for before, after in zip(given.frames(), got.frames(), strict=True):
            assert np.abs(before.rgb().astype(int) - after.rgb()).mean() < 6


@pytest.mark.parametrize("size", [(65, 49), (64, 47), (1, 1), (41, 200)])
@pytest.mark.parametrize("decoded", [True, False])
def test_odd_sizes_are_padded(clip: ClipMaker, tmp_path: Path, size: tuple[int, int], decoded: bool) -> None:
    width, height = size
    out = tmp_path / "out.mp4"
    if decoded:
        pass_through(clip("in.mkv", codec="ffv1", layout="bgr0", size=size), out)
    else:
        with sink(out, width=width, height=height) as made:
            made.write(clip.bars(0, width, height), 0)
    with VideoSource(out) as result:
        rgb = next(iter(result.frames())).rgb()
    assert rgb.shape == (height + height % 2, width + width % 2, 3)
    assert np.abs(rgb[:height, :width].astype(int) - clip.bars(0, width, height)).mean() < 12


@pytest.mark.parametrize("matrix", [1, 6])
def test_colours_do_not_shift(clip: ClipMaker, tmp_path: Path, matrix: int) -> None:
    picture = np.zeros((128, 256, 3), np.uint8)
    rng = np.random.default_rng(2)
    for y in range(0, 128, 16):
        for x in range(0, 256, 16):
            picture[y : y + 16, x : x + 16] = rng.integers(0, 256, 3)
    source = clip("in.mp4", colour=(1, matrix, matrix, matrix), size=(256, 128), draw=lambda *_: picture)
    for over_rgb in (False, True):
        out = tmp_path / f"{over_rgb}.mp4"
        with VideoSource(source) as given:
            pass_through(source, out, over_rgb=over_rgb, colour=given.info.colour, crf=10)
        with VideoSource(out) as result:
            assert result.info.colour.matrix == matrix
            rgb = next(iter(result.frames())).rgb()
        inner = np.s_[4::16, 4::16]  # chroma is shared by 2x2 pixels: compare inside the squares
        assert np.abs(rgb[inner].astype(int) - picture[inner]).mean() < 4


def test_pictures_of_another_matrix_are_converted(clip: ClipMaker, tmp_path: Path) -> None:
    source, out = clip("in.mp4", colour=(2, 6, 6, 6)), tmp_path / "out.mp4"
    with VideoSource(source) as given, sink(out) as made:
        frames = list(given.frames())
        made.write(frames[0].rgb(), 0)  # the first picture decides: BT.709
        made.write(frames[0], 40)
    with VideoSource(out) as result:
        first, second = (frame.rgb().astype(int) for frame in result.frames())
    assert result.info.colour.matrix == 1
    assert np.abs(first - second).mean() < 3


def test_subtitles_are_a_soft_track(clip: ClipMaker, tmp_path: Path) -> None:
    cues = [Cue(40, 120, "출구"), Cue(80, 160, "Exit\nnow"), Cue(200, 300, "끝 🙂")]
    for name, codec in [("out.mp4", "mov_text"), ("out.mov", "mov_text"), ("out.mkv", "srt")]:
        out = tmp_path / name
        pass_through(clip(sound="aac"), out, subtitles=cues, subtitle_language="ko")
        with av.open(str(out)) as media:
            track = media.streams.subtitles[0]
            assert (track.codec_context.name, track.language) == (codec, "kor")
            read = []
            for packet in media.demux(track):
                if packet.size and packet.pts is not None:
                    data = bytes(packet)
                    if codec == "mov_text":
                        assert int.from_bytes(data[:2], "big") == len(data) - 2
                        data = data[2:]
                    read.append((packet.pts, packet.duration, data.decode()))
        first_ms = round(clip.packets_of(out, "video")[0][0])  # Matroska moves all by the run-in of the sound
        shown = [(at_ms - first_ms, length_ms, text) for at_ms, length_ms, text in read if text]
        assert shown == [
            (40, 40, "출구"),
            (80, 40, "출구\nExit\nnow"),
            (120, 40, "Exit\nnow"),
            (200, 100, "끝 🙂"),
        ]
        if codec == "mov_text":  # the gaps are told by empty texts
            assert {(0, 40, ""), (160, 40, "")} <= set(read)


def test_the_index_comes_first(clip: ClipMaker, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    pass_through(clip(sound="aac"), out)
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_same_pictures_same_bytes(clip: ClipMaker, tmp_path: Path) -> None:
    source = clip(sound="aac")
    for name in ("a.mp4", "b.mp4"):
        pass_through(source, tmp_path / name, subtitles=[Cue(0, 90, "x")])
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_writing_does_not_change_the_decoded_picture(clip: ClipMaker, tmp_path: Path) -> None:
    with VideoSource(clip()) as source, sink(tmp_path / "out.mp4") as made:
        for frame in source.frames():
            before = frame.luma().tobytes()
            made.write(frame, frame.stamp.pts_ms + 5)
            made.write(frame, frame.stamp.pts_ms + 25)
            assert frame.luma().tobytes() == before


def test_equal_times_are_set_a_tick_apart(clip: ClipMaker, tmp_path: Path) -> None:
    with sink(tmp_path / "out.mp4") as made:
        for at_ms in (0, 0, 40, 39, 80):
            made.write(clip.bars(1), at_ms)
    with VideoSource(tmp_path / "out.mp4") as result:
        times = [frame.stamp.pts_ms for frame in result.frames()]
    assert len(times) == 5
    assert all(a < b for a, b in pairwise(times))


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, ValueError])
def test_interrupted_leaves_nothing(clip: ClipMaker, tmp_path: Path, trouble: type[BaseException]) -> None:
    out = tmp_path / "out.mp4"
    out.write_text("what was there before")
    with pytest.raises(trouble), sink(out, copy_sound_from=clip("in.mp4", sound="aac")) as made:
        made.write(clip.bars(0), 0)
        assert len(leftovers(tmp_path)) == 1
        raise trouble
    assert leftovers(tmp_path) == []
    assert out.read_text() == "what was there before"


def test_no_picture_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no picture"), sink(tmp_path / "out.mp4"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_refused_before_the_first_picture(clip: ClipMaker, tmp_path: Path) -> None:
    source = clip("in.mp4")
    link = tmp_path / "link.mp4"
    link.symlink_to(source)
    hard = tmp_path / "hard.mp4"
    os.link(source, hard)
    for path, expected in [
        (source, "input itself"),
        (link, "input itself"),
        (hard, "input itself"),
        (tmp_path / "no" / "out.mp4", "does not exist"),
        (tmp_path / "out.txt", r"\.mp4 \.m4v \.mov \.mkv"),
        (tmp_path / "out", "without a suffix"),
        (tmp_path, "folder"),
        (Path("/dev/null"), "not an ordinary file"),
    ]:
        with pytest.raises(OutputError, match=expected) as caught:
            sink(path, copy_sound_from=source)
        assert "\n" not in str(caught.value)
    assert leftovers(tmp_path) == []


def test_wrong_picture_size_is_said(clip: ClipMaker, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected"), sink(tmp_path / "out.mp4") as made:
        made.write(clip.bars(0, 32, 32), 0)


def noise(number: int) -> Rgb:
    return np.random.default_rng(number).integers(0, 255, (240, 320, 3), dtype=np.uint8)


def test_file_size_limit_is_one_sentence(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with (
            pytest.raises(OutputError, match="largest file size"),
            sink(tmp_path / "out.mp4", width=320, height=240, crf=5) as made,
        ):
            for number in range(30):
                made.write(noise(number), number * 40)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("pictures", [2, 30])
def test_full_disk_is_one_sentence(tmp_path: Path, pictures: int) -> None:
    """On a real small disk; 2 pictures fit into the encoder's memory and fail only on closing."""
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mount.returncode != 0:
        pytest.skip("a small disk can be mounted by root only")
    try:
        with (
            pytest.raises(OutputError, match=r"the disk is full, .* MB were left.*make room"),
            sink(tmp_path / "out.mp4", width=320, height=240, crf=5) as made,
        ):
            for number in range(pictures):
                made.write(noise(number), number * 40)
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_pixel_aspect_is_kept(clip: ClipMaker, tmp_path: Path) -> None:
    with sink(tmp_path / "out.mp4", pixel_aspect=Fraction(16, 15)) as made:
        made.write(clip.bars(0), 0)
    with VideoSource(tmp_path / "out.mp4") as result:
        assert result.info.pixel_aspect == Fraction(16, 15)


def test_memory_stays_bounded(clip: ClipMaker, tmp_path: Path) -> None:
    """Peak memory is the same for 60 and 600 frames; measured in a process of its own."""
    peaks = []
    for count in (60, 600):
        program = f"""
import resource, sys
import numpy as np
from devices.video_in import VideoSource
from devices.video_out import VideoSink
out = sys.argv[1]
with VideoSink(out, width=320, height=240, fps=30, copy_sound_from=None, preset="ultrafast") as made:
    for n in range({count}):
        picture = np.full((240, 320, 3), n % 250, np.uint8)
        made.write(picture, n * 33.3)
with VideoSource(out) as source:
    for frame in source.frames():
        frame.luma(), frame.rgb()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
        run = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / f"{count}.mp4")],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        peaks.append(int(run.stdout))
    assert peaks[1] < peaks[0] + 12_000  # KiB; 540 RGB pictures would be 122,000


def test_recorded_clip_with_sound(shared_video: Path, tmp_path: Path, clip: ClipMaker) -> None:
    source, out = shared_video / "en_neighborhood_watch_sign.mp4", tmp_path / "out.mp4"
    pass_through(source, out, preset="ultrafast")
    with VideoSource(source) as given, VideoSource(out) as got:
        before = [frame.stamp.pts_ms for frame in given.frames()]
        after = [frame.stamp.pts_ms for frame in got.frames()]
    assert after == pytest.approx(before, abs=0.012)
    assert [data for _, data in clip.packets_of(out, "audio")] == [data for _, data in clip.packets_of(source, "audio")]
