"""A whole tune without models: a lab whose networks take a known time on the virtual clock."""

import io
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from rich.console import Console

from devices import MissingError, Rgb, Stamp
from devices.clock import VirtualClock
from devices.profile import load_profile
from pipeline.live.costs import Cost
from pipeline.live.session import EFFORTS
from pipeline.live.tuning.pictures import Picture
from pipeline.live.tuning.store import Tuned
from pipeline.live.tuning.table import show_profile, show_tuned
from pipeline.live.tuning.trials import DETECTOR, INT8, RECOGNISER, Setup, cost_of, measure_reading
from pipeline.live.tuning.tune import QUICK, THOROUGH, Care, tune
from vision.quad import Quad
from vision.text import TextRegion
from vision.text.recognise import Reading

SPEED = {"float32": 1.0, "bfloat16": 2.0, INT8: 3.0}
PICTURE = Picture("blank", np.zeros((720, 1280, 3), np.uint8))


def quads(count: int) -> list[Quad]:
    return [
        np.array([[0, 30 * n], [99, 30 * n], [99, 30 * n + 20], [0, 30 * n + 20]], np.float32) for n in range(count)
    ]


class FakeReader:
    """Finding takes a millisecond for each 10 pixels of the short side, reading 6 ms a line, divided by the speed."""

    def __init__(self, clock: VirtualClock, speed: float, text: str = "Ausgang", lines: int = 10) -> None:
        self.clock, self.speed, self.text, self.lines = clock, speed, text, lines
        self.asked: list[int] = []

    def find(self, rgb: Rgb, short_side_px: int | None = None, long_side_px: int = 0) -> list[Quad]:
        assert short_side_px
        assert not long_side_px or abs(long_side_px / short_side_px - 16 / 9) < 0.01
        self.clock.advance(short_side_px / 10 / self.speed)
        return quads(self.lines)

    def read_lines(self, rgb: Rgb, quads: Sequence[Quad]) -> list[TextRegion]:
        self.asked.append(len(quads))
        self.clock.advance(6 * len(quads) / self.speed)
        return [TextRegion(Stamp("x", 0, 0, 0.0), quad, self.text, "latin", 0.9) for quad in quads]

    def read(self, strips: Sequence[Rgb]) -> list[Reading]:
        assert {strip.shape[0] for strip in strips} == {48}
        self.clock.advance(6 * len(strips) / self.speed)
        return []


class FakeLab:
    cores = 4

    def __init__(self, texts: dict[str, str] | None = None, onnx: bool = True) -> None:
        self.clock = VirtualClock()
        self.texts = texts or {}
        self.onnx = onnx
        self.opened: list[tuple[str, Setup]] = []

    def ways(self) -> list[tuple[str, str]]:
        return [("openvino", "float32"), ("slow", "float32"), ("openvino", "bfloat16")]

    def quantise(self, engine: str, pictures: Sequence[Picture]) -> None:
        if not self.onnx:
            raise MissingError("int8 was not tried: pip install onnx")

    def _open(self, kind: str, setup: Setup) -> FakeReader:
        self.opened.append((kind, setup))
        threads = {1: 1.0, 2: 1.8, 4: 3.0}[setup.threads] if setup.threads != 3 else 2.5
        speed = SPEED[setup.precision] * (0.2 if setup.engine == "slow" else 1) * threads
        return FakeReader(self.clock, speed, self.texts.get(setup.precision, "Ausgang"))

    def detector(self, setup: Setup) -> FakeReader:
        return self._open("detector", setup)

    def recogniser(self, setup: Setup) -> FakeReader:
        return self._open("recogniser", setup)

    def reader(self, setup: Setup, *, second: bool = True) -> FakeReader:
        return self._open("reader" if second else "plain reader", setup)


def run(lab: FakeLab, care: Care) -> tuple[Tuned, list[tuple[str, int]]]:
    phases: list[tuple[str, int]] = []

    def track(name: str, steps: Sequence[Callable[[], None]]) -> Iterator[Callable[[], None]]:
        phases.append((name, len(steps)))
        yield from steps

    return tune(lab, [PICTURE], [PICTURE, PICTURE], care, lab.clock, track), phases


