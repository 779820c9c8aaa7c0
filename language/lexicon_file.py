"""Lexical tables on disk: one file for all directions, mapped into memory, nothing unpacked.

Comes in: keys with their costs and candidates; later, a path. Goes out: the file; later, what is known of a key. Knows
nothing of languages. Keys are stored as 48 bits of hash (CRC-32, which is quick, and BLAKE2b where that is found): they
can be looked up, not listed.

Layout, little endian: magic, version, length of the header, CRC-32 of all that follows, header (JSON: attribution and
the place of every array), arrays. A candidate is one number: its string's index times 256, plus its score in 1/255.
Only every 16th row says where its candidates begin, and every 16th string where it does; a string's bytes follow its
length.
"""

import json
import mmap
import struct
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

from devices.errors import InputError

FILE_NAME = "lexicon.bin"
"""How the file is called in a model folder."""
MAGIC = b"GLOSSLEX"
VERSION = 1
COST_STEP = 0.1
"""Nats; a cost is stored as one byte of such steps."""

_HEAD = struct.Struct("<8sIII")
_BLOCK = 16
_LONGEST_TEXT = 255  # bytes
_LONGEST_RESPELT = 4  # characters
_CHUNK_BYTES = 1 << 16
_ROWS = {"hashes": "I", "checks": "H", "costs": "B", "sizes": "B", "starts": "I", "candidates": "I"}
_TEXTS = {"starts": "I", "bytes": "B"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One translation of a key."""

    text: str
    """Empty where nothing stands for the key: a particle, an article."""
    score: float
    """In [0, 1]: in how many of the key's places it stands."""


@dataclass(frozen=True, slots=True)
class Row:
    """One key of a table, as it is written."""

    key: str
    cost: float
    """Negative log probability of the key in running text, in nats; at most 25.5."""
    candidates: tuple[Candidate, ...]
    """The best first."""


class Table:
    """One direction of an open lexicon. Looking up does not block."""

    def __init__(self, rows: Mapping[str, memoryview], texts: Mapping[str, memoryview]) -> None:
        self._hashes: Sequence[int] = rows["hashes"]
        self._checks = rows["checks"]
        self._costs = rows["costs"]
        self._sizes = rows["sizes"]
        self._starts = rows["starts"]
        self._candidates = rows["candidates"]
        self._text_starts = texts["starts"]
        self._text_bytes = texts["bytes"]

    def __len__(self) -> int:
        return len(self._hashes)

    def __contains__(self, key: str) -> bool:
        return self._find(key) >= 0

    def cost(self, key: str) -> float | None:
        """Give the key's cost in nats, or None where it is not known."""
        at = self._find(key)
        return None if at < 0 else self._costs[at] * COST_STEP

    def candidates(self, key: str) -> tuple[Candidate, ...]:
        """Give the key's translations, the best first; none for a key without any and for an unknown one."""
        at = self._find(key)
        if at < 0:
            return ()
        first = self._starts[at // _BLOCK] + sum(self._sizes[at - at % _BLOCK : at])
        packed = self._candidates[first : first + self._sizes[at]]
        return tuple(Candidate(self._text(one >> 8), (one & 255) / 255) for one in packed)

    def _find(self, key: str) -> int:
        code = key.encode()
        wanted = crc32(code)
        at = bisect_left(self._hashes, wanted)
        while at < len(self._hashes) and self._hashes[at] == wanted:
            if self._checks[at] == _check(code):
                return at
            at += 1
        return -1

    def _text(self, index: int) -> str:
        at = self._text_starts[index // _BLOCK]
        for _ in range(index % _BLOCK):
            at += 1 + self._text_bytes[at]
        return bytes(self._text_bytes[at + 1 : at + 1 + self._text_bytes[at]]).decode()


@dataclass(frozen=True, slots=True)
class LexiconFile:
    """An open lexicon."""

    tables: Mapping[str, Table]
    """By direction, as in "ko-en"."""
    spellings: "Spellings"
    about: str
    """Where it comes from, and whom to thank."""


@dataclass(frozen=True, slots=True)
class Spellings:
    """How one table serves two scripts; the keys are languages as the tables name them, and codes."""

    folds: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """By language of the text: characters that are replaced before it is looked up (for `str.translate`)."""
    shapes: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """By code of the target: characters that are replaced in a translation."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By code of the target: words that are replaced as a whole, wherever they stand."""

    def written(self, text: str, target: str) -> str:
        """Write a translation in the script of the target."""
        shapes = self.shapes.get(target, {})
        return respelt(text, self.words.get(target, {}), shapes) if shapes else text


def respelt(text: str, words: Mapping[str, str], shapes: Mapping[int, str]) -> str:
    """Replace words, from left to right and the longest first, and of the rest the characters."""
    if len(text) == 1 or not words:
        return text.translate(shapes)
    parts: list[str] = []
    at = 0
    while at < len(text):
        sizes = range(min(_LONGEST_RESPELT, len(text) - at), 1, -1)
        size = next((size for size in sizes if text[at : at + size] in words), 1)
        part = text[at : at + size]
        parts.append(words.get(part) or part.translate(shapes))
        at += size
    return "".join(parts)


def write_lexicon(path: Path, tables: Mapping[str, Sequence[Row]], *, spellings: Spellings, about: str) -> None:
    """Write the tables; the same tables give the same bytes. Tables with one target language share their strings."""
    body = _Body()
    header: dict[str, object] = {
        "about": about,
        "folds": {code: _pair(fold) for code, fold in spellings.folds.items()},
        "shapes": {code: _pair(shape) for code, shape in spellings.shapes.items()},
        "words": {code: dict(words) for code, words in spellings.words.items()},
    }
    places: dict[str, dict[str, list[int]]] = {"rows": {}, "texts": {}}
    for target in sorted({direction.split("-", 1)[1] for direction in tables}):
        ours = {direction: rows for direction, rows in tables.items() if direction.split("-", 1)[1] == target}
        texts = sorted({candidate.text for rows in ours.values() for row in rows for candidate in row.candidates})
        places["texts"][target] = body.put_texts(texts)
        index = {text: number for number, text in enumerate(texts)}
        for direction in sorted(ours):
            places["rows"][direction] = body.put_rows(ours[direction], index)
    top = json.dumps(header | places, ensure_ascii=False, sort_keys=True).encode()
    top += b" " * (-(_HEAD.size + len(top)) % 8)
    rest = top + bytes(body.data)
    path.write_bytes(_HEAD.pack(MAGIC, VERSION, len(top), crc32(rest)) + rest)


class _Body:
    """The arrays, one after the other."""

    def __init__(self) -> None:
        self.data = bytearray()

    def put_texts(self, texts: Sequence[str]) -> list[int]:
        """Add strings; give the place and the length of each array, in the order of `_TEXTS`."""
        starts, coded = array("I"), bytearray()
        for number, text in enumerate(texts):
            if number % _BLOCK == 0:
                starts.append(len(coded))
            # Cut at a whole character: nothing worth showing is as long.
            code = text.encode()[:_LONGEST_TEXT].decode(errors="ignore").encode()
            coded += bytes([len(code)]) + code
        return self._put(starts.tobytes(), len(starts)) + self._put(bytes(coded), len(coded))

    def put_rows(self, rows: Sequence[Row], index: Mapping[str, int]) -> list[int]:
        """Add a table; give the place and the length of each array, in the order of `_ROWS`."""
        by_hash = {(crc32(code), _check(code)): row for row in rows for code in [row.key.encode()]}
        starts, packed = array("I"), array("I")
        for number, (_, row) in enumerate(ordered := sorted(by_hash.items(), key=lambda item: item[0])):
            if number % _BLOCK == 0:
                starts.append(len(packed))
            packed.extend(index[one.text] << 8 | min(255, round(one.score * 255)) for one in row.candidates)
        arrays = (
            array("I", [hashed for (hashed, _), _ in ordered]),
            array("H", [check for (_, check), _ in ordered]),
            array("B", [min(255, max(0, round(row.cost / COST_STEP))) for _, row in ordered]),
            array("B", [len(row.candidates) for _, row in ordered]),
            starts,
            packed,
        )
        return [number for values in arrays for number in self._put(values.tobytes(), len(values))]

    def _put(self, values: bytes, size: int) -> list[int]:
        self.data += b"\0" * (-len(self.data) % 8)
        place = [len(self.data), size]
        self.data += values
        return place


def open_lexicon(path: Path) -> LexiconFile:
    """Map a lexicon into memory after checking that every byte of it is as it was written.

    Raises InputError where the file is missing, of another version, or damaged.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD.size)
            # Read, not mapped: what is only checked shall not stay in memory.
            found = 0
            while chunk := file.read(_CHUNK_BYTES):
                found = crc32(chunk, found)
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError) as error:
        raise InputError(f"No lexicon at {path}: expected a file that can be read, got: {error}. {_AGAIN}") from error
    if len(head) < _HEAD.size or not head.startswith(MAGIC):
        raise InputError(f"{path} is no lexicon: expected it to begin with {MAGIC.decode()}. {_AGAIN}")
    _, version, size, checksum = _HEAD.unpack(head)
    if version != VERSION:
        raise InputError(f"Lexicon {path}: expected version {VERSION}, got {version}. {_AGAIN}")
    if found != checksum:
        raise InputError(f"Lexicon {path} is damaged: expected checksum {checksum:08x}, got {found:08x}. {_AGAIN}")
    try:
        return _read(json.loads(bytes(data[_HEAD.size : _HEAD.size + size])), data[_HEAD.size + size :])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"Lexicon {path}: expected the places of its tables, got {error!r}. {_AGAIN}") from error


def _read(header: Mapping[str, Any], body: memoryview) -> LexiconFile:
    texts = {target: _sections(body, places, _TEXTS) for target, places in header["texts"].items()}
    tables = {
        direction: Table(_sections(body, places, _ROWS), texts[direction.split("-", 1)[1]])
        for direction, places in header["rows"].items()
    }
    folds, shapes = (
        {code: str.maketrans(*pair) for code, pair in header[name].items()} for name in ("folds", "shapes")
    )
    return LexiconFile(tables, Spellings(folds, shapes, header["words"]), header["about"])


def _sections(body: memoryview, places: Sequence[int], types: Mapping[str, str]) -> dict[str, memoryview]:
    sections: dict[str, memoryview] = {}
    for position, (name, code) in enumerate(types.items()):
        start, count = places[2 * position : 2 * position + 2]
        sections[name] = body[start : start + count * struct.calcsize(code)].cast(code)  # type: ignore[call-overload]
    return sections


def _pair(fold: Mapping[int, str]) -> list[str]:
    return ["".join(map(chr, sorted(fold))), "".join(fold[code] for code in sorted(fold))]


def _check(code: bytes) -> int:
    return int.from_bytes(blake2b(code, digest_size=2).digest(), "little")


_AGAIN = "Install Glossa again, or learn the lexicon anew: python -m language.training.align --help"
