"""Every recorded clip through `glossa live`, without a display: each frame once, a whole record, no fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

import pipeline.live.run

if TYPE_CHECKING:
    from tests.pipeline.conftest import Door

pytestmark = [pytest.mark.e2e, pytest.mark.models]

FOLDER = Path(__file__).parents[3] / "shared" / "media" / "video"
CLIPS = sorted(path for path in FOLDER.glob("*") if path.suffix in (".mp4", ".mkv", ".gif"))
LONGEST_S = 8.0
"""Of a clip, on this machine's clock: enough for all but one of them, and no more of that one."""


def frames_of(clip: Path) -> int:
    with av.open(str(clip)) as container:
        return sum(1 for _ in container.decode(video=0))


@pytest.mark.skipif(not CLIPS, reason=f"no recorded clips: {FOLDER} is empty or does not exist")
@pytest.mark.parametrize("clip", CLIPS, ids=lambda path: path.name)
def test_a_recorded_clip(glossa: Door, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.live.run, "warm_up", lambda *models, **how: None)  # many sizes, once each
    out = tmp_path / "x.jsonl"
    words = ["--to", "ko", "--display", "none", "--no-realtime", "--seconds", LONGEST_S, "--record", out]
    ended = glossa("live", "--source", clip, *words)
    assert ended.status == 0, ended.err
    assert "fault" not in ended.err
    run, *frames, summary = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    seqs = [frame["seq"] for frame in frames if frame["type"] == "frame"]
    assert seqs == list(range(len(seqs)))
    assert summary["frames"] == len(seqs)
    assert summary["dropped"] == 0
    assert run["source"] == clip.name
    if "has ended" in ended.err:
        assert len(seqs) == frames_of(clip)
    for frame in frames:
        for label in frame.get("labels", []):
            assert label["source"].strip()
            assert label["target"].strip()
            assert all(abs(number) < 5000 for corner in label["quad"] for number in corner)
