"""Subtitle files and the flattening of cues that overlap."""

from pathlib import Path

import pytest

from devices import OutputError
from devices.subtitle_track import three_letters
from devices.subtitles import Cue, without_overlap, write_subtitles

CUES = [
    Cue(3_723_004.4, 3_724_000, "Exit"),
    Cue(0, 1500.6, "출구 <b>\n\n & 🙂 --> x"),
    Cue(10, 10.2, "too short"),
    Cue(20, 90, " \n "),
]


def test_srt(tmp_path: Path) -> None:
    path = tmp_path / "자막.srt"
    write_subtitles(path, CUES)
    assert path.read_text(encoding="utf-8") == (
        "1\n00:00:00,000 --> 00:00:01,501\n출구 <b>\n& 🙂 -> x\n\n2\n01:02:03,004 --> 01:02:04,000\nExit\n"
    )


def test_vtt(tmp_path: Path) -> None:
    path = tmp_path / "a.VTT"
    write_subtitles(path, CUES)
    assert path.read_text(encoding="utf-8") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.501\n출구 &lt;b&gt;\n&amp; 🙂 --&gt; x\n\n"
        "01:02:03.004 --> 01:02:04.000\nExit\n"
    )


def test_no_cues_is_a_valid_file(tmp_path: Path) -> None:
    write_subtitles(tmp_path / "a.vtt", [])
    assert (tmp_path / "a.vtt").read_text() == "WEBVTT\n"
    write_subtitles(tmp_path / "a.srt", [])
    assert (tmp_path / "a.srt").read_text() == ""


@pytest.mark.parametrize("name", ["a.txt", "a", "missing/a.srt"])
def test_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError):
        write_subtitles(tmp_path / name, CUES)
    assert list(tmp_path.iterdir()) == []


def test_without_overlap_stacks_what_is_shown_together() -> None:
    cues = [Cue(0, 100, "a"), Cue(50, 150, "b"), Cue(60, 80, "a"), Cue(150, 170, "b"), Cue(300, 400, "c")]
    assert without_overlap(cues) == [
        Cue(0, 50, "a"),
        Cue(50, 100, "a\nb"),
        Cue(100, 170, "b"),
        Cue(300, 400, "c"),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("ko", "kor"), ("zh-Hans", "zho"), ("EN", "eng"), ("fra", "fra"), ("auto", "und"), ("", "und")],
)
def test_language_codes_of_tracks(code: str, expected: str) -> None:
    assert three_letters(code) == expected
