"""Faces over time: what was seen stays hidden through blinks, before its first sighting and after its last."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.faces import Holder, spread
from vision.faces.hold import AROUND_MS, BRIDGE_MS
from vision.objects.detection import Box

TIMES = [index * 100.0 for index in range(60)]
FACE: Box = (100, 100, 150, 160)


def moved(x: float, y: float = 0.0, box: Box = FACE) -> Box:
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer[0] <= inner[0] + 1e-6
        and outer[1] <= inner[1] + 1e-6
        and inner[2] <= outer[2] + 1e-6
        and inner[3] <= outer[3] + 1e-6
    )


def test_gaps_are_bridged_along_the_way() -> None:
    hidden = spread({10: [FACE], 18: [moved(80)]}, TIMES)
    assert sorted(hidden) == list(range(6, 23))
    for seq in range(10, 19):
        assert any(inside(moved(10 * (seq - 10)), box) for box in hidden[seq])


def test_a_face_that_stays_away_longer_is_not_hidden_all_the_time() -> None:
    hidden = spread({10: [FACE], 40: [FACE]}, TIMES)
    around = int(AROUND_MS / 100)
    assert sorted(hidden) == [*range(10 - around, 11 + around), *range(40 - around, 41 + around)]


def test_two_people_are_not_mixed_up() -> None:
    left, right = FACE, moved(300)
    hidden = spread({10: [left, right], 15: [right, left]}, TIMES)
    assert len(hidden[12]) == 2
    assert all(any(inside(one, box) for box in hidden[12]) for one in (left, right))
    assert all(box[2] - box[0] < 80 for box in hidden[12])


def test_the_ends_of_a_clip_are_ends() -> None:
    assert sorted(spread({0: [FACE], 59: [FACE]}, TIMES)) == [0, 1, 2, 3, 4, 55, 56, 57, 58, 59]
    assert spread({}, TIMES) == {}


boxes = st.builds(
    lambda x, y, size: (x, y, x + size, y + size), st.floats(0, 600), st.floats(0, 400), st.floats(8, 120)
)


@given(st.dictionaries(st.integers(0, 59), st.lists(boxes, max_size=3), max_size=30))
def test_what_was_found_is_hidden_and_all_around_it(found: dict[int, list[Box]]) -> None:
    hidden = spread(found, TIMES)
    for seq, ones in found.items():
        for one in ones:
            assert any(inside(one, box) for box in hidden[seq])
            for near in range(max(0, seq - 4), min(60, seq + 5)):
                assert near in hidden
    assert spread(found, TIMES) == hidden


@given(st.lists(st.tuples(st.floats(1, 400), st.lists(boxes, max_size=3)), max_size=30))
def test_live_nothing_is_shown_that_was_seen_a_moment_ago(pictures: list[tuple[float, list[Box]]]) -> None:
    holder, now_ms, seen = Holder(), 0.0, []
    for passed_ms, found in pictures:
        now_ms += passed_ms
        hidden = holder.see(found, now_ms)
        assert all(one in hidden for one in found)
        seen.append((now_ms, found))
        assert len(hidden) <= sum(len(ones) for at_ms, ones in seen if now_ms - at_ms <= BRIDGE_MS)


def test_live_a_blink_is_covered_where_the_face_went() -> None:
    holder = Holder()
    for step in range(5):
        holder.see([moved(20 * step)], 100.0 * step)
    (guess,) = holder.see([], 500)
    assert inside(moved(80), guess)
    assert inside(moved(100), guess)
    assert holder.see([], 400 + BRIDGE_MS + 1) == []


def test_live_held_boxes_grow_but_not_for_ever() -> None:
    holder = Holder()
    holder.see([FACE], 0)
    widths = [box[2] - box[0] for at in range(100, 1000, 100) for box in holder.see([], at)]
    assert all(later > earlier for earlier, later in pairwise(widths))
    assert widths[-1] < 2 * 50
    assert holder.see([], -5) == []  # a clip that begins again


@pytest.mark.parametrize("count", [0, 1])
def test_live_the_same_face_is_not_held_twice(count: int) -> None:
    holder = Holder()
    for step in range(20):
        hidden = holder.see([FACE] * count, 33.0 * step)
    assert len(hidden) == count
