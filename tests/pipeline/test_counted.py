from pipeline.counted import counted


def test_one_has_no_s() -> None:
    assert [counted(number, "text") for number in (0, 1, 2)] == ["0 texts", "1 text", "2 texts"]
