"""Motion measures: what they must report is known here, because the findings are made from the truth."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.findings import Drawn, Findings, FrameFindings, load_findings, write_findings
from benchmarks.geometry import Quad, box_quad, project
from benchmarks.metrics import pool, score_clip
from benchmarks.truth import ClipTruth, Photograph, TruthLine, moved_photograph
from benchmarks.virtual_camera import VirtualCamera
from devices.errors import InputError

FRAMES = 30
TEXTS = ("出口", "Exit 12")
QUADS = (box_quad(40, 40, 80, 30), box_quad(40, 90, 110, 24))


@pytest.fixture(scope="module")
def truth() -> ClipTruth:
    lines = tuple(TruthLine(text, quad) for text, quad in zip(TEXTS, QUADS, strict=True))
    photo = Photograph(Path("sign.png"), 200, 150, "zh", True, lines)
    camera = VirtualCamera(seed=3, width=320, height=240)
    moves = [camera.homography(i / 30, 200, 150) for i in range(FRAMES)]
    return moved_photograph(photo, moves, 320, 240)


def follow(
    truth: ClipTruth,
    *,
    place: Callable[[Quad, int], Quad] = lambda quad, seq: quad,
    move: Callable[[Quad, int], Quad] = lambda quad, seq: quad,
    target: Callable[[str, int], str] = lambda text, seq: text.upper(),
    since: int = 0,
) -> Findings:
    """Findings that follow the truth; errors are put in on the photograph (`place`) or the frame (`move`)."""
    frames = []
    for seq, h in enumerate(truth.homographies):
        labels = tuple(
            Drawn(track, move(project(h, place(quad, seq)), seq), text, target(text, seq))
            for track, (text, quad) in enumerate(zip(TEXTS, QUADS, strict=True))
            if seq >= since
        )
        frames.append(FrameFindings(seq, seq * 1000 / 30, labels))
    return Findings({}, tuple(frames), {})


def test_perfect_findings_have_no_error(truth: ClipTruth) -> None:
    score = score_clip(follow(truth), truth).summary()
    assert score["registration_px_p95"] == pytest.approx(0, abs=1e-6)
    assert score["jitter_px"] == pytest.approx(0, abs=1e-6)
    assert score["placement_iou"] == pytest.approx(1, abs=1e-3)
    assert (score["reading_f1"], score["coverage"], score["erasure"]) == (1.0, 1.0, 0.0)
    assert (score["first_ms_median"], score["tracks"], score["tracks_per_line"]) == (0.0, 2, 1.0)


def test_a_constant_margin_costs_placement_but_not_registration(truth: ClipTruth) -> None:
    score = score_clip(follow(truth, place=lambda quad, seq: quad + np.array([3.0, -2.0])), truth).summary()
    assert score["registration_px_p95"] == pytest.approx(0, abs=1e-6)
    assert 0.5 < score["placement_iou"] < 0.9


def test_an_error_that_moves_is_measured_in_frame_pixels(truth: ClipTruth) -> None:
    shaken = follow(truth, move=lambda quad, seq: quad + np.array([2.0 if seq % 2 else -2.0, 0.0]))
    score = score_clip(shaken, truth).summary()
    assert score["registration_px_median"] == pytest.approx(2.0, abs=0.3)
    assert score["jitter_px"] == pytest.approx(8.0, rel=0.01)  # second difference of -2, 2, -2


def test_a_label_fixed_to_the_screen_does_not_stick(truth: ClipTruth) -> None:
    start = truth.quads[0]
    stuck = follow(truth, move=lambda quad, seq: start[0] if quad[0, 1] < start[1][0, 1] - 9 else start[1])
    assert score_clip(stuck, truth).summary()["registration_px_p95"] > 2


def test_rewriting_is_counted_in_characters(truth: ClipTruth) -> None:
    rewritten = follow(truth, target=lambda text, seq: "Exat" if seq < 10 else "Exit")
    assert score_clip(rewritten, truth).summary()["erasure"] == pytest.approx(1 / 4)


def test_a_late_label_costs_coverage_and_time(truth: ClipTruth) -> None:
    score = score_clip(follow(truth, since=15), truth).summary()
    assert score["coverage"] == pytest.approx(0.5)
    assert score["first_ms_median"] == pytest.approx(500)
    assert score["reading_recall"] == pytest.approx(0.5)
    assert score["reading_precision"] == 1.0


def test_a_reader_without_tracks_is_followed_by_line(truth: ClipTruth) -> None:
    frames = [FrameFindings(f.seq, f.pts_ms, f.labels[:: 1 if f.seq % 2 else -1]) for f in follow(truth).frames]
    renumbered = tuple(
        FrameFindings(
            f.seq,
            f.pts_ms,
            tuple(Drawn(i, d.quad, d.source, d.target) for i, d in enumerate(f.labels)),
        )
        for f in frames
    )
    findings = Findings({}, renumbered, {})
    assert score_clip(findings, truth, by_line=True).summary()["registration_px_p95"] == pytest.approx(0, abs=1e-6)
    assert score_clip(findings, truth).summary()["registration_px_p95"] > 5


def test_a_joined_label_covers_its_lines(truth: ClipTruth) -> None:
    block = box_quad(40, 40, 110, 74)
    frames = tuple(
        FrameFindings(
            seq,
            seq * 1000 / 30,
            (
                Drawn(
                    7,
                    project(h, block),
                    "出口 Exit 12",
                    "WAY OUT 12",
                    tuple(project(h, quad) for quad in QUADS),
                    TEXTS,
                ),
            ),
        )
        for seq, h in enumerate(truth.homographies)
    )
    score = score_clip(Findings({}, frames, {}), truth).summary()
    assert (score["coverage"], score["reading_f1"], score["tracks"]) == (1.0, 1.0, 1)
    assert score["placement_iou"] > 0.95


def test_pooling_adds_frames_and_keeps_medians(truth: ClipTruth) -> None:
    one = score_clip(follow(truth), truth)
    both = pool("both", [one, one]).summary()
    assert (both["frames"], both["lines"], both["reading_f1"]) == (2 * FRAMES, 4, 1.0)


def test_findings_survive_the_file(tmp_path: Path, truth: ClipTruth) -> None:
    path = tmp_path / "findings.jsonl"
    write_findings(path, {"to": "ko"}, follow(truth).frames)
    back = load_findings(path)
    assert (back.run["to"], back.summary["frames"]) == ("ko", FRAMES)
    assert score_clip(back, truth).summary()["registration_px_p95"] < 0.02  # stored to a hundredth of a pixel


def test_a_damaged_findings_file_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "findings.jsonl"
    path.write_text('{"type":"run"}\n{"type":"frame","seq":0}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        load_findings(path)
