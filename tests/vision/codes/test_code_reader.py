"""Codes that are drawn, read back: where they are, what they hold, who is who."""

import numpy as np
import pytest
import zxingcpp

from devices import Frame, Rgb, Stamp
from vision.codes import Code, CodeReader, Content, Kind
from vision.codes.track import CodeTracker, carried

F = zxingcpp.BarcodeFormat


def stamp(step: int) -> Stamp:
    return Stamp("test", step, step * 150_000_000, step * 150.0)


def drawn(text: str, form: zxingcpp.BarcodeFormat, *, at: tuple[int, int] = (40, 60), scale: int = 4) -> Rgb:
    code = np.asarray(zxingcpp.create_barcode(text, form).to_image(scale=scale))
    canvas = np.full((480, 640, 3), 255, np.uint8)
    canvas[at[1] : at[1] + code.shape[0], at[0] : at[0] + code.shape[1]] = code[..., None]
    return canvas


def read(rgb: Rgb, step: int = 0) -> list[Code]:
    return CodeReader().read(Frame(stamp(step), rgb))


def test_a_qr_code_its_corners_and_what_it_holds() -> None:
    (code,) = read(drawn("https://example.com/menu", F.QRCode))
    assert (code.format, code.content) == ("QR Code", Content(Kind.LINK, "example.com"))
    assert code.certain
    assert code.stamp == stamp(0)
    # 4 px a module, a quiet zone of 4 modules, 25 modules.
    assert code.quad[0] == pytest.approx((56, 76), abs=2)
    assert code.quad[2] == pytest.approx((156, 176), abs=2)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turned_codes_begin_at_their_own_top_left(turns: int) -> None:
    rgb = np.ascontiguousarray(np.rot90(drawn("turned", F.QRCode, at=(0, 0)), turns))
    (code,) = read(rgb)
    across = code.quad[1] - code.quad[0]
    expected = {1: (0, -1), 2: (-1, 0), 3: (0, 1)}[turns]
    assert across / np.linalg.norm(across) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("text", "form", "kind", "certain"),
    [
        ("4006381333931", F.EAN13, Kind.PRODUCT, False),
        ("PARCEL 1234", F.Code128, Kind.TEXT, False),
        ("aztec text", F.Aztec, Kind.TEXT, True),
        ("matrix", F.DataMatrix, Kind.TEXT, True),
        ("pdf417 text", F.PDF417, Kind.TEXT, True),
    ],
)
def test_other_codes(text: str, form: zxingcpp.BarcodeFormat, kind: Kind, certain: bool) -> None:
    (code,) = read(drawn(text, form, scale=3))
    assert (code.content.kind, code.content.preview, code.certain) == (kind, text, certain)


@pytest.mark.parametrize(
    ("form", "times"), [(F.QRCode, 6), (F.EAN13, 2), (F.Code128, 2), (F.DataMatrix, 2), (F.Aztec, 2), (F.PDF417, 2)]
)
def test_in_turn_qr_codes_come_every_time_and_all_others_too(form: zxingcpp.BarcodeFormat, times: int) -> None:
    frame = Frame(stamp(0), drawn("4006381333931", form, scale=3))
    assert sum(len(CodeReader().read(frame, turn=turn)) for turn in range(6)) == times


def test_a_large_picture_is_made_smaller_and_mapped_back() -> None:
    small = drawn("https://example.com", F.QRCode)
    (before,) = read(small)
    large = np.kron(small, np.ones((2, 2, 1), np.uint8))
    (after,) = CodeReader().read(Frame(stamp(0), large), long_side_px=640)
    assert after.quad == pytest.approx(before.quad * 2, abs=3)


def test_a_password_is_in_no_message() -> None:
    (code,) = read(drawn("WIFI:S:Cafe;T:WPA;P:hunter2hunter2;;", F.QRCode))
    assert "hunter2" in code.text
    assert "hunter2" not in repr(code)


def test_pictures_without_codes_or_without_size() -> None:
    assert read(np.full((240, 320, 3), 128, np.uint8)) == []
    assert read(np.zeros((1, 5, 3), np.uint8)) == []


def test_a_code_stays_while_it_is_missed_and_moves_with_the_camera() -> None:
    tracker = CodeTracker()
    (first,) = tracker.follow(read(drawn("hello", F.QRCode)), stamp(0), None)
    pan = np.eye(3)
    pan[0, 2] = 10
    for step in range(1, 9):
        (code,) = tracker.follow([], stamp(step), pan)
        assert code.track == first.track
    assert code.quad[0, 0] == pytest.approx(first.quad[0, 0] + 80, abs=0.5)
    assert tracker.follow([], stamp(12), pan) == []


def test_the_same_code_twice_in_view_is_two() -> None:
    one = drawn("hello", F.QRCode, at=(20, 20))
    two = np.minimum(one, drawn("hello", F.QRCode, at=(380, 20)))
    tracker = CodeTracker()
    for step in range(3):
        codes = tracker.follow(read(two, step), stamp(step), np.eye(3))
        assert {code.track for code in codes} == {1, 2}
    assert len(codes) == 2


def test_a_bar_code_is_believed_when_it_comes_twice() -> None:
    tracker = CodeTracker()
    rgb = drawn("4006381333931", F.EAN13, scale=3)
    assert tracker.follow(read(rgb, 0), stamp(0), None) == []
    assert len(tracker.follow(read(rgb, 1), stamp(1), np.eye(3))) == 1


def test_carried_keeps_what_cannot_be_moved() -> None:
    (code,) = read(drawn("hello", F.QRCode))
    folded = np.array([[1, 0, 0], [0, 0, 0], [0, 0, 1]], np.float64)
    assert np.array_equal(carried(code, folded, stamp(1)).quad, code.quad)
