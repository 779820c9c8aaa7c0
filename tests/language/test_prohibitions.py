"""What a gloss must not lose."""

import pytest

from language.prohibitions import lost_prohibition


@pytest.mark.parametrize(
    ("text", "gloss", "source", "target", "lost"),
    [
        ("入口10米范围内禁止吸烟", "entrance · area · smoking", "zh-Hans", "en", "not/no"),
        ("袋を開けないでください", "bag · open", "ja", "en", "not/no"),
        ("袋を開けないでください", "가방 · 열다", "ja", "ko", "금지/없음"),
        ("출입 금지", "go in and out", "ko", "en", "not/no"),
        ("Interdit aux chiens", "dogs", "fr", "en", "not/no"),
        ("PROHIBIDO FUMAR", "smoke", "es", "en", "not/no"),
        ("Don't sit under here", "坐 · 這裡", "en", "zh-Hant", "禁止/沒有"),
        ("Nicht unter der Leiter", "under · ladder", "de", "en", "not/no"),
        # Said by the gloss, or by nothing.
        ("출입 금지", "no entry", "ko", "en", ""),
        ("Sin gluten", "gluten-free", "es", "en", ""),
        ("Nicht verfügbar", "unavailable", "de", "en", ""),
        ("危ない", "danger", "ja", "en", ""),
        ("不锈钢", "stainless steel", "zh-Hans", "en", ""),
        ("출입구", "entrance", "ko", "en", ""),
        # Languages that nobody asked for.
        ("Sin gluten", "Gluten", "es", "de", ""),
        ("Вход запрещён", "entrance", "und", "en", ""),
    ],
)
def test_a_prohibition_that_the_words_lost_is_told(text: str, gloss: str, source: str, target: str, lost: str) -> None:
    assert lost_prohibition(text, gloss, source, target) == lost
