"""From runs to rows: pooled over frames, one sample a clip, lateness counts what was never shown."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.findings import Drawn, Findings, FrameFindings
from benchmarks.grids import rich_tables
from benchmarks.live_clip import Clip
from benchmarks.live_plots import draw_plots, over_time
from benchmarks.live_report import LONG_ROW, TITLES, grids, markdown, targets
from benchmarks.live_scores import (
    LONG,
    MEASURES,
    Played,
    on_screen,
    outcomes,
    played,
    rows,
    stages,
    still_lines,
    values,
)
from benchmarks.rows import read_result
from benchmarks.truth import Photograph, TruthLine
from benchmarks.virtual_camera import VirtualCamera

QUAD = np.array([[300, 300], [900, 300], [900, 400], [300, 400]], np.float64)


def clip(seconds: float = 16 / 30) -> Clip:
    photo = Photograph(Path("board.jpg"), 1280, 720, "ja", True, (TruthLine("出口はこちら", QUAD),))
    return Clip(Path("board.i420"), photo, VirtualCamera(2), seconds, "ko")


def run(frames: int, *, shown: int, ms: float = 12.0) -> dict[str, Any]:
    return {
        "frames": frames,
        "displayed": shown,
        "late": frames - shown,
        "tuned": False,
        "shown_ms": {str(seq): ms for seq in range(shown)},
        "took_ms": {"render/render/": [8.0] * shown, "read/reading/good": [200.0, 300.0]},
        "outcomes": {"render": {"done": shown}, "read": {"done": 2}},
        "occupancy": {"render": [0.25, 0.26, 0.1], "read": [0.9, 0.8, 0.2]},
        "failures": {},
        "rss_growth_mb": 0.5,
    }


def one(shift_px: float = 0.0, *, shown: int = 16, text: str = "出口はこちら") -> Played:
    """A clip on which a label trembles by `shift_px` around its place."""
    made = clip()
    lines = still_lines(made, [("出口はこちら", QUAD)])
    return played(made, run(16, shown=shown), shown_on(made, shift_px, shown, text), lines, by_line=False)


def shown_on(made: Clip, shift_px: float = 0.0, shown: int = 16, text: str = "出口はこちら") -> Findings:
    truth = made.truth()
    frames = [
        FrameFindings(
            seq, seq * 1000 / 30, (Drawn(1, truth.quads[seq, 0] + shift_px * (-1) ** seq, text, "나가는 곳"),)
        )
        for seq in range(shown)
    ]
    return Findings({}, tuple(frames), {})


def test_a_label_that_sticks_scores_nothing_and_one_that_trembles_what_it_trembles_by() -> None:
    still, trembling = one(), one(2.0)
    found = rows([still, trembling])
    assert found["registration_px_median"]["samples"][0] == pytest.approx(0, abs=1e-6)
    assert found["registration_px_median"]["samples"][1] == pytest.approx(2 * 2**0.5, rel=0.1)
    assert 0 < found["jitter_px"]["value"] < found["jitter_px"]["samples"][1]
    assert found["reading_f1_still"]["value"] == 1.0
    assert set(found) == set(MEASURES)
    assert (found["render_p99_ms"]["value"], found["render_p99_ms"]["unit"]) == (8.0, "ms")


def test_the_world_moves_on_while_a_frame_is_drawn() -> None:
    found = rows([one()])
    assert found["now_px_median"]["value"] > 0.05 > found["registration_px_median"]["value"]


def test_frames_that_are_never_shown_are_late_and_wrong_text_is_wrong() -> None:
    found = rows([one(shown=12), one(text="入口")])
    assert found["late"]["value"] == pytest.approx(12.5)
    assert found["late"]["samples"] == pytest.approx([25.0, 0.0])
    assert found["reading_f1_still"]["samples"][1] < 0.5


def test_what_an_old_frame_says_stands_on_the_screen_until_a_newer_one_is_ready() -> None:
    made, old = clip(), Drawn(1, QUAD, "a", "b")
    findings = Findings({}, (FrameFindings(0, 0.0, (old,)), FrameFindings(6, 200.0, ())), {})
    screen = on_screen(made, {"shown_ms": {"0": 95.0, "6": 120.0}}, findings)
    assert [len(frame.labels) for frame in screen.frames] == [0, 0, *[1] * 7, *[0] * 7]
    late = one()
    late.run["shown_ms"] = dict.fromkeys(late.run["shown_ms"], 250.0)
    again = played(late.clip, late.run, shown_on(late.clip), still_lines(late.clip, []), by_line=False)
    assert values([again])["first_ms_median"] == pytest.approx(250, abs=34)
    assert values([one()])["first_ms_median"] == pytest.approx(33, abs=1)


def test_labelled_lines_that_even_a_still_picture_does_not_give_are_excused() -> None:
    made = clip()
    elsewhere = QUAD + np.array([0, 200])
    assert [line.ignore for line in still_lines(made, [("x", QUAD)])] == [False]
    assert [(line.text, line.ignore) for line in still_lines(made, [("x", elsewhere)])] == [
        ("x", False),
        ("出口はこちら", True),
    ]


def result() -> dict[str, Any]:
    runs = [one(), one(0.5)]
    made: dict[str, Any] = {
        "what": "live",
        "machine": {"cpu": "Abacus", "cores": 2, "system": "Linux"},
        "date": "2025-01-01",
        "extent": {"clips": 2, "seconds": 0.5},
        "rows": rows(runs),
        "baselines": {"newest_wins": rows(runs), "held_still": rows(runs)},
        "stages": {"glossa": stages(runs)},
        "outcomes": {"glossa": outcomes(runs)},
    }
    made["targets"] = targets(made)
    return made


def test_tables_say_what_was_measured_and_compare_can_read_it() -> None:
    made = result()
    text = markdown(made)
    assert "| render lane, p99, ms | ≤ 20 | ≤ 10 | 8.0 | 8.0 | 8.0 | goal |" in text
    assert "Abacus, 2 cores, Linux, 2025-01-01" in text
    assert len(list(rich_tables(grids(made)))) == 3
    assert made["stages"]["glossa"][0]["runs"] == 4
    assert made["outcomes"]["glossa"] == {"read": {"done": 4}, "render": {"done": 32}}
    read = read_result(made, "live.json")
    assert len(read.rows["late"].samples) == 2
    assert set(read.baselines) == {"newest_wins", "held_still"}


def test_targets_tell_goal_reach_and_neither() -> None:
    made = result()
    for name, value in {"render_p99_ms": 15.0, "erasure": 0.3, "reading_f1_still": 0.98}.items():
        made["rows"][name]["value"] = value
    told = {row["name"]: (row["reached"], row["goal_met"]) for row in targets(made)}
    assert told[MEASURES["render_p99_ms"].title] == (True, False)
    assert told[MEASURES["erasure"].title] == (False, False)
    assert told[MEASURES["reading_f1_still"].title] == (True, True)
    assert LONG.title not in told
    made["rows"][LONG_ROW] = {"value": 3.0, "unit": "MB", "better": "lower", "samples": []}
    assert {row["name"]: row["reached"] for row in targets(made)}[LONG.title]


def test_errors_over_time_are_binned_over_all_clips() -> None:
    times_s, median = over_time([one(-1.0), one(1.0)], 50, bin_s=0.25)
    assert list(times_s) == [0.125, 0.375, 0.625]
    assert median[0] == pytest.approx(2**0.5, rel=0.3)


def test_three_plots(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    paths = draw_plots({"glossa": [one()], "newest_wins": [one(3.0)]}, TITLES, tmp_path / "live.json")
    assert [path.name for path in paths] == ["live-registration.png", "live-occupancy.png", "live-latency.png"]
    assert all(path.stat().st_size > 5000 for path in paths)
