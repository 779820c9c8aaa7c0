"""Makes a variant of a model, measures it beside the model, and keeps it only where it is good enough.

In: a store, a model's id, a place, pictures. Out: what was tried; and in the store the first variant that loses no more
than was allowed and is faster (in four bits: or smaller). Half of the pictures are for calibration, the other half for
the judgement. What is not kept leaves nothing behind.
"""

import importlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices import GlossaError, InputError, MissingError
from devices.clock import Clock
from devices.store import Record, Store
from devices.store.adding import Own, add_own
from pipeline.live.tuning.pictures import Picture
from pipeline.live.tuning.quantise import Feed, can_quantise
from pipeline.optimise.entrance import fold_entrance
from pipeline.optimise.matrices import check_matrices
from pipeline.optimise.still import fix_shapes, of_one_shape
from pipeline.optimise.subjects import FEWEST, Share, Subject, subject_of
from pipeline.optimise.timing import in_turns
from pipeline.optimise.ways import FULL, Place, Way, can, make, ways_of
from vision.text.engine import precisions

_MOST_FEEDS = 64
_FASTER = 0.97
"""Of the model's time, what a variant may take at most: less is noise."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One variant, or the model itself."""

    name: str
    size: int
    """Bytes."""
    ms: float
    """Of the processor, half of the runs are not slower, one thread; 0 where it was not run."""
    before_ms: float
    """What the model took in turns with it."""
    share: Share | None
    """Agreement with the model as it is; None: it could not be made or run, see `note`."""
    note: str = ""

    @property
    def faster(self) -> bool:
        """By more than noise."""
        return self.ms < _FASTER * self.before_ms


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    what: str
    """`characters`, `boxes` or `answers`."""
    tried: tuple[Tried, ...]
    """The model itself is first."""
    kept: Record | None
    """The variant, as it lies in the store now; None: none was good enough."""
    why: str
    """One sentence about the choice."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    place: Place
    most_lost: float = 0.02
    """Share of characters, boxes or answers that may differ, 0 to 1."""
    bits: int = 8
    """8 or 4."""


Say = Callable[[str], None]
"""Is told what is being done."""


def optimise(
    store: Store, name: str, wish: Wish, pictures: Sequence[Picture], clock: Clock, say: Say = lambda what: None
) -> Outcome:
    """Try the ways of a place in turn, and put the first good variant into the store as `NAME-int8-PLACE`. Blocks.

    Raises InputError for a model that cannot be tried and for too few pictures, MissingError without the onnx package.
    """
    place = wish.place
    record, model = store.record(name), store.path(name)
    subject = subject_of(record, model)
    if not can_quantise():
        raise MissingError("Variants need the onnx package: pip install 'glossa[optimise]'")
    ways = ways_of(place, wish.bits)
    if wish.bits == 4:
        check_matrices(model)
    seen, judged = pictures[::2], pictures[1::2]
    feeds = subject.feeds(seen)[:_MOST_FEEDS]
    full = subject.compare(model, place.engine, judged) if judged or not subject.looks else Share(1.0, 0)
    if not feeds or full.of < FEWEST:
        raise InputError(
            f"On these {len(pictures)} pictures the model {name} finds {full.of} {subject.what}, of which nothing can"
            f" be said; expected {FEWEST} or more. Give more pictures of what it is for: --pictures FOLDER"
        )
    (before_ms,) = in_turns([model], place.engine, feeds, clock)
    tried = [Tried(f"as it is, in {precisions(place.engine)[0]}", model.stat().st_size, before_ms, before_ms, full)]
    with tempfile.TemporaryDirectory(dir=store.work, prefix="optimise-") as folder:
        plain, folded = _folded(model, Path(folder))
        for way in ways:
            if way.kind == FULL and not folded:
                continue
            if not can(way):
                tried.append(Tried(way.name, 0, 0.0, 0.0, None, "not installed: pip install 'glossa[optimise]'"))
                continue
            say(f"{way.name} ...")
            made = Path(folder) / f"{name}-{way.kind}-{place.name}.onnx"
            one = _try(way, subject, place, plain, made, feeds, judged, clock)
            tried.append(one)
            if _good(one, wish, tried[0].size):
                if place.still:
                    fix_shapes(made, of_one_shape(feeds)[0])
                kept = _keep(store, record, place, way, made)
                why = f"{way.name}: kept as {kept.id}"
                if way.kind == FULL:
                    why += f"; none in int8 was: {_refusal(tried[:-1], subject.what, wish)}"
                return Outcome(subject.what, tuple(tried), kept, why)
    return Outcome(subject.what, tuple(tried), None, f"nothing was kept: {_refusal(tried, subject.what, wish)}")


def _folded(model: Path, folder: Path) -> tuple[Path, bool]:
    """The model with its entrance folded, where it has such; what all variants are made of."""
    onnx: Any = importlib.import_module("onnx")
    network = onnx.load(str(model))
    if not fold_entrance(network):
        return model, False
    plain = folder / "plain.onnx"
    onnx.save(network, str(plain))
    return plain, True


def _good(one: Tried, wish: Wish, size: int) -> bool:
    if one.share is None or 1 - one.share.alike > wish.most_lost:
        return False
    return one.faster or not wish.place.timed or (wish.bits == 4 and one.size < size)


def _try(
    way: Way,
    subject: Subject,
    place: Place,
    plain: Path,
    made: Path,
    feeds: Sequence[Feed],
    judged: Sequence[Picture],
    clock: Clock,
) -> Tried:
    try:
        make(way, plain, made, feeds)
        share = subject.compare(made, place.engine, judged)
        before_ms, ms = in_turns([subject.model, made], place.engine, feeds, clock)
        return Tried(way.name, made.stat().st_size, ms, before_ms, share)
    except GlossaError as why:
        return Tried(way.name, 0, 0.0, 0.0, None, str(why))
    except Exception as why:  # the quantisers raise what they like, on networks that they do not know
        note = f"cannot be made: {' '.join(str(why).split())[:120] or type(why).__name__}"
        return Tried(way.name, 0, 0.0, 0.0, None, note)


def _refusal(tried: Sequence[Tried], what: str, wish: Wish) -> str:
    run = [one for one in tried[1:] if one.share]
    if not run:
        return "no variant could be made"
    least_lost = min(1 - one.share.alike for one in run if one.share)
    if least_lost <= wish.most_lost:
        return "what loses little enough is not faster on this machine"
    why = f"at best {least_lost:.1%} of the {what} differ, at most {wish.most_lost:.1%} were allowed"
    if wish.place.timed and not any(one.faster for one in run):
        why += f"; and on this machine none is faster than the model {tried[0].name}"
    return why


def _keep(store: Store, record: Record, place: Place, way: Way, made: Path) -> Record:
    own = Own(
        f"{record.id}-{way.kind}-{place.name}", record.task, "onnx", record.licence,
        f"{record.title}, {way.kind} for {place.name}", record.languages, record.commercial,
    )  # fmt: skip
    return add_own(store, made, own)
