"""QR and bar codes: read, followed, and told what they hold without opening it."""

from vision.codes.content import Content, Kind, Warn, content_of
from vision.codes.reader import Code, CodeReader

__all__ = ["Code", "CodeReader", "Content", "Kind", "Warn", "content_of"]
