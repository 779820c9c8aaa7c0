"""The sound of one file into another: packet by packet, untouched, in step with the pictures.

Comes in: a media file and an open output. Goes out: packets. A codec that the output cannot hold is encoded anew as
AAC, the only case in which samples change; what happened is said in `notes`. Refuses to know: pictures, subtitles.
"""

from __future__ import annotations  # Packet is generic for type checkers only

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from devices.files import check_input
from devices.video_in import open_media

_KEPT_METADATA = ("language", "title", "handler_name")


class SoundCopy:
    """All sound streams of a file on their way into an output container; in constant memory."""

    def __init__(self, path: Path, output: OutputContainer, *, start_ms: float) -> None:
        """Add the sound streams of `path` to `output`; `start_ms` on the file's clock becomes 0. Raises InputError."""
        self.notes: list[str] = []
        self.lead_ms = 0.0
        self._source = open_media(check_input(path), path)
        self._output = output
        self._start_ms = start_ms
        self._lanes: dict[int, _Copied | _Encoded] = {}
        for stream in self._source.streams.audio:
            lane = self._lane(stream, output)
            if lane is not None:
                self._lanes[stream.index] = lane
        starts_ms = [
            float(s.start_time * s.time_base * 1000)
            for s in self._source.streams.audio
            if s.index in self._lanes and s.start_time is not None and s.time_base is not None
        ]
        # Sound well ahead of the first picture must not fall before 0. A few ms are the codec's own run-in, which
        # the container cuts away by itself.
        if starts_ms and min(starts_ms) < start_ms - 100:
            self.lead_ms = start_ms - min(starts_ms)
        self._packets = self._demux()
        self._waiting: Packet[AudioStream] | None = None

    def until(self, ms: float | None) -> None:
        """Write all packets up to output time `ms`; None means the rest, and finishes the streams."""
        while (packet := self._waiting or next(self._packets, None)) is not None:
            self._waiting = packet
            at_ms = float((packet.dts or 0) * packet.time_base * 1000) - self._start_ms + self.lead_ms
            if ms is not None and at_ms > ms:
                return
            self._waiting = None
            shift = Fraction(self.lead_ms - self._start_ms) / 1000
            for ready in self._lanes[packet.stream.index].take(packet, shift):
                self._output.mux(ready)
        if ms is None:
            for lane in self._lanes.values():
                for ready in lane.finish():
                    self._output.mux(ready)

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    def _lane(self, stream: AudioStream, output: OutputContainer) -> _Copied | _Encoded | None:
        lane: _Copied | _Encoded
        number = f"sound stream {stream.index}"
        if getattr(stream, "codec_context", None) is None:
            self.notes.append(f"{number} was left out: its codec is not known here")
            return None
        name = stream.codec_context.name
        try:
            lane = _Copied(output.add_stream_from_template(stream))
        except ValueError:
            try:
                lane = _Encoded(stream, output)
            except (av.FFmpegError, ValueError):
                self.notes.append(f"{number} was left out: {name} can neither be copied nor decoded")
                return None
            self.notes.append(f"{number} was encoded as AAC: {name} does not fit into {output.format.name}")
        for key in _KEPT_METADATA:
            if key in stream.metadata:
                lane.stream.metadata[key] = stream.metadata[key]
        return lane

    def _demux(self) -> Iterator[Packet[AudioStream]]:
        wanted = [stream for stream in self._source.streams.audio if stream.index in self._lanes]
        if not wanted:
            return
        try:
            for packet in self._source.demux(tuple(wanted)):
                if packet.dts is not None and packet.size:
                    yield packet
        except (av.FFmpegError, OSError):
            self.notes.append("the sound is damaged from some point on and ends there")


class _Copied:
    """A stream whose packets go through as they are, times shifted."""

    def __init__(self, stream: AudioStream) -> None:
        self.stream = stream
        self._last_dts: int | None = None

    def take(self, packet: Packet[AudioStream], shift: Fraction) -> Iterator[Packet[AudioStream]]:
        ticks = round(shift / packet.time_base)
        dts = (packet.dts or 0) + ticks
        if self._last_dts is not None and dts <= self._last_dts:  # muxers refuse clocks that stand still
            dts = self._last_dts + 1
        self._last_dts = dts
        packet.dts = dts
        packet.pts = dts if packet.pts is None else max(packet.pts + ticks, dts)
        packet.stream = self.stream
        yield packet

    def finish(self) -> Iterator[Packet[AudioStream]]:
        yield from ()


class _Encoded:
    """A stream that is decoded and encoded as AAC."""

    def __init__(self, source: AudioStream, output: OutputContainer) -> None:
        rate = min(source.codec_context.sample_rate or 48_000, 48_000)
        layout = "mono" if source.codec_context.layout.nb_channels == 1 else "stereo"
        rate = rate if rate in (8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000) else 48_000
        self._source = source
        self.stream = output.add_stream("aac", rate=rate, layout=layout)
        self.stream.bit_rate = 160_000 if layout == "stereo" else 96_000
        self._resampler = AudioResampler(format="fltp", layout=layout, rate=rate, frame_size=1024)
        self._shift = Fraction(0)

    def take(self, packet: Packet[AudioStream], shift: Fraction) -> Iterator[Packet[AudioStream]]:
        self._shift = shift
        try:
            frames = self._source.decode(packet)
        except (av.FFmpegError, ValueError):
            return
        for frame in frames:
            yield from self._encode(self._resampler.resample(frame))

    def finish(self) -> Iterator[Packet[AudioStream]]:
        for frame in self._source.decode(None):
            yield from self._encode(self._resampler.resample(frame))
        yield from self._encode(self._resampler.resample(None))
        yield from self.stream.encode(None)

    def _encode(self, frames: list[av.AudioFrame]) -> Iterator[Packet[AudioStream]]:
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None:
                frame.pts += round(self._shift / frame.time_base)
            yield from self.stream.encode(frame)
