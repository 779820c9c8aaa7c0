"""The gloss and its file: a small lexicon written here, looked up through every kind of unit."""

import struct
from pathlib import Path
from zlib import crc32

import pytest

from devices.errors import InputError
from language.gloss import MOST_UNITS, Lexicon
from language.lexicon_file import FILE_NAME, Candidate, Row, Spellings, open_lexicon, write_lexicon


def row(key: str, *texts: str, cost: float = 8.0, score: float = 0.9) -> Row:
    """A row whose translations are each half as likely as the one before."""
    return Row(key, cost, tuple(Candidate(text, score / 2**place) for place, text in enumerate(texts)))


TABLES = {
    "es-en": [
        row("salida", "exit"),
        row("de", ""),
        row("emergencia", "emergency"),
        row("cafe", "coffee"),
        row("si", "if"),
        row("sí", "yes"),
        row("por", "for"),
        row("favor", "favour"),
        row("por favor", "please"),
        row("cerrado", "closed"),
        row("empujar", "push"),
    ],
    "de-en": [
        row("ziege", "goat"),
        row("kase", "cheese"),
        row("salat", "salad"),
        row("bahnhof", "station"),
        row("halle", "hall"),
        row("aufzug", "lift", "elevator", score=0.5),
    ],
    "ko-en": [
        row("▁화장실", "toilet"),
        row("▁사용", "use", cost=7.0),
        row("▁금지", "no", cost=7.0),
        row("은", "", cost=3.0),
        row("▁슬", "sad"),
        row("리", "fish"),
        row("퍼", cost=9.0),
    ],
    "ja-en": [row("出口", "exit"), row("は", "", cost=3.0), row("こちら", "this way")],
    "zh-en": [row("图书馆", "library"), row("关闭", "closed")],
    "en-ko": [row("exit", "출구"), row("this", "이"), row("way", "길"), row("library", "도서관")],
    "en-zh": [
        row("library", "图书馆"),
        row("hair", "头发"),
        row("hairs", "白头发"),
        row("dont", "请勿"),
        row("enter", "进入"),
    ],
}
SPELLINGS = Spellings(
    {"zh": {ord("圖"): "图", ord("書"): "书", ord("館"): "馆", ord("關"): "关", ord("閉"): "闭"}},
    {"zh-Hant": {ord("图"): "圖", ord("书"): "書", ord("馆"): "館", ord("发"): "發", ord("进"): "進", ord("请"): "請"}},
    {"zh-Hant": {"头发": "頭髮"}},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_lexicon(tmp_path / FILE_NAME, TABLES, spellings=SPELLINGS, about="Thanks to all.")
    return tmp_path


@pytest.fixture
def lexicon(folder: Path) -> Lexicon:
    return Lexicon(folder)


@pytest.mark.parametrize(
    ("text", "source", "target", "gloss"),
    [
        ("SALIDA DE EMERGENCIA", "es", "en", "exit · emergency"),
        ("Salida prohibida", "es", "en", "not/no · exit · prohibida"),
        ("Café", "es", "en", "coffee"),
        ("Sí, cerrado", "es", "en", "yes · closed"),
        ("si cerrado", "es", "en", "if · closed"),
        ("Salida, por favor", "es", "en", "exit · please"),
        ("Empuje, por favor", "es", "en", "push · please"),
        ("Bahnhofshalle", "de", "en", "station · hall"),
        ("Aufzug", "de", "en", "lift/elevator"),
        ("Käsesalate", "de", "en", "cheese · salad"),
        ("Ziegenkäsesalat", "de", "en", "goat · cheese · salad"),
        ("화장실은 사용 금지", "ko", "en", "toilet · use · no"),
        ("화장실사용금지", "ko", "en", "toilet · use · no"),
        ("出口はこちら", "ja", "en", "exit · this way"),
        ("图书馆关闭", "zh-Hans", "en", "library · closed"),
        ("圖書館關閉", "zh-Hant", "en", "library · closed"),
        ("library", "en", "zh-Hans", "图书馆"),
        ("Library! Hair?", "en", "zh-Hant", "圖書館 · 頭髮"),
        ("Hairs", "en", "zh-Hant", "白頭髮"),
        ("Do not enter", "en", "zh-Hant", "請勿 · 進入"),
    ],
)
def test_a_text_is_glossed_unit_by_unit(lexicon: Lexicon, text: str, source: str, target: str, gloss: str) -> None:
    assert lexicon.gloss(text, source, target) == gloss


@pytest.mark.parametrize(
    ("text", "target", "gloss"),
    [("出口はこちら", "ko", "출구 · 이 길"), ("図書館", "ko", "")],
)
def test_a_direction_without_a_table_goes_through_english(lexicon: Lexicon, text: str, target: str, gloss: str) -> None:
    assert lexicon.gloss(text, "ja", target) == gloss


def test_numbers_and_addresses_stay_and_unknown_units_are_kept_as_they_are(lexicon: Lexicon) -> None:
    assert lexicon.gloss("Salida 3: Zxqvw, cerrado 9:30-18:00", "es", "en") == "exit · 3 · Zxqvw · closed · 9:30-18:00"
    assert lexicon.gloss("Salida cerrado www.salida.es 12%", "es", "en") == "exit · closed · www.salida.es · 12%"
    assert lexicon.gloss("KTX 화장실은 3개 금지", "ko", "en") == "KTX · toilet · 3 · no"
    assert lexicon.gloss("蠢圖書館關閉", "zh-Hant", "en") == "蠢 · library · closed"


@pytest.mark.parametrize(
    ("text", "target", "gloss"),
    [
        ("화장실 3분", "en", "toilet · 3 min"),
        ("화장실 3분", "zh-Hant", "toilet · 3分"),
        ("KE902 화장실", "en", "KE902 · toilet"),
    ],
)
def test_what_a_number_counts_or_belongs_to_stays_with_it(tmp_path: Path, text: str, target: str, gloss: str) -> None:
    tables = {direction: [row("▁화장실", "toilet")] for direction in ("ko-en", "ko-zh")}
    write_lexicon(tmp_path / FILE_NAME, tables, spellings=Spellings(), about="")
    assert Lexicon(tmp_path).gloss(text, "ko", target) == gloss


def test_a_warning_put_before_a_likelier_word_comes_with_that_word(tmp_path: Path) -> None:
    drink = Row("▁마시고", 8.0, (Candidate("do not", 0.4), Candidate("drink", 0.5)))
    others = [row(f"▁{word}", f"{place}th", "more") for place, word in enumerate("가나다라마")]
    write_lexicon(tmp_path / FILE_NAME, {"ko-en": [drink, *others]}, spellings=Spellings(), about="")
    assert Lexicon(tmp_path).gloss("마시고 가 나 다 라 마", "ko", "en").startswith("do not/drink · 0th · 1th")


def test_a_korean_word_that_falls_into_syllables_is_not_known(lexicon: Lexicon) -> None:
    assert lexicon.gloss("슬리퍼 화장실 금지", "ko", "en") == "슬리퍼 · toilet · no"


def test_there_is_no_gloss_where_less_than_half_is_known(lexicon: Lexicon) -> None:
    assert lexicon.gloss("Salida zxqvw", "es", "en") == "exit · zxqvw"
    assert lexicon.gloss("Salida zxqvw qwrtp", "es", "en") == ""
    assert lexicon.gloss("12:30", "es", "en") == ""
    assert lexicon.gloss("", "es", "en") == ""


@pytest.mark.parametrize(("source", "target"), [("es", "fr"), ("und", "en"), ("auto", "ko"), ("en", "es")])
def test_there_is_no_gloss_for_a_direction_that_no_table_leads_to(lexicon: Lexicon, source: str, target: str) -> None:
    assert lexicon.gloss("Salida", source, target) == ""
    assert lexicon.support("Salida", "Exit", source, target) == 1.0


def test_a_long_text_is_cut_and_a_repeated_word_stands_once(lexicon: Lexicon) -> None:
    gloss = lexicon.gloss(" ".join(["salida cerrado"] * 10), "es", "en")
    assert gloss.split(" · ") == ["exit", "closed"] * (MOST_UNITS // 2) + ["…"]
    assert lexicon.gloss("salida salida cerrado", "es", "en") == "exit · closed"


def test_a_word_that_its_neighbour_says_too_stands_once(tmp_path: Path) -> None:
    rows = [row("▁밟", "step"), row("지", "not"), row("▁마세요", "do not"), row("▁노트", "note")]
    write_lexicon(tmp_path / FILE_NAME, {"ko-en": rows}, spellings=Spellings(), about="")
    lexicon = Lexicon(tmp_path)
    assert lexicon.gloss("밟지 마세요", "ko", "en") == "step · do not"
    assert lexicon.gloss("마세요 노트", "ko", "en") == "do not · note"


@pytest.mark.parametrize(
    ("text", "translation", "source", "target", "support"),
    [
        ("Salida de emergencia", "Emergency exit", "es", "en", 1.0),
        ("Salida de emergencia", "Emergency exits only", "es", "en", 1.0),
        ("Salida de emergencia", "Exit", "es", "en", 0.5),
        ("Cerrado", "Open", "es", "en", 0.0),
        ("Aufzug", "Take the elevator", "de", "en", 1.0),
        ("Zxqvw", "Something", "es", "en", 1.0),
        ("library hair", "圖書館", "en", "zh-Hant", 0.5),
        ("exit", "출구는 여기입니다", "en", "ko", 1.0),
    ],
)
def test_support_is_the_share_of_known_units_that_the_translation_has(
    lexicon: Lexicon, text: str, translation: str, source: str, target: str, support: float
) -> None:
    assert lexicon.support(text, translation, source, target) == support


def test_the_same_tables_give_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    again = tmp_path / "again.bin"
    shuffled = {direction: rows[::-1] for direction, rows in reversed(TABLES.items())}
    write_lexicon(again, shuffled, spellings=SPELLINGS, about="Thanks to all.")
    assert again.read_bytes() == (folder / FILE_NAME).read_bytes()


def test_every_row_of_a_large_table_is_found_again(tmp_path: Path) -> None:
    rows = [row(f"key {n}", *(f"text {n} {m}" for m in range(n % 4)), cost=n % 25) for n in range(3000)]
    write_lexicon(tmp_path / "large.bin", {"es-en": rows}, spellings=Spellings(), about="")
    table = open_lexicon(tmp_path / "large.bin").tables["es-en"]
    assert len(table) == len(rows)
    for one in rows:
        assert [found.text for found in table.candidates(one.key)] == [wanted.text for wanted in one.candidates]
        assert table.cost(one.key) == pytest.approx(one.cost, abs=0.06)
    assert table.cost("another key") is None
    assert table.candidates("another key") == ()


def test_a_missing_lexicon_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"No lexicon at .*lexicon\.bin.*Install Glossa again"):
        Lexicon(tmp_path)


@pytest.mark.parametrize("place", [24, 200, -1])
def test_one_damaged_byte_is_noticed(folder: Path, place: int) -> None:
    data = bytearray((folder / FILE_NAME).read_bytes())
    data[place] ^= 0x20
    (folder / FILE_NAME).write_bytes(data)
    with pytest.raises(InputError, match="damaged: expected checksum"):
        Lexicon(folder)


@pytest.mark.parametrize("size", [0, 10, 300])
def test_a_cut_off_lexicon_is_noticed(folder: Path, size: int) -> None:
    (folder / FILE_NAME).write_bytes((folder / FILE_NAME).read_bytes()[:size])
    with pytest.raises(InputError, match="lexicon"):
        Lexicon(folder)


def test_another_file_and_another_version_are_told_apart(folder: Path) -> None:
    (folder / "other.bin").write_bytes(b"PK\3\4" * 100)
    with pytest.raises(InputError, match="no lexicon: expected it to begin with GLOSSLEX"):
        open_lexicon(folder / "other.bin")
    (folder / "later.bin").write_bytes(struct.pack("<8sIII", b"GLOSSLEX", 9, 2, crc32(b"{}")) + b"{}")
    with pytest.raises(InputError, match="expected version 1, got 9"):
        open_lexicon(folder / "later.bin")


def test_a_header_that_tells_no_places_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "odd.bin"
    path.write_bytes(struct.pack("<8sIII", b"GLOSSLEX", 1, 2, crc32(b"{}")) + b"{}")
    with pytest.raises(InputError, match="expected the places of its tables"):
        open_lexicon(path)
