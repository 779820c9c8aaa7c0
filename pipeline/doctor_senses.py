"""What `glossa doctor` says of the senses: which detector, code reader, hand reader and finder of faces are active.

It opens them as live, photo and video do, so that it says what they will say, and what is damaged is known before.
"""

from collections.abc import Callable
from importlib.metadata import version

from devices import GlossaError
from pipeline.anonymise import faces_line
from pipeline.hands import hands_line
from pipeline.senses import CODES, OBJECTS, open_senses

Line = tuple[bool, str]


def senses_lines() -> list[Line]:
    """Findings, False before what wants a hand. Opens every model that it speaks of: blocks for a second or two."""
    senses: tuple[tuple[str, Callable[[], Line]], ...] = (
        ("things (--look objects)", _things),
        ("codes (--look codes)", _codes),
        ("gestures", hands_line),
        ("faces (--anonymise)", faces_line),
    )
    return [_told(name, open_it) for name, open_it in senses]


def _told(name: str, open_it: Callable[[], Line]) -> Line:
    try:
        good, line = open_it()
    except GlossaError as why:
        good, line = False, str(why)
    return good, f"{name}: {line}"


def _things() -> Line:
    senses = open_senses(frozenset((OBJECTS,)))
    kinds = f" Kinds of things: {len(senses.objects.labels)}." if senses.objects else ""
    return senses.objects is not None, " ".join(senses.notes) + kinds


def _codes() -> Line:
    reader = open_senses(frozenset((CODES,))).codes
    assert reader is not None
    return True, f"QR and bar codes are read by {reader.name} {version('zxing-cpp')}."
