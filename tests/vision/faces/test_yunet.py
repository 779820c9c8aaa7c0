"""Finding faces: feeding and reading the network on every engine, with a stand-in for its weights."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from devices import InputError, Rgb
from tests.vision.faces.stand_in import FACE_PX, installed, with_face, yunet
from vision.faces import FaceFinder
from vision.faces.yunet import decoded
from vision.text.engine import installed_engines

pytestmark = pytest.mark.skipif(not installed(), reason="no stand-in for YuNet can be made: pip install onnx")


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return yunet(tmp_path_factory.mktemp("faces") / "yunet.onnx")


@pytest.fixture(scope="module")
def dynamic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return yunet(tmp_path_factory.mktemp("faces") / "yunet.onnx", None)


def wall(width: int = 640, height: int = 360) -> Rgb:
    return np.full((height, width, 3), (120, 140, 110), np.uint8)


def covered(boxes: list[tuple[float, float, float, float]], x: float, y: float) -> bool:
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes)


@pytest.mark.parametrize("engine", installed_engines())
@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (200, 300), (333, 217)])
def test_every_engine_finds_a_face_where_it_is(fixed: Path, dynamic: Path, engine: str, size: tuple[int, int]) -> None:
    side = FACE_PX * max(size) // 640 if max(size) > 640 else FACE_PX
    picture = with_face(wall(*size), 96, 64, side)
    for model in (fixed, dynamic):
        faces = FaceFinder(model, engine).find(picture)
        assert faces
        assert covered([face.box for face in faces], 96 + side / 2, 64 + side / 2)
        for face in faces:
            x0, y0, x1, y1 = face.box
            assert 0 <= x0 < x1 <= size[0]
            assert 0 <= y0 < y1 <= size[1]
            assert abs((x0 + x1) / 2 - 96 - side / 2) < 2 * side
    assert FaceFinder(fixed, engine).find(wall(*size)) == []


def test_the_answer_is_that_of_opencv(fixed: Path) -> None:
    """OpenCV's own reading of such a network, at the size that its engine can run it at."""
    picture = with_face(wall(640, 640), 256, 128)
    theirs = cv2.FaceDetectorYN.create(str(fixed), "", (640, 640), 0.5, 0.3)
    try:
        _, rows = theirs.detect(np.ascontiguousarray(picture[..., ::-1]))
    except cv2.error as why:
        pytest.skip(f"OpenCV does not run it: {str(why)[:200]}")
    ours = [face.box for face in FaceFinder(fixed).find(picture)]
    expected = [(x, y, x + w, y + h) for x, y, w, h in np.asarray(rows)[:, :4].tolist()]
    assert np.array(sorted(ours)) == pytest.approx(np.array(sorted(expected)), abs=1)


@pytest.mark.skipif("openvino" not in installed_engines(), reason="no engine here runs a network at another size")
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (320, 200)])
def test_padding_is_not_searched_and_changes_nothing(tmp_path: Path, fixed: Path, size: tuple[int, int]) -> None:
    side = FACE_PX * max(size) // 640
    picture = with_face(wall(*size), size[0] // 2, size[1] // 3, side)
    stiff = yunet(tmp_path / "stiff.onnx", stiff=True)
    fits, whole = FaceFinder(fixed, "openvino"), FaceFinder(stiff, "openvino")
    graph, high, wide = fits._fitting(*picture.shape[:2])
    assert graph.inputs[0].shape == (1, 3, high, wide)
    assert min(high, wide) < max(high, wide) == 640
    assert whole._fitting(*picture.shape[:2])[1:] == (640, 640)
    ours, theirs = ([face.box for face in one.find(picture)] for one in (fits, whole))
    assert ours
    assert np.array(sorted(ours)) == pytest.approx(np.array(sorted(theirs)), abs=0.5)


def test_small_faces_of_large_pictures(fixed: Path) -> None:
    picture = with_face(wall(2560, 1440), 1500, 900, 72)
    finder = FaceFinder(fixed)
    boxes = [face.box for face in finder.find_small(picture)]
    assert covered(boxes, 1536, 936)
    assert finder.find_small(wall(2560, 1440)) == []
    assert [face.box for face in finder.find_small(wall(300, 200))] == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 900, 3), (700, 3, 3)])
def test_odd_pictures_have_no_faces(fixed: Path, shape: tuple[int, int, int]) -> None:
    assert FaceFinder(fixed).find(np.zeros(shape, np.uint8)) == []


def test_other_networks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        FaceFinder(tmp_path / "none.onnx")
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(InputError):
        FaceFinder(tmp_path / "text.onnx")
    with pytest.raises(InputError, match="in steps of 32 pixels"):
        FaceFinder(yunet(tmp_path / "odd.onnx", 100))
    shared = Path(__file__).parents[4] / "shared" / "models" / "yolox_nano.onnx"
    if shared.is_file():
        with pytest.raises(InputError, match="expected YuNet"):
            FaceFinder(shared)


def test_rubbish_from_a_network_is_no_face() -> None:
    outputs: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}
    for stride in (8, 16, 32):
        cells = (64 // stride) ** 2
        outputs |= {f"cls_{stride}": np.full((1, cells, 1), np.nan), f"obj_{stride}": np.ones((1, cells, 1)),
                    f"bbox_{stride}": np.full((1, cells, 4), 1e30)}  # fmt: skip
    boxes, scores = decoded(outputs, 64, 64, "x")
    assert not scores.any()
    assert np.isfinite(boxes[:, 2:] - boxes[:, :2]).all() or not scores.any()
    outputs["cls_8"] = np.zeros((1, 5, 1))
    with pytest.raises(InputError, match="not YuNet"):
        decoded(outputs, 64, 64, "x")
