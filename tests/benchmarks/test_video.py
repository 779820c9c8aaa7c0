"""The report: targets are judged in the right direction, tables hold what was measured."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.grids import rich_tables
from benchmarks.report import grids, markdown
from benchmarks.video import main, targets
from devices.errors import InputError


def measured(**changes: float) -> dict[str, Any]:
    ours = {"fps": 40.0, "registration_px_median": 0.5, "erasure": 0.0, "reading_f1": 0.91, **changes}
    systems = {"glossa": ours, "per_frame": {"fps": 1.0}}
    return {
        "machine": {"cpu": "Abacus", "cores": 2, "system": "Linux", "date": "2025-01-01"},
        "photographs": {
            name: {"line_recall": recall, "f1": 0.9, "wall_s": 1.0, "peak_rss_mb": 500.0}
            for name, recall in [("glossa", 0.83), ("rapidocr", 0.80)]
        },
        "clips": {"virtual": systems, "labelled": systems},
        "memory": {
            "short": {"seconds": 10.0, "peak_rss_mb": 600.0, "fps": 30.0},
            "long": {"seconds": 600.0, "peak_rss_mb": 610.0, "fps": 30.0},
        },
    }


def test_good_numbers_meet_every_target() -> None:
    assert all(row["met"] for row in targets(measured()))


@pytest.mark.parametrize("change", [{"fps": 10.0}, {"registration_px_median": 9.0}, {"erasure": 0.01}])
def test_each_bad_number_misses_its_target(change: dict[str, float]) -> None:
    assert not all(row["met"] for row in targets(measured(**change)))


def test_nothing_measured_promises_nothing() -> None:
    assert targets({"machine": {}}) == []


def test_tables_show_the_numbers() -> None:
    result = measured()
    result["targets"] = targets(result)
    text = markdown(result)
    assert "| reading F1 | 0.910 | - |" in text
    assert "Abacus, 2 cores" in text
    assert [table.title for table in rich_tables(grids(result))] == [
        "Photographs",
        "Virtual camera, 1280x720",
        "Labelled clips",
        "Memory",
        "Targets",
    ]


def test_missing_media_is_an_error_with_advice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--media"):
        main(["--media", str(tmp_path), "--parts", "photographs"])


def test_an_unknown_part_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--parts", "photos"])
    assert "known: photographs, clips, memory" in capsys.readouterr().err
