"""The state of battery and heat from files as the kernel shows them, whole, missing and senseless."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.power import PowerState, read_power


def write(folder: Path, **files: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(f"{content}\n")
    return folder


def battery(classes: Path, folder: str = "BAT0", /, **files: object) -> None:
    write(classes / "power_supply" / folder, type="Battery", **files)


def zone(classes: Path, number: int = 0, /, **files: object) -> None:
    write(classes / "thermal" / f"thermal_zone{number}", **files)


def test_nothing_there_is_unknown(tmp_path: Path) -> None:
    assert read_power(tmp_path) == PowerState()
    assert read_power(tmp_path / "absent") == PowerState()
    assert read_power(tmp_path).margin_k is None


def test_a_battery_and_a_sensor_with_a_limit(tmp_path: Path) -> None:
    battery(tmp_path, capacity=42, status="Discharging")
    zone(tmp_path, temp=61500, trip_point_0_type="critical", trip_point_0_temp=105000)
    zone(tmp_path, 1, temp=50250, trip_point_0_type="passive", trip_point_0_temp=85000)
    assert read_power(tmp_path) == PowerState(0.42, False, 61.5, 95.0)
    assert read_power(tmp_path).margin_k == 33.5


def test_the_sensor_nearest_to_its_limit_counts_not_the_warmest(tmp_path: Path) -> None:
    zone(tmp_path, temp=70000, trip_point_0_type="passive", trip_point_0_temp=95000)
    zone(tmp_path, 1, temp=41000, trip_point_0_type="hot", trip_point_0_temp=45000)
    assert read_power(tmp_path) == PowerState(temperature_c=41.0, limit_c=45.0)


def test_without_any_limit_the_warmest_sensor_is_told(tmp_path: Path) -> None:
    zone(tmp_path, temp=40000, trip_point_0_type="active", trip_point_0_temp=30000)
    zone(tmp_path, 1, temp=55000)
    assert read_power(tmp_path) == PowerState(temperature_c=55.0)


@pytest.mark.parametrize("status, charging", [("Charging", True), ("Full", True), ("Not charging", True),
                                              ("Discharging", False), ("Unknown", None), ("", None)])  # fmt: skip
def test_the_cable(tmp_path: Path, status: str, charging: bool | None) -> None:
    battery(tmp_path, capacity=100, status=status)
    assert read_power(tmp_path) == PowerState(1.0, charging)


def test_two_batteries_share_and_a_mouse_has_its_own(tmp_path: Path) -> None:
    battery(tmp_path, capacity=20, status="Discharging")
    battery(tmp_path, "BAT1", capacity=80, status="Not charging")
    battery(tmp_path, "mouse", capacity=3, status="Discharging", scope="Device")
    write(tmp_path / "power_supply" / "AC", type="Mains", online=1)
    assert read_power(tmp_path) == PowerState(0.5, False)


@pytest.mark.parametrize("kind", ["energy", "charge"])
def test_a_battery_that_tells_its_filling_only(tmp_path: Path, kind: str) -> None:
    battery(tmp_path, **{f"{kind}_now": 1200000, f"{kind}_full": 4800000})
    assert read_power(tmp_path) == PowerState(0.25)


@pytest.mark.parametrize("capacity", ["", "full", "-1", "101", "1e400", "9" * 400, "\x00"])
def test_senseless_fillings_are_unknown(tmp_path: Path, capacity: str) -> None:
    battery(tmp_path, capacity=capacity, energy_now=5, energy_full=0)
    assert read_power(tmp_path) == PowerState()


@pytest.mark.parametrize("temp", ["-273000", "32767000", "", "warm", "9" * 400])
def test_sensors_that_are_off_are_left_out(tmp_path: Path, temp: str) -> None:
    zone(tmp_path, temp=temp, trip_point_0_type="passive", trip_point_0_temp=85000)
    zone(tmp_path, 1, temp=33000, trip_point_0_type="passive", trip_point_0_temp=0)
    assert read_power(tmp_path) == PowerState(temperature_c=33.0)


def test_what_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "thermal" / "thermal_zone0" / "temp").mkdir(parents=True)
    (tmp_path / "power_supply" / "BAT0" / "capacity").mkdir(parents=True)
    (tmp_path / "power_supply" / "BAT0" / "type").write_bytes(b"\xff\xfe\x00")
    assert read_power(tmp_path) == PowerState()


FILES = ("type", "scope", "capacity", "status", "energy_now", "energy_full")
CONTENTS = st.binary(max_size=12) | st.just(b"Battery") | st.integers(-200, 200).map(lambda number: b"%d" % number)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FILES), CONTENTS))
def test_no_content_of_the_files_raises(tmp_path: Path, files: dict[str, bytes]) -> None:
    folder = tmp_path / "power_supply" / "BAT0"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    charge = read_power(tmp_path).charge
    assert charge is None or 0 <= charge <= 1
