"""The look lane by hand, on the virtual clock: what is seen, carried, tagged and recorded; no models."""

from dataclasses import replace

import numpy as np
import pytest
import zxingcpp

from devices import Frame, InputError, Rgb, Stamp
from devices.clock import NS_PER_MS, VirtualClock
from pipeline.live.board import Seen
from pipeline.live.look_lane import GAZES, LookLane
from pipeline.live.looking import Looking, Senses
from pipeline.live.outcome import Outcome
from pipeline.live.session import Session, Settings
from pipeline.live.showing import Showing, View
from tests.pipeline.live.scenes import KnowingReader, QuickTranslator, texture
from tests.pipeline.live.stand_ins import Log
from vision import motion
from vision.carry import Carrier
from vision.codes import Code, CodeReader, Content, Kind
from vision.objects import Detection

WORLD = texture(720, 440)
DOG = (200.0, 150.0, 320.0, 300.0)
CODE = np.array([[420, 80], [500, 80], [500, 160], [420, 160]], np.float32)
FRAME_MS = 33


class Eye:
    """Sees one dog in the world, wherever the frame shows it; takes some virtual time."""

    name = "eye"
    labels = ("dog",)
    least_score = 0.1
    sure_score = 0.4

    def __init__(self, clock: VirtualClock, ms: float = 40.0) -> None:
        self.clock, self.ms = clock, ms
        self.looks: list[int] = []
        self.trouble = ""

    def detect(self, frame: Frame) -> list[Detection]:
        self.looks.append(frame.stamp.seq)
        self.clock.advance(self.ms)
        if self.trouble:
            raise InputError(self.trouble)
        dx, dy = offset(frame.stamp.seq)
        box = (DOG[0] - dx, DOG[1] - dy, DOG[2] - dx, DOG[3] - dy)
        return [Detection(frame.stamp, "dog", 0.9, box)]


class Scanner(CodeReader):
    def read(self, frame: Frame, long_side_px: int = 1280, turn: int | None = None) -> list[Code]:
        dx, dy = offset(frame.stamp.seq)
        quad = CODE - np.array([dx, dy], np.float32)
        return [Code(frame.stamp, quad, "QR Code", Content(Kind.LINK, "example.com"), "https://example.com/x?token=1")]


def offset(seq: int) -> tuple[int, int]:
    """Where the camera's upper left corner is in the world: a slow pan."""
    return seq, seq // 2


def frame(clock: VirtualClock, seq: int) -> Frame:
    dx, dy = offset(seq)
    rgb: Rgb = np.ascontiguousarray(WORLD[dy : dy + 360, dx : dx + 640])
    return Frame(Stamp("camera", seq, clock.now_ns(), seq * float(FRAME_MS)), rgb)


class Live:
    """A session whose lanes are stepped by hand."""

    def __init__(self, to: str = "ko") -> None:
        self.clock = VirtualClock(NS_PER_MS)
        self.log = Log()
        self.eye = Eye(self.clock)
        self.views: list[View] = []
        self.session = Session(
            KnowingReader(),  # type: ignore[arg-type]
            QuickTranslator(),
            Settings(to),
            clock=self.clock,
            on_view=self.views.append,
            observers=[self.log],
            senses=Senses(self.eye, Scanner()),
        )
        self.session.read = False

    def show(self, seq: int, *, look: bool = True) -> View:
        self.session.render.put(frame(self.clock, seq))
        self.session.render.step()
        assert self.session.look
        if look:
            self.session.look.lane.step()
        self.clock.advance(FRAME_MS)
        return self.views[-1]


def test_things_and_codes_are_carried_with_the_camera_between_looks() -> None:
    live = Live()
    for seq in range(30):
        view = live.show(seq)
    (dog,), (code,) = view.in_view.things, view.in_view.codes
    dx, dy = offset(29)
    assert np.allclose(dog.box, np.array(DOG) - [dx, dy, dx, dy], atol=3)
    assert np.allclose(code.quad, CODE - np.array([dx, dy]), atol=3)
    assert live.session.look
    assert live.session.look.seen == {"objects": 1, "codes": 1}
    assert len(live.eye.looks) < 15  # a lower rate, and yet it is placed on every frame


def test_tags_are_in_the_wearers_language_and_drawn() -> None:
    live = Live("ko")
    for seq in range(20):
        view = live.show(seq)
    assert {one.tag.text for one in view.in_view.tags} == {"개", "링크: example.com"}
    x0, y0, x1, y1 = map(round, view.in_view.tags[0].area)
    assert not np.array_equal(view.picture[y0:y1, x0:x1], view.seen.rgb[y0:y1, x0:x1])
    live.session.draw = False
    assert np.array_equal(live.show(20).picture, live.views[-1].seen.rgb)


