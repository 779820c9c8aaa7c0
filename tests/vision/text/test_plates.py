"""What reads like a number plate, and what does not."""

import numpy as np
import pytest

from vision.text.plates import is_plate


@pytest.mark.parametrize(
    "text",
    [
        "12가 3456", "123너4567", "서울 12 바 3456", "경기31사1234",
        "京A·12345", "沪B 6789D", "粤Z1234港", "京AD12345",
        "品川 300 あ 12-34", "横浜330さ・1-23", "あ 12-34", "か・1-23",
        "ABC-1234", "1234-AB", "AB-1234",
        "B-AB 1234", "M·XY 123", "HH AB 1234", "S-AB 12E", "KÖ-LN 123",
        "AB-123-CD", "AB 123 CD", "FG123HJ",
        "1234 BCD", "0000BBB",
        "AB12 CDE", "ab12cde", "ＡＢ１２ＣＤＥ",
    ],
)  # fmt: skip
def test_plates(text: str) -> None:
    assert is_plate(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "출구", "3번 출구", "2층", "02-1234-5678", "010-1234-5678", "12,000원", "9:00-21:30", "2026-11-22",
        "京都", "京A", "北京12345", "粤港澳大湾区", "一月12日", "第12号",
        "品川", "品川駅 300m", "あ", "12-34", "1-2-3", "〒150-0002",
        "KE 1234", "Gate A12", "DIN A 4", "ISO 9001", "Bus M 29", "U 8", "A 100", "Gleis 12",
        "EXIT", "CDG 2E", "A4 80 g", "100 ml", "1234", "Room 1204", "WC", "EUR 12,50", "SALE 70%",
        "MON-FRI 9-18", "24H", "No. 12", "B1", "3F",
    ],
)  # fmt: skip
def test_no_plates(text: str) -> None:
    assert not is_plate(text)


def test_the_shape_of_a_line_has_a_say() -> None:
    flat = np.array([[0, 0], [200, 0], [200, 50], [0, 50]], np.float32)
    column = np.array([[0, 0], [40, 0], [40, 300], [0, 300]], np.float32)
    banner = np.array([[0, 0], [900, 0], [900, 50], [0, 50]], np.float32)
    assert is_plate("AB-123-CD", flat)
    assert not is_plate("AB-123-CD", column)
    assert not is_plate("AB-123-CD", banner)
