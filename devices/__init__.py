"""Where data enters and leaves: stamps, frames, cameras, files, displays. Knows nothing of text or language."""

from devices.errors import FetchError, GlossaError, InputError, MissingError, OutputError, UnknownNameError
from devices.frame import AudioChunk, Frame, Gray, Rgb, Stamp

__all__ = [
    "AudioChunk",
    "FetchError",
    "Frame",
    "GlossaError",
    "Gray",
    "InputError",
    "MissingError",
    "OutputError",
    "Rgb",
    "Stamp",
    "UnknownNameError",
]