def test_it_looks_a_third_of_the_time_at_most_and_less_when_power_is_short() -> None:
    live = Live()
    for seq in range(60):
        live.show(seq)
    usual = len(live.eye.looks)
    assert usual * live.eye.ms < 0.4 * 60 * (FRAME_MS + 10)
    live.session.be_thrifty(0.25)
    for seq in range(60, 120):
        live.show(seq)
    assert 0 < len(live.eye.looks) - usual < usual / 2
    live.session.be_thrifty(0.0)
    before = len(live.eye.looks)
    for seq in range(120, 140):
        live.show(seq)
    assert len(live.eye.looks) == before


def test_what_was_seen_long_ago_or_in_another_scene_is_not_shown() -> None:
    live = Live()
    for seq in range(20):
        live.show(seq)
    assert live.views[-1].in_view.things
    live.clock.advance(3000)
    assert live.show(20, look=False).in_view.things == ()
    for seq in range(21, 40):
        live.show(seq)
    assert live.views[-1].in_view.things
    dark = np.zeros((360, 640, 3), np.uint8)
    dark[:180] = 250
    live.session.render.put(Frame(Stamp("camera", 40, live.clock.now_ns(), 40.0 * FRAME_MS), dark))
    live.session.render.step()
    assert live.views[-1].in_view.things == ()


def test_a_detector_that_fails_is_told_and_the_lane_goes_on() -> None:
    live = Live()
    live.eye.trouble = "model.onnx: the network failed"
    for seq in range(8):
        live.show(seq)
    failed = [work for work in live.log.works if work.lane == "look" and work.outcome is Outcome.FAILED]
    assert failed
    assert "the network failed" in failed[0].detail
    live.eye.trouble = ""
    for seq in range(8, 40):
        live.show(seq)
    assert live.views[-1].in_view.things


def test_without_senses_there_is_no_lane() -> None:
    clock = VirtualClock(NS_PER_MS)
    for senses in (None, Senses()):
        session = Session(
            KnowingReader(),  # type: ignore[arg-type]
            QuickTranslator(),
            Settings("en"),
            clock=clock,
            on_view=lambda view: None,
            senses=senses,
        )
        assert session.look is None
        assert [lane.name for lane in session.lanes] == ["render", "read", "translate"]


def test_a_tag_never_covers_a_translation() -> None:
    live = Live("en")
    live.session.read = True
    for _ in range(30):
        live.session.render.put(frame(live.clock, 0))
        live.session.render.step()
        live.session.reading.step()
        live.session.translating.step()
        assert live.session.look
        live.session.look.lane.step()
        live.clock.advance(FRAME_MS)
    view = live.views[-1]
    assert view.placed
    assert view.in_view.tags
    for one in view.in_view.tags:
        for sign in view.placed:
            low, high = sign.quad.min(axis=0), sign.quad.max(axis=0)
            x0, y0, x1, y1 = one.area
            assert x1 <= low[0] or x0 >= high[0] or y1 <= low[1] or y0 >= high[1]


def test_showing_alone_needs_no_sights() -> None:
    view = Showing().show(frame(VirtualClock(NS_PER_MS), 0), {})
    assert view.in_view.tags == ()


def test_where_the_camera_is_lost_nobody_looks() -> None:
    clock = VirtualClock(NS_PER_MS)
    eye = Eye(clock)
    lane = LookLane(Senses(eye), {}, 600.0, clock=clock)
    seen = Showing().show(frame(clock, 0), {}).seen
    lane.offer(replace(seen, pose=replace(seen.pose, lost=True)))
    work = lane.lane.step()
    assert work
    assert work.outcome is Outcome.SKIPPED
    assert (eye.looks, lane.sights) == ([], None)


@pytest.mark.parametrize("every_ms", [100, 300, 500, 800, 1200])
@pytest.mark.parametrize("form", ["EAN13", "DataMatrix", "QRCode"])
def test_codes_of_all_kinds_stay_in_view_however_often_one_looks(every_ms: int, form: str) -> None:
    drawn = np.asarray(zxingcpp.create_barcode("4006381333931", zxingcpp.BarcodeFormat[form]).to_image(scale=3))
    rgb = texture(720, 440).copy()
    rgb[40 : 40 + drawn.shape[0], 40 : 40 + drawn.shape[1]] = drawn[..., None]
    gray, factor = motion.shrink(np.ascontiguousarray(rgb[..., 0]))
    carrier, looking = Carrier(), Looking(Senses(codes=CodeReader()))
    shown = []
    for seq in range(16):
        stamp = Stamp("camera", seq, seq * every_ms * NS_PER_MS, float(seq * every_ms))
        sights = looking.look(Seen(stamp, rgb, gray, factor, carrier.see(seq, gray), None), GAZES["full"])
        shown.append(len(sights.codes))
    assert sum(shown[:6]) > 0
    assert shown[6:] == [1] * 10
