"""When pictures are due, and one media time over everything; exact, on no clock at all."""

import math

from hypothesis import given
from hypothesis import strategies as st

from devices.clock import NS_PER_MS
from devices.pace import Pace, Timeline


def ms(value: float) -> int:
    return round(value * NS_PER_MS)


def test_pictures_are_due_at_their_own_distances() -> None:
    pace = Pace(25)
    assert pace.due(0, ms(1000)) == ms(1000)
    assert pace.due(40, ms(1010)) == ms(1040)
    assert pace.due(95, ms(1050)) == ms(1095)


def test_a_little_late_is_shown_and_a_whole_interval_late_is_dropped() -> None:
    pace = Pace(25)
    pace.due(0, 0)
    assert pace.due(40, ms(79)) == ms(40)
    assert pace.due(80, ms(121)) is None
    assert pace.due(120, ms(121)) == ms(120)
    assert pace.slipped_ms == 0


def test_where_all_come_late_every_sixth_is_shown_and_time_waits_for_it() -> None:
    pace = Pace(25)
    pace.due(0, 0)
    late = [pace.due(40 * n, ms(40 * n + 100)) for n in range(1, 7)]
    assert late == [None] * 5 + [ms(340)]
    assert pace.slipped_ms == 100
    assert pace.due(280, ms(350)) == ms(380)


def test_after_a_second_of_standstill_the_next_picture_is_due_at_once() -> None:
    pace = Pace(25)
    pace.due(0, 0)
    assert pace.due(40, ms(5000)) == ms(5000)


def test_after_a_pause_the_next_picture_is_due_at_once() -> None:
    pace = Pace(25)
    pace.due(0, 0)
    pace.restart()
    assert pace.due(40, ms(9000)) == ms(9000)
    assert pace.due(80, ms(9001)) == ms(9040)
    assert pace.slipped_ms == 0


@given(
    fps=st.sampled_from([0.0, 1.0, 10.0, 29.97, 240.0]),
    steps=st.lists(st.tuples(st.integers(1, 200), st.integers(0, 400)), max_size=60),
)
def test_whatever_comes_what_is_due_goes_forward_and_is_never_much_past(
    fps: float, steps: list[tuple[int, int]]
) -> None:
    pace, media_ms, now_ns, last_ns, dropped = Pace(fps), 0, 0, -1, 0
    for media_step_ms, took_ms in steps:
        media_ms += media_step_ms
        now_ns += ms(took_ms)
        due_ns = pace.due(media_ms, now_ns)
        dropped = dropped + 1 if due_ns is None else 0
        assert dropped <= 5
        if due_ns is not None:
            assert due_ns > last_ns
            assert now_ns - due_ns <= ms(100)
            last_ns = due_ns
            now_ns = max(now_ns, due_ns)


def test_a_timeline_begins_at_nought_and_keeps_the_distances() -> None:
    timeline = Timeline()
    assert [timeline.at(pts, 25) for pts in (1234.5, 1300.0, 90_000.0)] == [0.0, 65.5, 88_765.5]


def test_what_is_opened_anew_follows_by_an_interval() -> None:
    timeline = Timeline()
    timeline.at(0.0, 25)
    timeline.at(40.0, 25)
    timeline.join()
    assert [timeline.at(pts, 25) for pts in (0.0, 40.0)] == [80.0, 120.0]


def test_a_clock_that_runs_back_leaps_or_is_missing_is_bridged() -> None:
    timeline = Timeline(10_000)
    times = [timeline.at(pts, 25) for pts in (0.0, 40.0, 20.0, 60.0, 50_000.0, 50_040.0, None)]
    assert times == [0.0, 40.0, 80.0, 120.0, 160.0, 200.0, 240.0]


# Containers count in microseconds at the finest: a denormal part of one is no time.
_TIMES_MS = st.floats(-1e7, 1e7, width=32).map(lambda ms: round(ms, 3) + 0.0)


@given(st.lists(st.one_of(st.none(), _TIMES_MS), max_size=40), st.sampled_from([0.0, 10.0, 60.0]))
def test_a_timeline_never_steps_back(times: list[float | None], fps: float) -> None:
    timeline, last = Timeline(10_000), -math.inf
    for pts_ms in times:
        now = timeline.at(pts_ms, fps)
        assert now > last or now == last == 0
        last = now
