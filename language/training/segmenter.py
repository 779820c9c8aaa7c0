"""From texts to units, as the aligner wants them: words as they are, Korean, Japanese and Chinese in learnt pieces.

Comes in: texts of one language. Goes out: their units as numbers, and what each number is called. The pieces are those
of a unigram language model of that language alone (SentencePiece, Kudo 2018): the network's joint vocabulary cuts words
too small to stand for anything. Knows nothing of translations.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import inf

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from language.training.aligner import Ints
from language.units import CUT_LANGUAGES, LONGEST_PIECE, RUN, WORD, WORD_START, chunks, cut, words

NUMBER = "0"
"""The unit that stands for every number, code and placeholder."""
PIECES = 32_000

_LONGEST_RUN = 60  # characters shown to the learner of pieces
_SPACED = frozenset({"ko"})
# What a Korean noun takes, by whether it ends in a vowel, in ㄹ, or in another consonant; and what makes a verb of it.
_KOREAN_TAIL = re.compile(
    "(?P<any>에|에서|에서는|에서도|에는|에도|에게|까지|까지는|부터|의|도|만|마다|처럼|보다)|(?P<vowel>는|가|를|와|라고)|(?P<consonant>은|이|을|과|이라고)"
    "|(?P<open>로|로는|로의)|(?P<shut>으로|으로는|으로의)"
    "|(?P<verb>(?:하|되)[가-힣]{0,3}|[해돼됐했합됩][가-힣]{0,3}|[한할함된될됨])"
)
_SHORTEST_NOUN = 2  # syllables
_LONGEST_TAIL = 4
_RARER = 0.7  # nats; a noun that is rarer than this beside one of its forms is no noun: 고양 and 고양이
_BATCH = 20_000
# Where a Japanese word ends for sure: before Han or katakana after hiragana, between Han and katakana, around を, and
# before a particle that follows Han or katakana and is itself followed by such an end.
_PARTICLE = "は|が|の|に|で|と|も|へ|や|から|まで|より|には|では|とは|との|への|での|にも|でも|です|だ"
_JAPANESE_END = re.compile(
    "(?<=[ぁ-ん])(?=[ァ-ヺ一-鿿々])|(?<=[一-鿿々])(?=[ァ-ヺ])|(?<=[ァ-ヺー])(?=[一-鿿])|(?=を)|(?<=を)"
    f"|(?<=[ァ-ヺー一-鿿々])(?=(?:{_PARTICLE})(?:[ァ-ヺ一-鿿を]|$))"
)


@dataclass(slots=True)
class Vocabulary:
    """The units of one language by number."""

    language: str
    names: list[str] = field(default_factory=lambda: [NUMBER])
    numbers: dict[str, int] = field(default_factory=lambda: {NUMBER: 0})

    def number(self, name: str) -> int:
        """Give the number of a unit, a new one where it is new."""
        found = self.numbers.get(name)
        if found is None:
            found = self.numbers[name] = len(self.names)
            self.names.append(name)
        return found

    def key(self, units: Iterable[int]) -> str:
        """Give the key that units beside each other are looked up by."""
        return ("" if self.language in CUT_LANGUAGES else " ").join(self.names[unit] for unit in units)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The units of texts, flat: text i has `units[starts[i] : starts[i + 1]]`."""

    units: Ints
    starts: Ints
    broken: NDArray[np.bool_]
    """True for a unit that the next one does not follow directly."""

    def chosen(self, rows: Ints) -> "Sentences":
        """Give some of the texts, in the given order."""
        sizes = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        at = np.arange(int(starts[-1])) - np.repeat(starts[:-1] - self.starts[rows], sizes)
        return Sentences(self.units[at], starts, self.broken[at])


Cutter = Callable[[list[str]], list[list[str]]]
"""Cuts runs into pieces."""


