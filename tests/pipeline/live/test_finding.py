"""Lines found through windows: each once, none in part, and what nobody looked for stays where it was."""

from collections.abc import Sequence

import numpy as np

from devices import Rgb
from pipeline.live.finding import InView, Known, find_lines
from tests.pipeline.live.scenes import seen_through
from vision.quad import Quad
from vision.text.windows import Window

PICTURE = np.zeros((720, 1280, 3), np.uint8)
LEFT, RIGHT = Window(0, 0, 640, 720), Window(640, 0, 1280, 720)


def line(left: float, top: float, wide: float = 200.0, high: float = 40.0) -> Quad:
    right, bottom = left + wide, top + high
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


class Detector:
    """Finds the lines of a picture that are in the part that it is shown."""

    def __init__(self, *lines: Quad) -> None:
        self.lines = lines

    def find(self, rgb: Rgb, short_side_px: int | None = None, part: Window | None = None) -> list[Quad]:
        return seen_through(part, self.lines)


def find(lines: Sequence[Quad], windows: Sequence[Window] | None, known: Sequence[Known] = ()) -> list[InView]:
    return list(find_lines(Detector(*lines), PICTURE, 544, windows, known).lines)


def test_the_whole_picture_shows_every_line() -> None:
    found = find([line(100, 100), line(1200, 300)], None)
    assert [(one.owner, one.cut, one.found) for one in found] == [(None, False, True), (None, True, True)]


def test_a_window_shows_what_is_in_it() -> None:
    (found,) = find([line(100, 100), line(900, 300)], [RIGHT])
    assert np.array_equal(found.quad, line(900, 300))


def test_a_new_line_that_goes_on_outside_is_left_out_and_that_is_said() -> None:
    found = find_lines(Detector(line(560, 100)), PICTURE, 544, [RIGHT], [])
    assert found.lines == ()
    assert found.severed


def test_a_known_line_that_goes_on_outside_is_where_motion_carried_it() -> None:
    known = Known(line(560, 100), whole=True, in_view=True)
    found = find_lines(Detector(line(560, 101)), PICTURE, 544, [RIGHT], [known])
    assert found.lines == (InView(known.quad, 0, cut=False, found=False),)
    assert not found.severed


def test_a_line_in_two_windows_is_one_line_and_whole_where_one_of_them_shows_it_whole() -> None:
    wide, narrow = Window(0, 0, 900, 720), Window(700, 0, 1280, 720)
    for windows in ((wide, narrow), (narrow, wide)):
        (found,) = find([line(600, 100)], windows)
        assert np.array_equal(found.quad, line(600, 100))
    both = find([line(720, 100, 100)], (wide, narrow))
    assert len(both) == 1


def test_known_lines_elsewhere_stay_and_those_that_are_not_found_where_they_were_do_not() -> None:
    here, elsewhere = Known(line(900, 300), True, True), Known(line(100, 300), True, True)
    found = find([], [RIGHT], [here, elsewhere])
    assert [(one.owner, one.found) for one in found] == [(1, False)]
    assert find([], None, [here, elsewhere]) == []


def test_what_is_hardly_in_view_is_not_taken_for_granted() -> None:
    assert find([], [RIGHT], [Known(line(-180, 300), True, in_view=False)]) == []


def test_a_fragment_that_nobody_looked_at_again_is_a_fragment_still() -> None:
    (found,) = find([], (), [Known(line(300, 300), whole=False, in_view=True)])
    assert found.cut
