"""Counting outcomes by lane and stage, from several threads."""

import threading

from pipeline.live.counters import Counters
from pipeline.live.outcome import Outcome, Work
from tests.pipeline.live.stand_ins import item


def _work(lane: str, stage: str, outcome: Outcome, detail: str = "") -> Work:
    return Work(lane, stage, item().stamp, "", 0, 0, outcome, detail)


def test_counts_by_lane_and_stage() -> None:
    counters = Counters()
    counters(_work("read", "read", Outcome.DONE))
    counters(_work("read", "detect", Outcome.DONE))
    counters(_work("read", "detect", Outcome.FAILED, "first"))
    counters(_work("read", "detect", Outcome.FAILED, "second"))
    assert counters.counts()["read", "detect"] == {
        Outcome.DONE: 1,
        Outcome.DEGRADED: 0,
        Outcome.SKIPPED: 0,
        Outcome.STALE: 0,
        Outcome.FAILED: 2,
    }
    assert counters.count("read", Outcome.DONE) == 1
    assert counters.count("read", Outcome.FAILED, stage="detect") == 2
    assert counters.count("look", Outcome.DONE) == 0
    assert counters.counts().keys() == {("read", "read"), ("read", "detect")}
    assert counters.last_failures() == {("read", "detect"): "second"}


def test_what_is_given_out_is_a_copy() -> None:
    counters = Counters()
    counters(_work("read", "read", Outcome.DONE))
    before = counters.counts()
    counters(_work("read", "read", Outcome.DONE))
    assert before["read", "read"][Outcome.DONE] == 1


def test_no_count_is_lost_between_threads() -> None:
    counters = Counters()

    def many() -> None:
        for _ in range(500):
            counters(_work("read", "read", Outcome.DONE))

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters.count("read", Outcome.DONE) == 2000
