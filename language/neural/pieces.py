"""How each family of models wants its text: cut into pieces, with the pieces that ask for languages.

Comes in: a text and two language codes. Goes out: pieces; and back. Knows nothing of files and of running a model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import sentencepiece

from language.protect import PLACES


class Pieces(Protocol):
    """How one family of models wants its text."""

    @property
    def name(self) -> str:
        """The engine's name in a translation."""
        ...

    @property
    def asks_source(self) -> bool:
        """Whether the source language must be known."""
        ...

    @property
    def keeps_places(self) -> bool:
        """Whether the placeholders of `language.protect` are pieces of their own."""
        ...

    def can(self, source: str, to: str) -> bool:
        """Say whether the model itself translates in this direction."""
        ...

    def encode(self, text: str, source: str, to: str) -> list[str]:
        """Cut a text, with the pieces that ask for the languages."""
        ...

    def prefix(self, to: str) -> list[str]:
        """Give the pieces that every translation begins with."""
        ...

    def decode(self, pieces: Sequence[str]) -> str:
        """Join the pieces of a translation, without its prefix."""
        ...

    def odd_share(self, text: str) -> float:
        """Give the share of a text's pieces that are bytes or unknown, in [0, 1]."""
        ...


@dataclass(frozen=True)
class GlossaPieces:
    """Our own model: a control piece before the source asks for the target language."""

    tokenizer: sentencepiece.SentencePieceProcessor
    name: str = "glossa"
    asks_source: bool = False

    @cached_property
    def keeps_places(self) -> bool:
        """Whether the tokenizer has the placeholders as pieces."""
        return all(self.tokenizer.piece_to_id(place) != self.tokenizer.unk_id() for place in PLACES)

    def can(self, source: str, to: str) -> bool:
        """Say whether it was trained for this direction; "und" into English may be any of its languages."""
        return f"{source}-{to}" in _DIRECTIONS or (source == "und" and to == "en")

    def encode(self, text: str, source: str, to: str) -> list[str]:
        """Cut a text; the source language is not asked for."""
        return [f"<2{to}>", *self.tokenizer.encode(text, out_type=str)]

    def prefix(self, to: str) -> list[str]:
        """Give none: the source asks."""
        return []

    def decode(self, pieces: Sequence[str]) -> str:
        """Join pieces and bytes."""
        return str(self.tokenizer.decode(list(pieces)))

    def odd_share(self, text: str) -> float:
        """Give the share of bytes and unknown pieces."""
        ids = self.tokenizer.encode(text)
        odd = sum(self.tokenizer.is_byte(number) or self.tokenizer.is_unknown(number) for number in ids)
        return float(odd) / max(1, len(ids))


@dataclass(frozen=True)
class OpusPieces:
    """OPUS-MT (Marian): one direction, a tokenizer a side; some ask for the target by a piece like >>kor<<."""

    first: sentencepiece.SentencePieceProcessor
    last: sentencepiece.SentencePieceProcessor
    direction: tuple[str, str]
    ends: bool
    vocabulary: frozenset[str]
    name: str = "opus-mt"
    asks_source: bool = True
    keeps_places: bool = False

    def can(self, source: str, to: str) -> bool:
        """Say whether this is its direction; its Chinese reads both scripts, and writes simplified unless asked."""
        known_source, known_to = self.direction
        if _primary(source) != _primary(known_source):
            return False
        return to == known_to or (_primary(to) == _primary(known_to) and self._asking(to) != [])

    def encode(self, text: str, source: str, to: str) -> list[str]:
        """Cut a text; the end piece is added where the model does not add it itself."""
        return [*self._asking(to), *self.first.encode(text, out_type=str), *(["</s>"] if self.ends else [])]

    def prefix(self, to: str) -> list[str]:
        """Give none."""
        return []

    def decode(self, pieces: Sequence[str]) -> str:
        """Join pieces by the target's tokenizer."""
        return str(self.last.decode(list(pieces)))

    def odd_share(self, text: str) -> float:
        """Give the share of pieces that the model does not know."""
        return _share_outside(self.first.encode(text, out_type=str), self.vocabulary)

    def _asking(self, to: str) -> list[str]:
        asking = f">>{_OPUS_TARGETS.get(to, '')}<<"
        return [asking] if asking in self.vocabulary else []


@dataclass(frozen=True)
class TaggedPieces:
    """M2M-100 and NLLB: the source language before the source, the target language before the target.

    M2M-100 as in Fan et al. 2020, NLLB as in Costa-jussa et al. 2022, section 6.1.1.
    """

    tokenizer: sentencepiece.SentencePieceProcessor
    name: str
    codes: Mapping[str, str]
    ends: bool
    vocabulary: frozenset[str]
    asks_source: bool = True
    keeps_places: bool = False

    def can(self, source: str, to: str) -> bool:
        """Say whether it has both languages."""
        if _primary(source) == _primary(to):
            return False
        # M2M-100 does not tell the two scripts apart: reading both is safe, writing the other one is not promised.
        known = source in self.codes or (source == "zh-Hant" and "zh-Hans" in self.codes)
        return known and to in self.codes

    def encode(self, text: str, source: str, to: str) -> list[str]:
        """Cut a text, tag it, end it where the model does not end it itself."""
        tag = self.codes.get(source) or self.codes["zh-Hans"]
        return [tag, *self.tokenizer.encode(text, out_type=str), *(["</s>"] if self.ends else [])]

    def prefix(self, to: str) -> list[str]:
        """Give the piece of the target language."""
        return [self.codes[to]]

    def decode(self, pieces: Sequence[str]) -> str:
        """Join pieces."""
        return str(self.tokenizer.decode(list(pieces)))

    def odd_share(self, text: str) -> float:
        """Give the share of pieces that the model does not know."""
        return _share_outside(self.tokenizer.encode(text, out_type=str), self.vocabulary)


def _primary(code: str) -> str:
    return code.split("-")[0]


def _share_outside(pieces: Sequence[str], known: frozenset[str]) -> float:
    return sum(piece not in known for piece in pieces) / max(1, len(pieces))


_DIRECTIONS = frozenset(
    (
        *(f"{source}-en" for source in ("ko", "ja", "zh-Hans", "zh-Hant", "es", "fr", "de")),
        *(f"en-{to}" for to in ("ko", "ja", "zh-Hans", "zh-Hant")),
        *(f"{source}-ko" for source in ("ja", "zh-Hans", "zh-Hant")),
    )
)
_OPUS_TARGETS = {"ko": "kor", "ja": "jpn", "zh-Hans": "cmn_Hans", "zh-Hant": "cmn_Hant"}
