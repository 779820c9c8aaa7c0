"""A soft subtitle track: cues come in, packets go into an open container that also takes pictures and sound.

Refuses to know: files, languages beyond the code it writes down.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from av.container import OutputContainer
from av.packet import Packet
from av.subtitles.stream import SubtitleStream

from devices.subtitles import Cue, without_overlap

_TIME_BASE = Fraction(1, 1000)
# ISO 639-1 -> ISO 639-2/T; MP4 has room for exactly three letters.
_THREE_LETTERS = {
    "en": "eng", "ko": "kor", "ja": "jpn", "zh": "zho", "es": "spa", "fr": "fra", "de": "deu",
    "it": "ita", "pt": "por", "ru": "rus", "ar": "ara", "vi": "vie", "th": "tha",
}  # fmt: skip
# The encoders ask for a style sheet; from it comes the sample description that MP4 players want to see.
_STYLE = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, \
MarginV, Encoding
Style: Default,Sans,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


class SubtitleTrack:
    """Writes cues as 3GPP timed text (MP4, MOV) or SubRip (Matroska), just ahead of the pictures."""

    def __init__(self, cues: Sequence[Cue], output: OutputContainer, *, language: str, shift_ms: float = 0) -> None:
        """Add the track to `output`, before its first packet. `shift_ms` is added to every time."""
        self._timed_text = output.format.name != "matroska"
        self._output = output
        self._shift_ms = round(shift_ms)
        name = "mov_text" if self._timed_text else "subrip"
        self._stream = cast(SubtitleStream, output.add_stream(name))
        self._stream.codec_context.subtitle_header = _STYLE
        self._stream.time_base = _TIME_BASE
        self._stream.metadata["language"] = three_letters(language)
        self._cues = without_overlap(cues)
        self._next = 0

    def until(self, ms: float | None) -> None:
        """Write every cue that begins up to output time `ms`; None means the rest."""
        while self._next < len(self._cues):
            cue = self._cues[self._next]
            start_ms, end_ms = int(cue.start_ms) + self._shift_ms, int(cue.end_ms) + self._shift_ms
            if ms is not None and start_ms > ms:
                return
            text = cue.text.encode()[:65_000].decode(errors="ignore").encode()
            # Timed text has no gaps either; the muxer writes the empty samples between cues by itself.
            data = len(text).to_bytes(2, "big") + text if self._timed_text else text
            self._write(data, start_ms, end_ms)
            self._next += 1

    def _write(self, data: bytes, start_ms: int, end_ms: int) -> None:
        packet = Packet(data)
        packet.stream = self._stream
        packet.time_base = _TIME_BASE
        packet.pts = packet.dts = start_ms
        packet.duration = end_ms - start_ms
        packet.is_keyframe = True
        self._output.mux(packet)


def three_letters(language: str) -> str:
    """Return the ISO 639-2/T code for a code such as 'ko', 'zh-Hans' or 'kor'; 'und' when it is not known."""
    first = language.replace("_", "-").split("-")[0].lower()
    if len(first) == 3 and first.isascii() and first.isalpha():
        return first
    return _THREE_LETTERS.get(first, "und")
