"""Tags: beside their things, over no label, over no other tag, steady, inside of the picture."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from overlay.tags import Area, PlacedTag, Tag, draw_tags, place_tags

SIZE = (1280, 720)


def touch(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def only(placed: list[PlacedTag]) -> PlacedTag:
    (one,) = placed
    return one


def test_a_tag_stands_above_its_thing() -> None:
    one = only(place_tags([Tag(1, "dog", (400, 300, 700, 600))], [], SIZE))
    assert one.area[3] <= 300
    assert one.area[0] == 400


def test_it_gives_way_to_a_label_and_comes_no_nearer_than_it_must() -> None:
    label = (380.0, 250.0, 720.0, 320.0)
    one = only(place_tags([Tag(1, "dog", (400, 300, 700, 600))], [label], SIZE))
    assert not touch(one.area, label)


def test_without_a_free_place_it_is_not_drawn() -> None:
    assert place_tags([Tag(1, "dog", (400, 300, 700, 600))], [(0, 0, 1280, 720)], SIZE) == []
    everywhere = [(350.0, 200.0, 750.0, 330.0), (350.0, 570.0, 750.0, 700.0)]
    assert place_tags([Tag(1, "dog", (400, 300, 700, 600))], everywhere, SIZE) == []


def test_it_stays_on_its_side_while_that_is_free() -> None:
    tag = Tag("a", "dog", (400, 300, 700, 600))
    label = (380.0, 250.0, 720.0, 320.0)
    pushed = only(place_tags([tag], [label], SIZE))
    kept = only(place_tags([tag], [], SIZE, {"a": pushed.side}))
    assert kept.side == pushed.side != 0


def test_at_the_upper_edge_it_goes_inside() -> None:
    one = only(place_tags([Tag(1, "tv", (400, 0, 900, 500))], [], SIZE))
    assert 0 <= one.area[1] < 20


def test_what_lies_under_text_gets_no_name() -> None:
    page = (300.0, 100.0, 900.0, 600.0)
    assert place_tags([Tag(1, "book", page, only_bare=True)], [(310.0, 110.0, 880.0, 560.0)], SIZE) == []
    assert len(place_tags([Tag(1, "link: example.com", page)], [(310.0, 110.0, 880.0, 560.0)], SIZE)) == 1


boxes = st.tuples(st.floats(-200, 1400), st.floats(-200, 800), st.floats(1, 900), st.floats(1, 600)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(st.lists(boxes, max_size=12), st.lists(boxes, max_size=6))
def test_never_over_a_label_or_a_tag_or_the_edge(things: list[Area], labels: list[Area]) -> None:
    placed = place_tags([Tag(i, f"thing {i}", box) for i, box in enumerate(things)], labels, SIZE)
    for one in placed:
        x0, y0, x1, y1 = one.area
        assert 0 <= x0 < x1 <= SIZE[0]
        assert 0 <= y0 < y1 <= SIZE[1]
        assert not any(touch(one.area, label) for label in labels)
    assert not any(touch(a.area, b.area) for a, b in combinations(placed, 2))


def test_drawing_changes_its_area_and_nothing_else() -> None:
    canvas = np.full((720, 1280, 3), 120, np.uint8)
    placed = place_tags([Tag(1, "신호등", (400, 300, 700, 600)), Tag(2, "x", (10, 10, 90, 90), warning=True)], [], SIZE)
    draw_tags(canvas, placed)
    changed = (canvas != 120).any(axis=2)
    inside = np.zeros_like(changed)
    for one in placed:
        x0, y0, x1, y1 = map(round, one.area)
        inside[y0:y1, x0:x1] = True
        assert changed[y0:y1, x0:x1].mean() > 0.8
    assert not (changed & ~inside).any()


def test_letters_nobody_can_draw_and_long_texts() -> None:
    assert place_tags([Tag(1, "\u200b\U0010fffd", (400, 300, 700, 600))], [], SIZE) == []
    one = only(place_tags([Tag(1, "w" * 500, (400, 300, 700, 600))], [], SIZE))
    assert one.area[2] - one.area[0] < 800
    draw_tags(np.zeros((720, 1280, 3), np.uint8), [one])


def test_tiny_pictures() -> None:
    placed = place_tags([Tag(1, "dog", (1, 1, 20, 20))], [], (24, 24))
    draw_tags(np.zeros((24, 24, 3), np.uint8), placed)
