"""A recorded clip as a source of live pictures: its pictures come at the times that the file gives them."""

from collections.abc import Iterator
from pathlib import Path

from devices.feed import Shot
from devices.video_in import VideoSource


class Clip:
    """Opens a file; see Opener."""

    live = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.size: tuple[int, int] | None = None

    def check(self) -> None:
        """See Opener; decodes its first picture. Raises InputError."""
        with VideoSource(self.path) as video:
            self.size = video.info.width, video.info.height

    def open(self) -> "ClipFeed":
        """See Opener. Raises InputError."""
        return ClipFeed(VideoSource(self.path))


class ClipFeed:
    """An open clip; see Feed."""

    paced = True

    def __init__(self, video: VideoSource) -> None:
        self._video = video
        self.width, self.height, self.fps = video.info.width, video.info.height, video.info.fps

    @property
    def damage(self) -> str:
        """See Feed."""
        return self._video.damage or ""

    def shots(self) -> Iterator[Shot]:
        """See Feed."""
        for frame in self._video.frames():
            yield Shot(frame.stamp.pts_ms, frame.rgb)

    def close(self) -> None:
        """See Feed."""
        self._video.close()
