"""`glossa translate`: texts in, one answer a line out, as soon as their lines have come.

In: texts, or an open file of UTF-8 lines. Out: translations in the same order, as a line to read or as JSON. Opens
nothing, prints nothing, knows no engine.
"""

import codecs
import json
import os
import select
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from io import UnsupportedOperation
from typing import BinaryIO, TextIO

from devices import InputError
from language.translation import Translation, Translator, worth_showing

UNSURE_MARK = " (?)"
"""Ends the line of a translation that may be wrong; the captions under a video say it the same way."""

_BATCH = 64
_GRACE_S = 0.01
_CHUNK_BYTES = 1 << 16
_LONGEST_BYTES = 100_000
_STDIN = "standard input"


def translations(
    texts: Sequence[str] | None, lines: TextIO | None, translator: Translator, *, source: str, to: str
) -> Iterator[list[Translation]]:
    """Yield the translations of the texts, or of the lines of an open file when no texts are given.

    Texts are translated together, as those of one picture or page. So are lines that are already there, at most 64
    at once: that is faster, and they tell each other's language. A line that comes alone is answered at once; an empty
    line has an empty answer. Blocks while there is no line. Raises `InputError` for what is no text, after everything
    before it has been yielded, and when there was nothing to translate.
    """
    batches: Iterable[Sequence[str]] = (texts,) if texts else text_lines(lines.buffer) if lines else ()
    found = False
    for batch in batches:
        for place, text in enumerate(batch, 1):
            if any("\ud800" <= letter <= "\udfff" for letter in text):
                raise InputError(f"Text {place} is not UTF-8. Expected UTF-8; check the encoding of the terminal.")
        found = found or any(text.strip() for text in batch)
        if found or not texts:
            yield translator.translate(batch, source=source, to=to)
    if not found:
        got = "the text is empty" if texts else "standard input was empty"
        raise InputError(f"Nothing to translate: {got}. Give a text as an argument, or lines on standard input.")


def text_lines(stream: BinaryIO) -> Iterator[list[str]]:
    """Yield the lines of an open UTF-8 file without their ends, as many at once as are there, 1 to 64.

    Raises `InputError` with the number of the line that is too long or not UTF-8.
    """
    batch: list[str] = []
    number = 0
    for raw in _raw_lines(stream):
        if raw is None:  # nothing more is there now
            if batch:
                yield batch
                batch = []
            continue
        number += 1
        try:
            batch.append(_decoded(raw, number))
        except InputError:
            if batch:
                yield batch
            raise
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def readable(told: Translation, *, gloss: bool = False) -> str:
    """Write a translation as one line: the target, a mark where it is unsure, and then its gloss where wanted.

    A guess that would mislead gives way to the source, as it does in a picture.
    """
    line = _one_line(worth_showing(told).target)
    if told.sure or not line:
        return line
    beside = _one_line(told.gloss) if gloss else ""
    tells_more = beside.casefold() not in ("", line.casefold())
    return line + UNSURE_MARK + (f"  [{beside}]" if tells_more else "")


def as_json(told: Translation) -> str:
    """Write all that is known of a translation as one JSON object on one line."""
    return json.dumps(
        {
            "source": told.source,
            "target": told.target,
            "source_lang": told.source_lang,
            "target_lang": told.target_lang,
            "confidence": round(told.confidence, 4),
            "sure": told.sure,
            "engine": told.engine,
            "alternatives": list(told.alternatives),
            "gloss": told.gloss,
        },
        ensure_ascii=False,
    )


def _raw_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line without its end, and None whenever the next one would have to be waited for."""
    rest = b""
    for chunk in _chunks(stream):
        if chunk is None:
            yield None
            continue
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
        if len(rest) > _LONGEST_BYTES:
            break  # the caller refuses it; the rest of it need not be read
    if rest:
        yield rest


def _chunks(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield what is there, and None before every wait."""
    try:
        descriptor = stream.fileno()
    except (OSError, UnsupportedOperation):  # a file in memory is all there
        yield stream.read()
        return
    while True:
        # A program that writes line by line is given a moment, so that the same input makes the same batches.
        if not select.select([descriptor], [], [], _GRACE_S)[0]:
            yield None
        chunk = os.read(descriptor, _CHUNK_BYTES)
        if not chunk:
            return
        yield chunk


def _decoded(raw: bytes, number: int) -> str:
    if len(raw) > _LONGEST_BYTES:
        limit = f"{_LONGEST_BYTES:,} bytes"
        raise InputError(f"{_STDIN}, line {number}: longer than {limit}. Expected one text a line.")
    if number == 1:
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise InputError(f"{_STDIN} is UTF-16. Expected UTF-8; convert it with: iconv -f UTF-16 -t UTF-8")
        raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8").removesuffix("\r")
    except UnicodeDecodeError as why:
        raise InputError(
            f"{_STDIN}, line {number}: byte 0x{raw[why.start]:02x} at place {why.start + 1} is not UTF-8. Expected"
            " UTF-8; convert it first, for example with: iconv -f GB18030 -t UTF-8"
        ) from why


def _one_line(text: str) -> str:
    """Give the text without line ends, and without what a terminal would obey."""
    plain = "".join(letter for letter in text if letter.isspace() or unicodedata.category(letter) != "Cc")
    return " ".join(plain.split())
