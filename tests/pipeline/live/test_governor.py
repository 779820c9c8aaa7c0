"""Looking at power and heat now and then, on the virtual clock."""

from devices.clock import VirtualClock
from devices.power import PowerState
from pipeline.live.governor import Governor


class Bench:
    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.state = PowerState()
        self.looks = 0
        self.shares: list[float] = []
        self.said: list[str] = []
        self.governor = Governor(self.look, self.shares.append, self.clock, say=self.said.append)

    def look(self) -> PowerState:
        self.looks += 1
        return self.state


def test_looks_once_a_second_and_tells_changes_only() -> None:
    bench = Bench()
    for _ in range(31):
        bench.governor.step()
        bench.clock.advance(100)
    assert bench.looks == 4
    assert (bench.shares, bench.said) == ([], [])
    bench.state = PowerState(temperature_c=41, limit_c=43)
    for _ in range(20):
        bench.clock.advance(100)
        bench.governor.step()
    assert bench.shares == [0.25]
    assert bench.said == ["41 of 43 °C: reading at 25%"]
    bench.state = PowerState(temperature_c=25, limit_c=43)
    bench.clock.advance(1000)
    assert bench.governor.step().share == 1.0
    assert (bench.shares, bench.said[-1]) == ([0.25, 1.0], "")


def test_a_change_of_reason_with_the_same_share_is_said() -> None:
    bench = Bench()
    bench.state = PowerState(0.2, False, 37, 43)
    bench.governor.step()
    bench.state = PowerState(0.2, False, 20, 43)
    bench.clock.advance(1000)
    bench.governor.step()
    assert bench.shares == [0.75, 0.75]
    assert bench.said == ["37 of 43 °C and battery 20%: reading at 75%", "battery 20%: reading at 75%"]
