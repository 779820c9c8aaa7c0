"""When a gesture is meant: what always holds, whatever a network says and however often it is asked."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.hands import Dwell, Gesture, Habits, Sample, watch

HABITS = Habits()
SHORTEST_MS = min(HABITS.dwell_ms.values())


def told(samples: Sequence[Sample], habits: Habits | None = None) -> list[tuple[float, Gesture]]:
    state, heard = Dwell(), []
    for sample in samples:
        state = watch(state, sample, habits)
        if state.told:
            heard.append((sample.at_ms, state.told))
    return heard


def held(
    gesture: Gesture | None, begin_ms: float, end_ms: float, step_ms: float = 100, score: float = 0.9
) -> list[Sample]:
    count = int((end_ms - begin_ms) / step_ms) + 1
    return [Sample(begin_ms + i * step_ms, gesture, score, (300, 200), 80) for i in range(count)]


Run = tuple[Gesture | None, int, float, float, float]
runs = st.lists(
    st.tuples(
        st.one_of(st.none(), st.sampled_from(list(Gesture))),
        st.integers(1, 14),
        st.floats(20, 500),
        st.one_of(st.just(0.9), st.floats(0, 1)),
        st.one_of(st.just(0.0), st.floats(-30, 30)),
    ),
    max_size=12,
)
"""Each: a gesture, how often it is seen, how many ms apart, how clearly, and how far the hand wanders in between."""


def made(runs: Sequence[Run]) -> list[Sample]:
    now_ms, x, samples = 0.0, 320.0, []
    for gesture, count, step_ms, score, wander in runs:
        for _ in range(count):
            now_ms, x = now_ms + step_ms, x + wander
            samples.append(Sample(now_ms, gesture, score, (x, 200), 60))
    return samples


@given(runs)
def test_what_is_told_was_seen_for_its_whole_dwell(
    runs: list[Run],
) -> None:
    samples = made(runs)
    for at_ms, gesture in told(samples):
        dwell_ms = HABITS.dwell_ms[gesture]
        seen = [
            s for s in samples
            if at_ms - dwell_ms <= s.at_ms <= at_ms and s.gesture is gesture and s.score >= HABITS.keep_score
        ]  # fmt: skip
        before = [s.at_ms for s in samples if s.at_ms <= at_ms - dwell_ms and s.gesture is gesture]
        moments = [max(before, default=at_ms - dwell_ms), *(s.at_ms for s in seen)]
        assert seen[-1].at_ms == at_ms
        assert all(later - earlier <= HABITS.blink_ms for earlier, later in pairwise(moments))
        assert len(seen) + len(before[-1:]) >= HABITS.least_seen


@given(runs)
def test_between_two_tellings_the_hand_has_let_go(
    runs: list[Run],
) -> None:
    samples = made(runs)
    heard = told(samples)
    for (first_ms, gesture), (second_ms, _) in pairwise(heard):
        shown = [s.at_ms for s in samples if first_ms <= s.at_ms <= second_ms and s.gesture is gesture
                 and s.score >= HABITS.keep_score]  # fmt: skip
        gaps = [b - a for a, b in zip(shown, [*shown[1:], second_ms], strict=True)]
        assert second_ms - first_ms > HABITS.release_ms
        assert max(gaps) > HABITS.release_ms


@given(runs, st.sampled_from(list(Gesture)), st.floats(30, 300))
def test_a_steady_hand_is_always_heard_once(runs: list[Run], gesture: Gesture, step_ms: float) -> None:
    before = made(runs)
    begin_ms = (before[-1].at_ms if before else 0.0) + HABITS.release_ms + 1
    steady = held(gesture, begin_ms, begin_ms + 5000, step_ms)
    heard = [one for one in told([*before, *steady]) if one[0] >= begin_ms]
    assert [who for _, who in heard] == [gesture]
    wait_ms = max(HABITS.dwell_ms[gesture], (HABITS.least_seen - 1) * step_ms)
    assert heard[0][0] - begin_ms <= wait_ms + step_ms


@given(st.lists(st.tuples(st.sampled_from(list(Gesture)), st.floats(100, SHORTEST_MS - 1)), max_size=20))
def test_hands_that_pass_do_nothing(passing: list[tuple[Gesture, float]]) -> None:
    samples, now_ms = [], 0.0
    for gesture, for_ms in passing:
        samples += held(gesture, now_ms, now_ms + for_ms, 50)
        now_ms += for_ms + HABITS.blink_ms + 60
    assert told(samples) == []


@given(runs)
def test_time_that_stands_or_runs_back_changes_nothing(runs: list[Run]) -> None:
    state = Dwell()
    for sample in made(runs):
        state = watch(state, sample)
        again = watch(state, Sample(sample.at_ms, Gesture.PALM, 1.0))
        earlier = watch(again, Sample(sample.at_ms - 1000, Gesture.FIST, 1.0))
        assert again.told is earlier.told is None
        assert (earlier.gesture, earlier.last_ms, earlier.seen) == (state.gesture, state.last_ms, state.seen)


def test_hysteresis() -> None:
    weak = held(Gesture.PALM, 0, 3000, score=0.6)
    assert told(weak) == []
    assert told([*held(Gesture.PALM, 0, 100, 100), *held(Gesture.PALM, 200, 3000, score=0.5)]) == [(800, Gesture.PALM)]
    assert told([*held(Gesture.PALM, 0, 500), *held(Gesture.PALM, 600, 3000, score=0.3)]) == []


def test_a_blink_is_forgiven_a_longer_look_away_is_not() -> None:
    for gap_ms, expected in ((300, [(800.0, Gesture.FIST)]), (400, [(1400.0, Gesture.FIST)])):
        samples = [*held(Gesture.FIST, 0, 200), *held(Gesture.FIST, 200 + gap_ms, 2000)]
        assert told(samples) == expected


@pytest.mark.parametrize(("far", "expected"), [(60.0, 1), (400.0, 0)])
def test_a_hand_that_wanders_means_nothing(far: float, expected: int) -> None:
    samples = [Sample(i * 100.0, Gesture.POINT, 0.9, (100 + far * i / 7, 100), 80) for i in range(8)]
    assert len(told(samples)) == expected


def test_a_slow_machine_looks_three_times_at_least() -> None:
    assert told(held(Gesture.POINT, 0, 2000, 340)) == [(680, Gesture.POINT)]
    assert told(held(Gesture.POINT, 0, 2000, 400)) == []


def test_after_one_gesture_another_waits_until_the_hand_has_let_go() -> None:
    samples = [*held(Gesture.PALM, 0, 1000), *held(Gesture.THUMB_UP, 1100, 4000)]
    assert [who for _, who in told(samples)] == [Gesture.PALM, Gesture.THUMB_UP]
    assert told(samples)[1][0] >= 1000 + HABITS.release_ms + HABITS.dwell_ms[Gesture.THUMB_UP]
