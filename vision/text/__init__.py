"""Reading: lines of text in a picture, and text tracks over time."""

from vision.text.reader import ReaderOptions, TextReader
from vision.text.region import TextRegion, script_of

__all__ = ["ReaderOptions", "TextReader", "TextRegion", "script_of"]
