"""Cost is that of the run alone, in a process of its own."""

import threading

import pytest

from benchmarks.cost import GivenUpError, measure, measure_unless
from devices.errors import GlossaError


def endless() -> None:
    """For a process that is killed."""
    threading.Event().wait()


def test_result_and_cost_come_back_and_memory_is_the_childs_own() -> None:
    ballast = b"x" * 300_000_000  # a child that is forked from here must not start with our peak
    result, cost = measure("json:dumps", obj={"a": 1})
    assert result == '{"a": 1}'
    assert 5 < cost.peak_rss_mb < len(ballast) / 1e6
    assert 0 <= cost.cpu_s < 5


def test_a_failing_run_is_told() -> None:
    with pytest.raises(GlossaError, match="no_such_function"):
        measure("math:no_such_function")


def test_a_run_that_is_not_worth_its_time_is_ended() -> None:
    with pytest.raises(GivenUpError):
        measure_unless(lambda: True, "tests.benchmarks.test_cost:endless")
