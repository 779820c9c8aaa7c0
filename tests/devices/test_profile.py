"""Device profiles: those that come with the install, and what is wrong with a file."""

import re
from pathlib import Path

import pytest

from devices import InputError, UnknownNameError
from devices.profile import FOLDER, JOBS, load_profile, profile_names
from devices.profile_table import Figure

SMALL = (FOLDER / "rk3588.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", profile_names())
def test_every_figure_says_where_it_comes_from(name: str) -> None:
    profile = load_profile(name)
    units = [unit.power_w for unit in profile.units.values()]
    body = [getattr(profile.body, field) for field in profile.body.__slots__]
    times = [figure for one in profile.networks for figure in (one.ms, one.step_ms)]
    figures: list[Figure] = [figure for figure in (*units, *body, *times, profile.spread) if figure is not None]
    assert len(figures) > 12
    used = {key for figure in figures for key in figure.source}
    assert used == set(profile.sources)
    assert all(figure.source or figure.rule for figure in figures)
    assert all(text.strip() for text in profile.sources.values())


@pytest.mark.parametrize("name", profile_names())
def test_profiles_are_whole(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert {one.job for one in profile.networks} == set(JOBS)
    assert {one.unit for one in profile.networks} <= set(profile.units)
    assert profile.body.constant_w < profile.body.sustained_w.value
    assert 1.5 < profile.body.k_per_w < 30


def test_there_are_the_classes_of_wearables() -> None:
    assert {"ar1-gen1", "xr2-gen2", "rk3588", "pi5-hailo8l", "snapdragon-8-elite"} <= set(profile_names())


def ms(name: str, job: str, precision: str) -> float:
    network = load_profile(name).network(job, precision)
    assert network is not None
    return network.ms.value


def test_derived_times_follow_from_their_rules() -> None:
    v6_over_v4, v6_over_v5 = 0.77 / 0.54, 0.77 / 0.79
    detector = 1000 / 50.7 * v6_over_v4
    yolo8n = 1000 / 73.5
    assert ms("rk3588", "detect", "int8") == pytest.approx(detector, rel=0.01)
    assert ms("rk3588", "recognise", "float16") == pytest.approx(1000 / 73.9 * v6_over_v4, rel=0.01)
    for name, int8_ms, float_ms in (("xr2-gen2", 1.6, 6.3), ("snapdragon-8-elite", 0.7, 1.8)):
        assert ms(name, "detect", "int8") == pytest.approx(detector * int8_ms / yolo8n, rel=0.01)
        assert ms(name, "detect", "float16") == pytest.approx(detector * float_ms / yolo8n, rel=0.01)
    for job, precision in (("detect", "int8"), ("detect", "float16"), ("recognise", "float16"), ("recognise", "int8")):
        assert ms("ar1-gen1", job, precision) == pytest.approx(ms("xr2-gen2", job, precision) * 8 / 2.5, rel=0.01)
    assert ms("pi5-hailo8l", "detect", "int8") == pytest.approx(1000 / 22 * 304 / 129 * v6_over_v5, rel=0.01)
    assert ms("pi5-hailo8l", "recognise", "int8") == pytest.approx(1000 / 46 * 304 / 129 * v6_over_v5, rel=0.01)


def test_power_and_heat_follow_from_their_rules() -> None:
    xr2, ar1 = load_profile("xr2-gen2"), load_profile("ar1-gen1")
    assert xr2.body.battery_wh is not None
    assert xr2.body.sustained_w.value == pytest.approx(xr2.body.battery_wh.value / 2.2, rel=0.01)
    assert xr2.body.constant_w == pytest.approx(xr2.body.sustained_w.value / 2, rel=0.02)
    assert ar1.units["npu"].power_w.value == pytest.approx(xr2.units["npu"].power_w.value / 3.2, rel=0.01)
    assert ar1.body.k_per_w == pytest.approx(18.0)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"'hololens'.*ar1-gen1, .*xr2-gen2"):
        load_profile("hololens")


def changed(tmp_path: Path, pattern: str, new: str) -> Path:
    text, count = re.subn(pattern, new, SMALL, count=1, flags=re.MULTILINE)
    assert count == 1
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = changed(tmp_path, r"^ms.value = 28.1$", "ms.value = 14")
    assert load_profile(path).name == "mine"
    assert load_profile(str(path)).networks[0].ms.value == 14.0


@pytest.mark.parametrize(
    ("pattern", "new", "said"),
    [
        (r"^title = .*$", "", "'title' is missing"),
        (r"^title = .*$", "title = ' '", "an empty one"),
        (r"^title = .*$", "title = 3", "expected a text as 'title', got 3"),
        (r"^title = .*$", "title = 'x'\nweight = 3", "unknown entry 'weight'"),
        (r"^ms.value = 28.1$", "ms.value = -1", "above 0, got -1"),
        (r"^ms.value = 28.1$", "ms.value = nan", "above 0, got nan"),
        (r"^ms.value = 28.1$", "ms.value = true", "expected a number"),
        (r"^ms.value = 28.1$", "ms.value = 1\nms.p99 = 2", "unknown entry 'p99'"),
        (r"^pixels = .*$", "pixels = 0", "above 0 as 'pixels'"),
        (r"^pixels = .*$", "", "'pixels' is missing"),
        (r'^precision = "int8"$', 'precision = "int4"', "'int4', expected one of int8, float16"),
        (r'^unit = "npu"$', 'unit = "tpu"', "'tpu', expected one of npu, cpu"),
        (r'^job = "detect"$', 'job = "look"', "'look', expected one of detect"),
        (r'^job = "detect"\n', 'job = "recognise"\n', "unknown entry 'pixels'"),
        (r"^\[units.cpu\]$", "[units.gpu]", "expected a unit cpu, got npu, gpu"),
        (r'source = \["boardor"\]', 'source = ["hearsay"]', "'hearsay', expected one of boardor"),
        (r'source = \["boardor"\]', "source = []", "derived = true and a rule"),
        (r"^base_w.rule = .*$", "", "'rule' is missing"),
        (r"^spread.value = .*$", "spread.value = 0.5", "a spread of 1 or more"),
        (r"^limit_c.value = .*$", "limit_c.value = 20", "limit_c above ambient_c"),
        (r"^title = .*$", "title = ", "expected TOML"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, pattern: str, new: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        load_profile(changed(tmp_path, pattern, new))


def test_a_job_without_a_network(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SMALL[: SMALL.rindex("[[networks]]")], encoding="utf-8")
    with pytest.raises(InputError, match="none for translate"):
        load_profile(path)


def test_a_file_that_is_nested_too_deeply(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("a = " + "[" * 50_000)
    with pytest.raises(InputError, match="expected TOML in UTF-8"):
        load_profile(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_profile(tmp_path / "absent.toml")
    (tmp_path / "raw.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="expected TOML in UTF-8"):
        load_profile(tmp_path / "raw.toml")
