"""Which setup to read with: the fastest of those that read as well as full precision does. Pure.

In: what was measured and how far each way of running agrees with full precision. Out: a setup.
"""

import math
from collections.abc import Mapping, Sequence

from pipeline.live.tuning.agreement import Agreement
from pipeline.live.tuning.trials import DETECTOR, INT8, Measured, Setup

LEAST_BOXES = 0.97
"""Share of the boxes that must be found alike by a faster precision."""
LEAST_CHARACTERS = 0.98
"""Share of the characters that must be read alike."""
WORTH_INT8 = 1.15
"""How much faster int8 must be than the fastest other way: for less nobody should lose a character."""
WORTH_A_THREAD = 1.10
"""How much faster more threads must be than fewer."""


HOPELESS = 2.5
"""A setup that is so many times slower at one size is not measured at the others."""


def is_hopeless(one: Measured, measured: Sequence[Measured]) -> bool:
    """True where a setup with as many threads or fewer did the same so much faster that more need not be known."""
    rivals = [
        other.cost.p50_ms
        for other in measured
        if (other.model, other.size_px) == (one.model, one.size_px) and other.setup.threads <= one.setup.threads
    ]
    return one.cost.p50_ms > HOPELESS * min(rivals, default=one.cost.p50_ms)


def good_enough(agreement: Agreement) -> bool:
    """True where so little is lost that speed may decide."""
    return agreement.of_boxes >= LEAST_BOXES and agreement.of_characters >= LEAST_CHARACTERS


def choose_setup(
    measured: Sequence[Measured], agreements: Mapping[tuple[str, str], Agreement], most_threads: int
) -> Setup | None:
    """The setup to read with, on at most `most_threads`; None where nothing was measured.

    Speed is that of the detector over all sizes (their geometric mean): it takes most of the time; a setup that was not
    measured at all of them was given up. A way of running without an agreement is the one in full precision.
    """
    speeds = {
        setup: ms
        for setup, ms in _speeds(measured).items()
        if setup.threads <= most_threads and good_enough(agreements.get(setup.way, Agreement()))
    }
    if not speeds:
        return None
    best = _fewest_threads(speeds, min(speeds, key=lambda setup: speeds[setup]))
    others = {setup: ms for setup, ms in speeds.items() if setup.precision != INT8}
    if best.precision != INT8 or not others:
        return best
    plain = min(others, key=lambda setup: others[setup])
    return best if others[plain] >= WORTH_INT8 * speeds[best] else _fewest_threads(others, plain)


def _fewest_threads(speeds: Mapping[Setup, float], best: Setup) -> Setup:
    same = [setup for setup in speeds if setup.way == best.way and speeds[setup] < WORTH_A_THREAD * speeds[best]]
    return min(same, key=lambda setup: setup.threads)


def _speeds(measured: Sequence[Measured]) -> dict[Setup, float]:
    logs: dict[Setup, list[float]] = {}
    for one in measured:
        if one.model == DETECTOR:
            logs.setdefault(one.setup, []).append(math.log(max(one.cost.p50_ms, 1e-6)))
    most = max(map(len, logs.values()), default=0)
    return {setup: math.exp(sum(values) / len(values)) for setup, values in logs.items() if len(values) == most}
