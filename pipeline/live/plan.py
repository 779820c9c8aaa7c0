"""What is asked of a live session, and what came of it: plain records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.counted import counted, seen


@dataclass(frozen=True, slots=True)
class Plan:
    """What the person asked for."""

    source: str
    """A camera's number, a file, or an address."""
    to: str
    """Language code of the translations."""
    language: str = "auto"
    """Language code of the signs, or `auto`."""
    display: str = "window"
    realtime: bool = True
    """False gives every picture of a clip as soon as the one before is drawn."""
    loop: bool = False
    record: Path | None = None
    trace: Path | None = None
    seconds: float | None = None
    """End after so long; None: at the end of a clip without a display, else when told to."""
    size: tuple[int, int] | None = None
    """What a camera is asked for, and what any picture is made to fit into."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of it."""

    source: str
    """What it was called, without passwords."""
    frames: int
    """Drawn."""
    seconds: float
    """From the first frame of the source to the last."""
    late: int
    dropped: int
    """Came too late to be drawn, or were displaced by a newer one."""
    unseen: int
    """Drawn, but the display had no time for them."""
    texts: int
    unsure: int
    first_translation_ms: float | None
    """From the first frame to the first translation on the picture; None where there was none."""
    stopped: bool
    """True where Ctrl-C ended it."""
    left: tuple[str, ...]
    """Parts that did not end in time."""
    lost: tuple[str, ...] = ()
    """A sentence for each file that was asked for and is not whole."""
    seen: Mapping[str, int] = field(default_factory=dict)
    """How many there were of what was looked for, `objects` and `codes`."""

    @classmethod
    def of_nothing(cls, source: str) -> "Summary":
        """Of a session that ended before it began."""
        return cls(source, 0, 0.0, 0, 0, 0, 0, 0, None, False, ())

    @property
    def fps(self) -> float:
        """Frames drawn a second."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0

    def sentence(self) -> str:
        """For people."""
        if not self.frames:
            return f"{self.source}: no picture was shown"
        first = "no translation"
        if self.first_translation_ms is not None:
            first = f"first translation after {self.first_translation_ms:.0f} ms"
        unseen = f", {self.unseen} not shown by the display" if self.unseen else ""
        frames, texts = counted(self.frames, "frame"), counted(self.texts, "text")
        return (
            f"{self.source}: {frames} in {self.seconds:.1f} s ({self.fps:.1f} fps), {self.late} late, "
            f"{self.dropped} dropped{unseen}; {texts}, {self.unsure} of them unsure{seen(self.seen)}; {first}"
        )

    def record(self) -> dict[str, Any]:
        """For the last line of a record."""
        first_ms = self.first_translation_ms
        return {
            "frames": self.frames,
            "late": self.late,
            "dropped": self.dropped,
            "unseen": self.unseen,
            "seconds": round(self.seconds, 3),
            "fps": round(self.fps, 2),
            "texts": self.texts,
            "unsure": self.unsure,
            **self.seen,
            "first_translation_ms": None if first_ms is None else round(first_ms),
        }
