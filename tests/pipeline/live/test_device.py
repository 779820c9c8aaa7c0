"""A session as on another device: paced, thrifty, its energy counted; on the virtual clock, without models."""

from random import Random

import numpy as np
import pytest

from devices import Frame, Stamp
from devices.clock import NS_PER_MS, VirtualClock
from devices.profile import load_profile
from pipeline.live.budget import Budget
from pipeline.live.device import Device
from pipeline.live.governor import Governor
from pipeline.live.outcome import Observer, Outcome
from pipeline.live.pacing import sample_ms
from pipeline.live.session import Allowances, Session, Settings
from tests.pipeline.live.stand_ins import Log
from tests.pipeline.live.test_live_reading import WORLD, EchoTranslator, KnowingReader


class Bench:
    """A session whose camera sees the same view for ever, stepped by hand."""

    def __init__(self, name: str | None, read_ms: float = 450) -> None:
        self.clock = VirtualClock()
        self.log = Log()
        self.device = Device(load_profile(name), self.clock) if name else None
        settings = Settings("en")
        observers: list[Observer] = [self.log]
        if self.device:
            settings = Settings(
                "en", allowances=Allowances(read_ms=read_ms), costs=self.device.costs, pacing=self.device.pacing
            )
            observers.append(self.device.ledger)
        self.session = Session(
            KnowingReader(), EchoTranslator(), settings,  # type: ignore[arg-type]
            clock=self.clock, on_view=lambda view: None, observers=observers,
        )  # fmt: skip
        self.seq = 0

    def frame(self) -> None:
        """One frame through all lanes."""
        now_ns = self.clock.now_ns()
        stamp = Stamp("camera", self.seq, now_ns, now_ns / NS_PER_MS)
        self.seq += 1
        self.session.render.put(Frame(stamp, np.asarray(WORLD)))
        for lane in self.session.lanes:
            lane.step()
        self.clock.advance(33)

    def readings(self, stage: str = "reading") -> list[tuple[str, float]]:
        done = [one for one in self.log.works if one.stage == stage and one.outcome is not Outcome.SKIPPED]
        return [(one.tier, (one.ended_ns - one.started_ns) / NS_PER_MS) for one in done]


def test_without_a_device_nothing_is_paced() -> None:
    bench = Bench(None)
    bench.frame()
    assert bench.readings() == [("good", 0.0)]


@pytest.mark.parametrize(("stage", "frames", "runs"), [("reading", 120, 2), ("glance", 12, 1)])
def test_readings_take_as_long_as_there(stage: str, frames: int, runs: int) -> None:
    bench = Bench("ar1-gen1")
    for _ in range(frames):
        bench.frame()
    tiers, took_ms = zip(*bench.readings(stage), strict=True)
    assert bench.device is not None
    chance = Random(f"0 {stage}")
    samples = [sample_ms(bench.device.costs[stage, tier], chance) for tier in tiers]
    assert len(took_ms) >= runs
    assert took_ms == pytest.approx(samples, abs=1e-6)
    if stage == "reading":
        assert set(tiers) == {"least"}
    translated = [one for one in bench.log.works if one.stage == "translate" and one.outcome is Outcome.DONE]
    assert translated and all(one.ended_ns > one.started_ns for one in translated)
    spent_j = bench.device.ledger.spent(2).stages_j[stage]
    assert spent_j == pytest.approx(sum(took_ms) / 1000 * 0.89)


def test_thrift_makes_reading_rest_and_take_a_cheaper_tier() -> None:
    bench = Bench("ar1-gen1", read_ms=2000)
    bench.session.be_thrifty(0.25)
    for _ in range(14):
        bench.frame()
    first, second = (one for one in bench.log.works if one.stage in ("reading", "glance"))
    assert (first.tier, second.stage) == ("least", "glance")
    assert second.started_ns - first.ended_ns >= 3 * (first.ended_ns - first.started_ns)
    skips = [one.detail for one in bench.log.works if one.outcome is Outcome.SKIPPED and one.lane == "read"]
    assert "resting, to save power" in skips


def test_at_no_share_nothing_is_read_and_all_is_drawn() -> None:
    bench = Bench("xr2-gen2")
    bench.session.be_thrifty(0.0)
    for _ in range(5):
        bench.frame()
    assert bench.readings() == []
    drawn = [one for one in bench.log.works if one.stage == "render" and one.outcome is Outcome.DONE]
    assert len(drawn) == 5


def test_a_picture_that_is_held_is_read_even_while_resting() -> None:
    bench = Bench("xr2-gen2")
    bench.session.be_thrifty(0.25)
    bench.frame()
    bench.session.stand_still(True)
    before = len(bench.session._reading._reader.reads)  # type: ignore[attr-defined]
    bench.frame()
    assert len(bench.session._reading._reader.reads) == before + 1  # type: ignore[attr-defined]


def test_a_hot_device_reads_less() -> None:
    bench = Bench("ar1-gen1")
    assert bench.device is not None
    governor = Governor(bench.device.power, bench.session.be_thrifty, bench.clock)
    bench.device.power.spend(62 * 16.0)  # as much as warms all of it by 16 degrees
    bench.clock.advance(1000)
    governor.step()
    assert governor.thrift.share < 1
    assert bench.session.reading_stage.thrift == governor.thrift.share


def test_what_it_says() -> None:
    bench = Bench("pi5-hailo8l")
    assert bench.device is not None
    notes = bench.device.notes()
    assert notes[0].startswith("as Raspberry Pi 5 with Hailo-8L")
    assert notes[1] == "of 450 ms: reading begins in tier least"
    assert len(notes) == 4
    bench.frame()
    assert bench.device.report(2).startswith("energy on pi5-hailo8l, estimated: ")
    bench.device.pacing("reading", lambda budget: bench.clock.advance(9999))(Budget(0, "least"))
    assert "reading: 1 of " in bench.device.report(2)
