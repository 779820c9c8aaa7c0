"""How long two networks take, run in turns, so that whatever else this machine does meets both.

In: ONNX files, an engine, feeds, a clock. Out: ms. Blocks.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from devices.clock import NS_PER_MS, Clock
from pipeline.live.tuning.quantise import Feed
from vision.objects.graph import Graph

_RUNS = 15


class ProcessorClock:
    """What this process has spent of the processor, all its threads together: others do not move it."""

    def now_ns(self) -> int:
        """See Clock."""
        return time.process_time_ns()

    def sleep_until(self, when_ns: int) -> None:
        """See Clock. It stands still while nothing is done: there is no such moment to wait for."""
        raise NotImplementedError("a clock of the processor's work does not move while one sleeps")


def in_turns(models: Sequence[Path], engine: str, feeds: Sequence[Feed], clock: Clock) -> list[float]:
    """Half of the runs of each are not slower, after one that does not count; one thread. Raises InputError."""
    graphs = [Graph(model, engine, 1) for model in models]
    spent: list[list[float]] = [[] for _ in graphs]
    for n in range(_RUNS + 1):
        feed: dict[str, Any] = dict(feeds[n % len(feeds)])
        for graph, times in zip(graphs, spent, strict=True):
            start_ns = clock.now_ns()
            graph.run(feed)
            times.append((clock.now_ns() - start_ns) / NS_PER_MS)
    return [float(np.median(times[1:])) for times in spent]