def learn_pieces(
    texts: Iterable[str], language: str, *, listed: frozenset[str] | None = None, pieces: int = PIECES, threads: int = 2
) -> Cutter:
    """Fit a unigram model on the runs of the texts, and give what cuts by it.

    `listed`: pieces of more than one character that are not in it are cut into such that are. Blocks for half a minute
    on 100,000 texts.
    """
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=_fragments(texts, language),
        model_writer=model,
        model_type="unigram",
        vocab_size=pieces,
        hard_vocab_limit=False,
        character_coverage=0.9999,
        normalization_rule_name="identity",
        add_dummy_prefix=language in _SPACED,
        max_sentencepiece_length=LONGEST_PIECE,
        num_threads=threads,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    names = [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
    costs = {name: -processor.get_score(number) for number, name in enumerate(names)}
    into = [[name] for name in names]
    into[processor.unk_id()] = []
    if WORD_START in costs:
        into[names.index(WORD_START)] = []
    if language == "ko":
        into = [[unit for part in parts for unit in _korean_parts(part, costs)] for parts in into]
    if listed is not None:
        kept = {name: cost for name, cost in costs.items() if len(name) == 1 or name in listed}
        into = [[unit.key for part in parts for unit in cut(part, kept.get, language)] for parts in into]

    def cut_runs(runs: list[str]) -> list[list[str]]:
        plain = runs if language in _SPACED else [run.replace(" ", "") for run in runs]
        coded = processor.encode(plain, out_type=int, num_threads=threads)
        return [[piece for number in row for piece in into[number]] for row in coded]

    return cut_runs


def read_sentences(texts: Iterable[str], vocabulary: Vocabulary, cutter: Cutter | None = None) -> Sentences:
    """Give the units of texts. `cutter` is for Korean, Japanese and Chinese; other languages have words."""
    flat: list[int] = []
    broken: list[bool] = []
    starts = [0]
    for batch in _batches(texts, _BATCH):
        parts = [list(chunks(text, vocabulary.language)) for text in batch]
        runs = iter(cutter([run for part in parts for kind, run in part if kind == RUN])) if cutter else iter(())
        for part in parts:
            for kind, chunk in part:
                if kind == RUN:
                    names = next(runs, [])
                elif kind == WORD:
                    names = [word.casefold() for word in words(chunk, vocabulary.language)]
                else:
                    names = [NUMBER]
                flat += map(vocabulary.number, names)
                broken += [False] * len(names)
                if cutter and names:
                    broken[-1] = True
            starts.append(len(flat))
    return Sentences(np.array(flat, np.int32), np.array(starts, np.int64), np.array(broken, np.bool_))


def _korean_parts(piece: str, costs: Mapping[str, float]) -> list[str]:
    """Take particles, and what makes a verb, from a noun that stands often enough without them: 기사|는, 이동|해.

    Thin data would else learn each form by itself, from one or two places.
    """
    if not piece.startswith(WORD_START):
        return [piece]
    for size in range(min(_LONGEST_TAIL, len(piece) - 1 - _SHORTEST_NOUN), 0, -1):
        noun, tail = piece[:-size], piece[-size:]
        found = _KOREAN_TAIL.fullmatch(tail)
        if found and costs.get(noun, inf) <= costs[piece] + _RARER and found.lastgroup in _tails_after(noun[-1]):
            return [noun, tail]
    return [piece]


def _tails_after(syllable: str) -> tuple[str, ...]:
    """Say which particles follow a syllable: 는 a vowel, 은 a consonant, 로 a vowel or ㄹ."""
    coda = (ord(syllable) - ord("가")) % 28
    return "any", "verb", "vowel" if not coda else "consonant", "open" if coda in (0, 8) else "shut"


def _fragments(texts: Iterable[str], language: str) -> Iterator[str]:
    """Give what a piece must not reach beyond: runs, and in Japanese the parts of them that surely are apart."""
    for text in texts:
        for kind, run in chunks(text, language):
            if kind == RUN and language == "ja":
                yield from filter(None, _JAPANESE_END.split(run.replace(" ", "")[:_LONGEST_RUN]))
            elif kind == RUN:
                yield (run if language in _SPACED else run.replace(" ", ""))[:_LONGEST_RUN]


def _batches(texts: Iterable[str], size: int) -> Iterator[Sequence[str]]:
    rest = iter(texts)
    while batch := list(islice(rest, size)):
        yield batch