def test_a_quick_tune() -> None:
    lab = FakeLab()
    tuned, phases = run(lab, QUICK)
    assert phases == [("networks", 3), ("agreement", 2), ("reading", 1)]
    (choice,) = tuned.choices
    assert choice.setup == Setup("openvino", "bfloat16", 3)
    speed = 2.0 * 2.5
    for tier, effort in EFFORTS.items():
        lines = min(10, effort.most_lines)
        find_ms = effort.short_side_px / 10
        assert choice.reading[tier].p50_ms == pytest.approx((find_ms + 6 * -(-lines // 2)) / speed, abs=1e-5)
        assert choice.reading[tier].p95_ms == pytest.approx((find_ms + 6 * lines) / speed, abs=1e-5)


def test_what_is_measured_of_the_networks() -> None:
    tuned, _ = run(FakeLab(), QUICK)
    setup = Setup("openvino", "float32", 3)
    detector = {one.size_px: one.cost.p50_ms for one in tuned.measured if (one.model, one.setup) == (DETECTOR, setup)}
    assert detector == pytest.approx({px: px / 10 / 2.5 for px in (320, 416, 544, 736)}, abs=1e-5)
    lines = {one.size_px: one.cost.p50_ms for one in tuned.measured if (one.model, one.setup) == (RECOGNISER, setup)}
    assert lines == pytest.approx(dict.fromkeys((320, 704, 1216), 6 / 2.5), abs=1e-5)


def test_a_hopeless_engine_is_given_up_after_its_smallest_size() -> None:
    tuned, _ = run(FakeLab(), QUICK)
    assert [(one.model, one.size_px) for one in tuned.measured if one.setup.engine == "slow"] == [(DETECTOR, 320)]


def test_a_thorough_tune_tries_int8_and_all_thread_counts() -> None:
    lab = FakeLab()
    tuned, phases = run(lab, THOROUGH)
    assert phases == [("int8", 2), ("networks", 15), ("agreement", 3), ("reading", 2)]
    assert [choice.setup for choice in tuned.choices] == [Setup("openvino", INT8, 2), Setup("openvino", INT8, 4)]
    assert set(tuned.agreements) == {("openvino", "bfloat16"), ("openvino", INT8)}
    assert all(agreement.of_characters == 1 for agreement in tuned.agreements.values())
    assert tuned.notes == ()
    # The second reader would hide what the first one lost, and belongs to what live reading takes.
    assert [kind for kind, _ in lab.opened if "reader" in kind] == ["plain reader"] * 3 + ["reader"] * 2


def test_a_precision_that_reads_otherwise_is_not_used() -> None:
    tuned, _ = run(FakeLab({INT8: "Ausganq", "bfloat16": "Ausgang"}), THOROUGH)
    assert {choice.setup.precision for choice in tuned.choices} == {"bfloat16"}
    assert tuned.agreements["openvino", INT8].of_characters == pytest.approx(6 / 7)
    assert "too much is lost" in shown(tuned)


def test_without_onnx_it_goes_on_and_says_so_once() -> None:
    tuned, phases = run(FakeLab(onnx=False), THOROUGH)
    assert ("networks", 9) in phases
    assert tuned.notes == ("int8 was not tried: pip install onnx",)
    assert "pip install onnx" in shown(tuned)


def shown(tuned: Tuned) -> str:
    said = io.StringIO()
    show_tuned(tuned, Console(file=said, width=100))
    return said.getvalue()


def test_the_tables() -> None:
    said = shown(run(FakeLab(), QUICK)[0])
    assert "openvino in bfloat16 against full precision: 100.0% of 40 boxes, 100.0% of 140 characters alike" in said
    assert "From now on live reading uses openvino in bfloat16, 3 threads" in said.replace("\n", " ")
    assert all(tier in said for tier in EFFORTS)
    row = next(line for line in said.splitlines() if "slow" in line)
    assert row.count("-") == 3


def test_nothing_found_shows_nothing() -> None:
    assert shown(Tuned((), {}, ())) == ""


def test_the_table_of_a_device() -> None:
    said = io.StringIO()
    show_profile(load_profile("pi5-hailo8l"), Console(file=said, width=200))
    text = said.getvalue()
    assert "Raspberry Pi 5 with Hailo-8L" in text
    assert "! recognise in float16: the NPU of pi5-hailo8l takes it in int8 only" in text
    assert "detect in int8 on the npu: 104 ms (PP-OCRv5 on Hailo-10H" in text
    assert "[hailo] hailo_model_zoo c83fc03" in text


def test_costs_are_quantiles() -> None:
    cost = cost_of([10.0] * 19 + [30.0])
    assert (cost.p50_ms, round(cost.p95_ms, 6)) == (10.0, 11.0)
    assert cost_of([7.0]) == Cost(7.0, 7.0)


def test_a_tier_reads_the_largest_lines_and_no_more_than_it_may() -> None:
    clock = VirtualClock()
    reader = FakeReader(clock, 1.0, lines=9)
    cost = measure_reading(reader, 320, 4, [PICTURE], 2, clock)
    assert reader.asked == [2, 4, 2, 4]
    assert cost == Cost(44.0, 56.0)


def test_a_picture_without_lines_costs_the_finding() -> None:
    clock = VirtualClock()
    assert measure_reading(FakeReader(clock, 1.0, lines=0), 320, 4, [PICTURE], 1, clock) == Cost(32.0, 32.0)
