from overlay.breaking import broken, pieces, wrapped


def measure(text: str) -> float:
    return float(len(text))


def test_words_stay_whole_and_lines_are_balanced() -> None:
    lines = broken(pieces("No smoking in the whole building"), 2, measure)
    assert lines == ("No smoking in the", "whole building")


def test_hangul_breaks_at_blanks_only_unless_told_otherwise() -> None:
    assert pieces("출입 금지") == ["출입", " 금지"]
    assert pieces("출입 금지", anywhere=True) == ["출", "입", " 금", "지"]


def test_japanese_lines_neither_start_with_closing_nor_end_with_opening_punctuation() -> None:
    text = "「禁煙」です。お願い（します）ちょっと、ね。"
    for count in range(1, 9):
        lines = broken(pieces(text), count, measure)
        assert "".join(lines) == text
        assert all(line[0] not in "」。）ょっ、" and line[-1] not in "「（" for line in lines)


def test_wrapping_keeps_every_character_and_the_width() -> None:
    text = "Rindfleischetikettierungsgesetz and short words"
    lines = wrapped(text, 12, measure)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= 12 for line in lines)
