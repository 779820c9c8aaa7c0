"""Makes a variant of a model, measures it beside the model, and keeps it only where it is good enough.

In: a store, a model's id, a place, pictures. Out: what was tried; and in the store the first variant that loses no more
than was allowed and is faster. Half of the pictures are for calibration, the other half for the judgement.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from devices import GlossaError, InputError, MissingError
from devices.clock import NS_PER_MS, Clock
from devices.store import Record, Store
from devices.store.adding import Own, add_own
from pipeline.live.tuning.pictures import Picture
from pipeline.live.tuning.quantise import Feed, can_quantise
from pipeline.optimise.subjects import FEWEST, Share, Subject, subject_of
from pipeline.optimise.ways import Place, Way, can, make
from vision.objects.graph import Graph

_RUNS = 15
_MOST_FEEDS = 64


@dataclass(frozen=True, slots=True)
class Tried:
    """One variant, or the model itself."""

    name: str
    size: int
    """Bytes."""
    ms: float
    """Half of the runs are not slower, one thread; 0 where it was not run."""
    share: Share | None
    """Agreement with full precision; None: it could not be made or run, see `note`."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    what: str
    """`characters` or `boxes`."""
    tried: tuple[Tried, ...]
    """The model itself is first."""
    kept: Record | None
    """The variant, as it lies in the store now; None: none was good enough."""
    why: str
    """One sentence about the choice."""


Say = Callable[[str], None]
"""Is told what is being done."""


def optimise(
    store: Store,
    name: str,
    place: Place,
    pictures: Sequence[Picture],
    most_lost: float,
    clock: Clock,
    say: Say = lambda what: None,
) -> Outcome:
    """Try the ways of a place in turn, and put the first good variant into the store as `NAME-int8-PLACE`. Blocks.

    `most_lost` is the share of characters or boxes that may differ, 0 to 1. Raises InputError for a model that cannot
    be tried and for too few pictures, MissingError without the onnx package.
    """
    record, model = store.record(name), store.path(name)
    subject = subject_of(record, model)
    if not can_quantise():
        raise MissingError("int8 needs the onnx package: pip install 'glossa[optimise]'")
    seen, judged = pictures[::2], pictures[1::2]
    feeds = subject.feeds(seen)[:_MOST_FEEDS]
    full = subject.compare(model, place.engine, judged) if judged else Share(1.0, 0)
    if not feeds or full.of < FEWEST:
        raise InputError(
            f"On these {len(pictures)} pictures the model {name} finds {full.of} {subject.what}, of which nothing can"
            f" be said; expected {FEWEST} or more. Give more pictures of what it is for: --pictures FOLDER"
        )
    before = Tried("full precision", model.stat().st_size, _ms(model, place, feeds, clock), full)
    tried = [before]
    with tempfile.TemporaryDirectory(dir=store.work, prefix="optimise-") as folder:
        for way in place.ways:
            if not can(way):
                tried.append(Tried(way.name, 0, 0.0, None, "not installed: pip install 'glossa[optimise]'"))
                continue
            say(f"{way.name} ...")
            made = Path(folder) / f"{name}-int8-{place.name}.onnx"
            one = _try(way, subject, place, made, feeds, judged, clock)
            tried.append(one)
            if one.share and 1 - one.share.alike <= most_lost and (not place.timed or one.ms < before.ms):
                kept = _keep(store, record, place, made)
                return Outcome(subject.what, tuple(tried), kept, f"{way.name}: kept as {kept.id}")
    return Outcome(subject.what, tuple(tried), None, _refusal(tried, subject.what, most_lost))


def _try(
    way: Way,
    subject: Subject,
    place: Place,
    made: Path,
    feeds: Sequence[Feed],
    judged: Sequence[Picture],
    clock: Clock,
) -> Tried:
    try:
        make(way, subject.model, made, feeds)
        share = subject.compare(made, place.engine, judged)
        return Tried(way.name, made.stat().st_size, _ms(made, place, feeds, clock), share)
    except GlossaError as why:
        return Tried(way.name, 0, 0.0, None, str(why))
    except Exception as why:  # the quantisers raise what they like, on networks that they do not know
        return Tried(
            way.name, 0, 0.0, None, f"cannot be made: {' '.join(str(why).split())[:120] or type(why).__name__}"
        )


def _refusal(tried: Sequence[Tried], what: str, most_lost: float) -> str:
    good = [one for one in tried[1:] if one.share and 1 - one.share.alike <= most_lost]
    if good:
        return "nothing was kept: what loses little enough is not faster on this machine"
    best = max((one.share.alike for one in tried[1:] if one.share), default=None)
    if best is None:
        return "nothing was kept: no variant could be made"
    return f"nothing was kept: at best {1 - best:.1%} of the {what} differ, at most {most_lost:.1%} were allowed"


def _keep(store: Store, record: Record, place: Place, made: Path) -> Record:
    own = Own(
        f"{record.id}-int8-{place.name}", record.task, "onnx", record.licence, f"{record.title}, int8 for {place.name}",
        record.languages, record.commercial,
    )  # fmt: skip
    return add_own(store, made, own)


def _ms(model: Path, place: Place, feeds: Sequence[Feed], clock: Clock) -> float:
    """Median of a few runs, after one that does not count."""
    graph = Graph(model, place.engine, 1)
    spent = []
    for n in range(_RUNS + 1):
        feed: dict[str, Any] = dict(feeds[n % len(feeds)])
        start_ns = clock.now_ns()
        graph.run(feed)
        spent.append((clock.now_ns() - start_ns) / NS_PER_MS)
    return float(np.median(spent[1:]))
