"""A label of the findings file."""

import numpy as np

from language.translation import Translation
from pipeline.findings import label

SQUARE = np.array([[0, 0], [2, 0], [2, 1], [0, 1]], np.float32)


def test_a_gloss_is_told_where_there_is_one() -> None:
    plain = Translation("出口", "Exit", "ja", "en", "glossa", 0.5, False)
    glossed = Translation("出口", "Exit", "ja", "en", "glossa", 0.5, False, gloss="exit")
    assert "gloss" not in label(1, SQUARE, plain, 0.9, [])
    assert label(1, SQUARE, glossed, 0.9, [])["gloss"] == "exit"
