"""What counts as worse: more than the clips scatter, and more than a machine's mood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.noise import Change, Verdict, change_interval, judge, mean_interval
from benchmarks.rows import HIGHER, LOWER, Row

CLIPS = (1.0, 2.0, 4.0, 8.0, 3.0, 5.0)
MEAN = sum(CLIPS) / len(CLIPS)


def changed(*samples: float, better: str = LOWER, unit: str = "px") -> Change:
    return judge(Row(MEAN, better, unit, CLIPS), Row(sum(samples) / len(samples), better, unit, samples))


def test_what_every_clip_has_more_of_is_no_noise_though_the_clips_differ_by_more() -> None:
    change = changed(*(one + 0.2 for one in CLIPS))
    assert change.verdict is Verdict.WORSE
    assert change.interval == pytest.approx((0.2, 0.2))


def test_the_same_change_is_better_where_higher_is() -> None:
    assert changed(*(one + 0.2 for one in CLIPS), better=HIGHER).verdict is Verdict.BETTER


def test_what_some_clips_have_more_of_and_others_less_is_noise() -> None:
    assert changed(1.5, 1.6, 4.6, 7.5, 3.4, 4.7).verdict is Verdict.SAME


def test_time_must_change_by_more_than_a_machine_does_by_itself() -> None:
    def took(factor: float) -> Change:
        return changed(*(one * factor for one in CLIPS), unit="s")

    assert took(1.05).verdict is Verdict.SAME
    assert took(1.2).verdict is Verdict.WORSE


def test_without_clips_a_share_is_taken_for_the_noise() -> None:
    assert judge(Row(0.50, HIGHER), Row(0.495, HIGHER)).verdict is Verdict.SAME
    assert judge(Row(0.50, HIGHER), Row(0.48, HIGHER)).verdict is Verdict.WORSE
    assert judge(Row(0.0, LOWER), Row(0.01, LOWER)).verdict is Verdict.WORSE


def test_memory_that_grew_a_little_from_nothing_is_not_worse() -> None:
    assert judge(Row(0.0, LOWER, "MB"), Row(2.0, LOWER, "MB")).verdict is Verdict.SAME
    assert judge(Row(0.0, LOWER, "MB"), Row(20.0, LOWER, "MB")).verdict is Verdict.WORSE


def test_the_pooled_value_and_the_clips_must_agree() -> None:
    worse_in_each_clip = tuple(one + 0.2 for one in CLIPS)
    assert judge(Row(5.0, LOWER, "px", CLIPS), Row(4.5, LOWER, "px", worse_in_each_clip)).verdict is Verdict.SAME


def test_another_machine_is_not_judged_by_its_time_but_by_its_places() -> None:
    assert judge(Row(1.0, LOWER, "ms"), Row(9.0, LOWER, "ms"), same_machine=False).verdict is Verdict.ELSEWHERE
    assert judge(Row(1.0, LOWER, "px"), Row(9.0, LOWER, "px"), same_machine=False).verdict is Verdict.WORSE


def test_what_is_in_one_run_only_is_said() -> None:
    assert judge(None, Row(1.0, LOWER)).verdict is Verdict.NEW
    assert judge(Row(1.0, LOWER), None).verdict is Verdict.GONE
    assert judge(None, Row(1.0, LOWER)).difference is None


def test_a_clip_without_a_figure_has_no_part() -> None:
    assert mean_interval([1.0, None, 1.0, 1.0]) == (1.0, 1.0)
    assert mean_interval([1.0, None, 1.0]) is None
    assert change_interval([1.0, None, 1.0, 1.0], [2.0, 5.0, 2.0, 2.0]) == (1.0, 1.0)


def test_other_clips_are_compared_by_their_means() -> None:
    low, high = change_interval([1.0, 2.0, 3.0], [11.0, 12.0, 13.0, 14.0]) or (0.0, 0.0)
    assert 8.0 < low < 10.5 < high < 13.0
    assert change_interval([1.0, 2.0, 3.0], [11.0, 12.0]) is None


@given(st.lists(st.floats(0, 1000), max_size=8), st.sampled_from(["ms", "px", ""]), st.sampled_from([LOWER, HIGHER]))
def test_a_run_is_never_worse_than_itself(samples: list[float], unit: str, better: str) -> None:
    row = Row(sum(samples) / max(1, len(samples)), better, unit, tuple(samples))
    assert judge(row, row).verdict is Verdict.SAME
