"""What a live run cost, noted while it runs: durations, outcomes, how busy each lane was, memory.

In: every piece of work, as an observer. Out: numbers. Keeps a few bytes for each piece of work, so that half an hour
of it does not show in the memory that it measures.
"""

import threading
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.cost import rss_mb
from devices.clock import NS_PER_MS, Clock
from pipeline.live.outcome import Outcome, Work

DRAWN = (Outcome.DONE, Outcome.DEGRADED)
SAMPLE_S = 0.5
_NS = 1e9


class Meter:
    """An Observer. `render` is the name of the lane whose works are displayed frames."""

    def __init__(self, render: str = "render") -> None:
        self._render = render
        self._noting = threading.Lock()
        self._took_ms: defaultdict[tuple[str, str, str], array[float]] = defaultdict(lambda: array("f"))
        self._outcomes: Counter[tuple[str, str, str]] = Counter()
        self._busy: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
        self._shown_ms = array("f")
        self._seqs = array("l")
        self._failures: dict[str, str] = {}
        self.first_ns: int | None = None
        """When the first frame was captured."""

    def __call__(self, work: Work) -> None:
        """Note one."""
        took_ms = (work.ended_ns - work.started_ns) / NS_PER_MS
        with self._noting:
            if self.first_ns is None:
                self.first_ns = work.stamp.captured_ns
            self._outcomes[work.lane, work.stage, work.outcome.value] += 1
            if work.outcome is Outcome.FAILED:
                self._failures[f"{work.lane}/{work.stage}"] = work.detail
            if work.ended_ns == work.started_ns:
                return
            if work.outcome in DRAWN:
                self._took_ms[work.lane, work.stage, work.tier].append(took_ms)
            if work.stage != work.lane:
                return
            self._spread(work)
            if work.lane == self._render and work.outcome in DRAWN:
                self._seqs.append(work.stamp.seq)
                self._shown_ms.append((work.ended_ns - work.stamp.captured_ns) / NS_PER_MS)

    def shown_ms(self) -> dict[int, float]:
        """By the number of the frame, how long after its capture it was ready to be shown."""
        with self._noting:
            return dict(zip(self._seqs, self._shown_ms, strict=True))

    def summary(self) -> dict[str, Any]:
        """For JSON: what each run of each lane/stage/tier took, outcomes, how busy each lane was a second, failures."""
        with self._noting:
            took = {"/".join(key): [round(ms, 2) for ms in spent] for key, spent in sorted(self._took_ms.items())}
            outcomes: dict[str, dict[str, int]] = defaultdict(dict)
            for (lane, stage, outcome), count in sorted(self._outcomes.items()):
                outcomes[lane if lane == stage else f"{lane}/{stage}"][outcome] = count
            return {
                "took_ms": took,
                "outcomes": outcomes,
                "occupancy": self._occupancy(),
                "failures": dict(self._failures),
            }

    def _spread(self, work: Work) -> None:
        """Add the work to each second since the first frame that it was busy in."""
        since_ns = self.first_ns or 0
        start, end = ((ns - since_ns) / _NS for ns in (work.started_ns, work.ended_ns))
        busy = self._busy[work.lane]
        while start < end:
            until = min(end, int(start) + 1.0)
            busy[int(start)] += until - start
            start = until

    def _occupancy(self) -> dict[str, list[float]]:
        seconds = [second for busy in self._busy.values() for second in busy]
        if not seconds:
            return {}
        last = max(seconds)
        return {
            lane: [round(busy.get(second, 0.0), 4) for second in range(last + 1)]
            for lane, busy in sorted(self._busy.items())
        }


class Memory:
    """Notes the resident memory of this process twice a second; a Part. It is a thread that sleeps."""

    name = "memory"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ended = threading.Event()
        self._times_s = array("f")
        self._mb = array("f")
        self._began_ns = clock.now_ns()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._began_ns = self._clock.now_ns()
        self._thread.start()

    def stop(self, timeout_s: float) -> bool:
        """End."""
        self._ended.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def samples(self) -> list[tuple[float, float]]:
        """Seconds since the start, 10^6 bytes."""
        return [(round(s, 2), round(mb, 3)) for s, mb in zip(self._times_s, self._mb, strict=True)]

    def since_start_s(self, when_ns: int | None) -> float:
        """A moment of the clock in the time of the samples; None is their start."""
        return 0.0 if when_ns is None else (when_ns - self._began_ns) / _NS

    def _run(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            self._times_s.append((self._clock.now_ns() - self._began_ns) / _NS)
            self._mb.append(rss_mb())


def growth_mb(samples: Sequence[tuple[float, float]], settled_s: float) -> float | None:
    """By how much memory grew after `settled_s`: the mean of the last tenth of what is left against its first tenth.

    None where less than ten samples are left. Means, not single samples: pictures in work come and go.
    """
    kept = [mb for s, mb in samples if s >= settled_s]
    tenth = len(kept) // 10
    return float(np.mean(kept[-tenth:]) - np.mean(kept[:tenth])) if tenth else None
