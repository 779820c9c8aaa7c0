"""Timed text: cues come in, an .srt or .vtt file goes out. Knows nothing of video or of translation."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from devices.errors import OutputError
from devices.files import whole_file


@dataclass(frozen=True, slots=True)
class Cue:
    """A text and the stretch of media time in which it is shown, ms from the first frame; end exclusive."""

    start_ms: float
    end_ms: float
    text: str


def write_subtitles(path: Path | str, cues: Sequence[Cue]) -> None:
    """Write `cues` as SubRip (.srt) or WebVTT (.vtt, W3C), chosen by the suffix; whole or not at all.

    Cues are sorted by time; those without text or shorter than a millisecond are left out.
    Raises OutputError: another suffix, or the file cannot be written.
    """
    kind = Path(path).suffix.lower()
    if kind not in (".srt", ".vtt"):
        raise OutputError(f"{path}: subtitles are written as .srt or .vtt, not {kind or 'without a suffix'!r}")
    text = _srt(cues) if kind == ".srt" else _vtt(cues)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def without_overlap(cues: Sequence[Cue]) -> list[Cue]:
    """Return cues that never overlap, for formats that show one text at a time (3GPP timed text in MP4).

    Where several are active their texts are stacked as lines, the one that began first on top, doubles once.
    """
    usable = _usable(cues)
    times = sorted({ms for start, end, _ in usable for ms in (start, end)})
    flat: list[Cue] = []
    for start, end in pairwise(times):
        active = dict.fromkeys(text for s, e, text in usable if s <= start and e >= end)
        if not active:
            continue
        text = "\n".join(active)
        if flat and flat[-1].end_ms == start and flat[-1].text == text:
            flat[-1] = Cue(flat[-1].start_ms, end, text)
        else:
            flat.append(Cue(start, end, text))
    return flat


def _usable(cues: Sequence[Cue]) -> list[tuple[int, int, str]]:
    """Cues in whole ms, sorted, without empty ones; a blank line would end a cue in both formats."""
    rows = []
    for cue in cues:
        lines = (line.strip() for line in cue.text.replace("\0", "").splitlines())
        text = "\n".join(line for line in lines if line)
        start_ms, end_ms = max(0, round(cue.start_ms)), round(cue.end_ms)
        if text and end_ms > start_ms:
            rows.append((start_ms, end_ms, text))
    return sorted(rows, key=lambda row: row[:2])


def _srt(cues: Sequence[Cue]) -> str:
    blocks = [
        f"{n}\n{_clock(start, ',')} --> {_clock(end, ',')}\n{text.replace('-->', '->')}\n"
        for n, (start, end, text) in enumerate(_usable(cues), 1)
    ]
    return "\n".join(blocks)


def _vtt(cues: Sequence[Cue]) -> str:
    blocks = ["WEBVTT\n"]
    for start, end, text in _usable(cues):
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{_clock(start, '.')} --> {_clock(end, '.')}\n{escaped}\n")
    return "\n".join(blocks)


def _clock(ms: int, point: str) -> str:
    seconds, rest_ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{rest_ms:03}"
