"""Waiting until the host leaves the processors to this machine: no other time says how fast a program is.

In: how long one may wait in all. Out: the share that other machines took, measured under load, since a host that takes
processors away shows it only to those who want to use them. Knows nothing of what is measured.
"""

import hashlib
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.machine import stolen_s

QUIET = 0.01
"""What is measured while other machines took more than this share of the processors says little."""
PROBE_S, PAUSE_S = 3.0, 15.0


class Patience:
    """A wait that is shared by all who wait: what one of them takes, the others lack."""

    def __init__(self, seconds: float, probe: Callable[[], float] | None = None) -> None:
        self._left_s = seconds
        self._probe = probe or stolen_share

    @property
    def over(self) -> bool:
        """Whether nobody may wait any longer."""
        return self._left_s <= 0

    def spend(self, seconds: float) -> None:
        """Take so much of it: what was done was in vain."""
        self._left_s -= seconds

    def wait(self, most: float, sleep: Callable[[float], None] = time.sleep) -> None:
        """Block until other machines take no more than the share `most`, or patience is over; no patience: at once."""
        while not self.over and self._probe() > most:
            self.spend(PROBE_S + PAUSE_S)
            sleep(PAUSE_S)


def undisturbed(work: Callable[[], dict[str, Any]], patience: Patience) -> dict[str, Any]:
    """What `work` returns, with the share that other machines took meanwhile as `stolen`. Blocks.

    Done again where that is more than QUIET, as long as there is patience; the run that was disturbed least counts.
    """
    best: dict[str, Any] = {}
    while True:
        patience.wait(QUIET)
        stolen, began_s = stolen_s(), time.monotonic()
        told = work()
        took_s = time.monotonic() - began_s
        share = (stolen_s() - stolen) / took_s / (os.cpu_count() or 1)
        if not best or share < best["stolen"]:
            best = {**told, "stolen": share}
        if share <= QUIET or patience.over:
            return best
        patience.spend(took_s)


def stolen_share(seconds: float = PROBE_S) -> float:
    """Return the share (0 to 1) of the processors that went to other machines while all of ours were wanted. Blocks."""
    cores = os.cpu_count() or 1
    stolen, began_s = stolen_s(), time.monotonic()
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(lambda _: _burn(began_s + seconds), range(cores)))
    return (stolen_s() - stolen) / (time.monotonic() - began_s) / cores


def _burn(until_s: float) -> None:
    while time.monotonic() < until_s:
        hashlib.pbkdf2_hmac("sha256", b"quiet", b"please", 20_000)  # lets go of the interpreter's lock
