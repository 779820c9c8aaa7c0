"""Running a CTranslate2 model: many texts in one call, bounded in threads and in length.

Comes in: pieces. Goes out: for each text the beam's hypotheses, best first. Knows nothing of languages and of text.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import ctranslate2

from devices.errors import InputError

BATCH_TOKENS = 1024
"""Source pieces that are translated at once, padding included."""


@dataclass(frozen=True, slots=True)
class Request:
    """One text for the network."""

    pieces: tuple[str, ...]
    prefix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation that the beam ended with."""

    pieces: tuple[str, ...]
    """Without the prefix and the end."""
    score: float
    """Mean natural log probability a piece."""
    ended: bool
    """Whether it ended by itself, not at the length limit."""


class Engine(Protocol):
    """Whatever turns pieces into hypotheses."""

    def run(self, requests: Sequence[Request], *, avoid_repeats: bool = False) -> list[tuple[Hypothesis, ...]]:
        """Give the hypotheses of each request, best first; `avoid_repeats` forbids a trigram to come twice."""
        ...


class Network:
    """One loaded CTranslate2 model."""

    def __init__(self, folder: Path, *, threads: int = 1, beam: int = 2) -> None:
        """Load the model of a folder; blocks. `threads` bounds the cores that one call uses.

        Where the folder has CTranslate2's vmap.txt, only the pieces that it allows are written: the output layer is
        computed for these alone, which saves two fifths of the time. Raises InputError for a model that cannot be
        loaded.
        """
        self._beam = beam
        self._limited = (folder / "vmap.txt").is_file()
        try:
            self._engine = ctranslate2.Translator(str(folder), device="cpu", inter_threads=1, intra_threads=threads)
        except (RuntimeError, ValueError, OSError) as error:
            raise InputError(
                f"Model folder {folder}: expected a CTranslate2 translation model, could not load it ({error}). "
                "Give another folder, or convert the model again."
            ) from error

    def run(self, requests: Sequence[Request], *, avoid_repeats: bool = False) -> list[tuple[Hypothesis, ...]]:
        """Translate all requests; see `Engine`. Blocks."""
        groups: dict[int, list[int]] = defaultdict(list)
        for place, request in enumerate(requests):
            groups[_bucket(len(request.pieces))].append(place)
        found: list[tuple[Hypothesis, ...]] = [()] * len(requests)
        for longest, places in sorted(groups.items()):
            chosen = [requests[place] for place in places]
            prefixes = [list(request.prefix) or None for request in chosen]
            results = self._engine.translate_batch(
                [list(request.pieces) for request in chosen],
                prefixes if any(prefixes) else None,
                max_batch_size=BATCH_TOKENS,
                batch_type="tokens",
                beam_size=self._beam,
                num_hypotheses=self._beam,
                max_decoding_length=2 * longest + 8,
                no_repeat_ngram_size=3 if avoid_repeats else 0,
                use_vmap=self._limited,
                disable_unk=True,
                suppress_sequences=[["<s>"]],  # as unlikely as it should be only where it competed in training
                return_scores=True,
                return_end_token=True,
            )
            for place, request, result in zip(places, chosen, results, strict=True):
                found[place] = tuple(
                    _hypothesis(pieces, score, len(request.prefix))
                    for pieces, score in zip(result.hypotheses, result.scores, strict=True)
                )
        return found


def _hypothesis(pieces: list[str], score: float, prefix: int) -> Hypothesis:
    ended = bool(pieces) and pieces[-1] == _END
    return Hypothesis(tuple(pieces[prefix : -1 if ended else None]), score if math.isfinite(score) else -99.0, ended)


def _bucket(size: int) -> int:
    """Give the length limit's group: texts of one call share it, and a short one must not wait for a long one."""
    return max(8, 1 << (size - 1).bit_length())


_END = "</s>"
