import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import UnknownNameError
from language.codes import LANGUAGES
from language.keys import key_of, skeleton_of
from language.memory import Memory
from language.normalise import normalise
from language.phrase_index import PhraseIndex
from language.phrasebook_files import read_phrasebook
from language.slots import PLACEHOLDER, Pattern, keeps_digits
from language.translation import Translation


def one(memory: Memory, text: str, to: str, source: str = "auto") -> Translation:
    return memory.translate([text], source=source, to=to)[0]


@pytest.mark.parametrize(
    ("text", "to", "target"),
    [
        ("出口", "en", "Exit"),
        ("出口", "ko", "출구"),
        ("Ausgang", "ko", "출구"),
        ("way out", "ko", "출구"),
        ("No\nsmoking", "ko", "금연"),
        ("ＮＯ ＳＭＯＫＩＮＧ", "ko", "금연"),
        ("お 手 洗 い", "en", "Toilets"),
        ("「営業中」", "en", "Open"),
        ("营业中", "zh-Hant", "營業中"),
        ("男", "en", "Men"),
        ("Schliessfächer", "en", "Coin lockers"),
    ],
)
def test_known_texts_are_sure_whatever_their_case_width_and_spaces(
    memory: Memory, text: str, to: str, target: str
) -> None:
    found = one(memory, text, to)
    assert (found.target, found.engine, found.sure) == (target, "memory", True)
    assert found.source == text
    assert found.target_lang == to


@pytest.mark.parametrize(
    ("text", "to", "target"),
    [
        ("PUSH", "es", "EMPUJE"),
        ("AUSGANG", "en", "EXIT"),
        ("Ausgang", "en", "Exit"),
        ("AUSGANG", "ko", "출구"),
        ("SORTIE →", "en", "EXIT →"),
    ],
)
def test_capitals_stay_capitals(memory: Memory, text: str, to: str, target: str) -> None:
    assert one(memory, text, to).target == target


@pytest.mark.parametrize(
    ("text", "to", "target"),
    [
        ("3番線", "en", "Platform 3"),
        ("１２番線", "en", "Platform 12"),
        ("Gleis 10", "ko", "10번 승강장"),
        ("Platform A12", "ja", "A12番線"),
        ("2~5階", "en", "Floors 2 to 5"),
        ("5 von 9", "ko", "9 중 5"),
        ("9中5番", "en", "5 of 9"),
        ("営業時間 10:00~22:00", "en", "Open 10:00 to 22:00"),
        ("営業時間 午前10時〜午後9時30分", "en", "Open 10 a.m. to 9:30 p.m."),
        ("入場料 1,000円", "en", "Admission ¥1,000"),
        ("Eintritt: 4,50 €", "en", "Admission €4,50"),
        ("입장료 3,000원", "de", "Eintritt ₩3,000"),
        ("2026年11月22日まで休業", "en", "Closed until November 22, 2026"),
        ("20%引き", "en", "20% off"),
        ("24時間営業", "en", "Open 24 hours"),
        ("1,000円", "en", "¥1,000"),
    ],
)
def test_digits_are_carried_exactly(memory: Memory, text: str, to: str, target: str) -> None:
    found = one(memory, text, to)
    assert (found.target, found.sure) == (target, True)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("EX1T", "출구"),
        ("Entrancc", "입구"),
        ("Toi1ets", "화장실"),
        ("No sm0king", "금연"),
        ("コインロツカー", "물품 보관함"),
        ("コインロッカ一", "물품 보관함"),
        ("コイン口ッカー", "물품 보관함"),
        ("营業中", "영업 중"),
        ("Geoffnet", "영업 중"),
        ("Sa1ida", "출구"),
        ("Coin Iockers", "물품 보관함"),
        ("Coin Iockcrs", "물품 보관함"),
    ],
)
def test_what_a_reader_misreads_is_still_known(memory: Memory, text: str, target: str) -> None:
    found = one(memory, text, "ko")
    assert (found.target, found.sure) == (target, True)
    assert found.confidence < 0.98


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("人出口", "입구"),
        ("八口", "입구"),
        ("准備中", "영업 중"),
        ("使業中", "영업 중"),
        ("この先右折禁止", "좌회전 금지"),
        ("立入可止", "출입 금지"),
        ("Pul", "당기세요"),
        ("Pill", "당기세요"),
        ("Bush", "미세요"),
        ("Smoking", "금연"),
        ("Smoking allowed", "금연"),
        ("Kein Ausgang", "출구"),
        ("No exit", "출구"),
        ("Auffahrt Ausgang", "출구"),
        ("Unopened", "영업 중"),
        ("Reopen", "영업 중"),
        ("Wome", "여자"),
        ("Omen", "남자"),
        ("Prohibido girar a la derecha", "좌회전 금지"),
        ("Tourne à droite interdit", "좌회전 금지"),
    ],
)
def test_what_could_mean_something_else_is_never_sure(memory: Memory, text: str, wrong: str) -> None:
    found = one(memory, text, "ko")
    assert not (found.sure and wrong in found.target)


def test_capitals_without_accents_that_may_be_two_words_are_not_sure(memory: Memory) -> None:
    assert not one(memory, "FERME", "ko").sure
    assert one(memory, "Ferme", "ko").target == "농장"
    assert one(memory, "FERMÉ", "ko").target == "영업 종료"


@pytest.mark.parametrize(
    "text",
    [
        "いり口",
        "当기세요",
        "흡연",
        "남녀",
        "押",
        "Platform",
        "番線",
        "Open 7 hours",
        "閉",
        "Geschosse",
        "Salado",
        "Coin lokers",
    ],
)
def test_the_unknown_is_left_alone(memory: Memory, text: str) -> None:
    found = one(memory, text, "en")
    assert not found.sure or found.engine == "same"


def test_opposites_keep_apart_in_the_shipped_book(shipped: Memory) -> None:
    opposites = [
        ("入口", "出口"),
        ("Push", "Pull"),
        ("男", "女"),
        ("Open", "Closed"),
        ("喫煙", "禁煙"),
        ("금연", "흡연"),
    ]
    opposites += [("上り", "下り"), ("Left", "Right"), ("Eingang", "Ausgang"), ("推", "拉"), ("압구", "출구")]
    for left, right in opposites:
        for to in ("en", "ko", "de"):
            first, second = shipped.translate([left, right], source="auto", to=to)
            assert first.target != second.target


@pytest.mark.parametrize(
    ("text", "to", "target"),
    [
        ("出口 Exit", "ko", "출구"),
        ("出口 Exit", "en", "Exit"),
        ("出口Exit", "de", "Ausgang"),
        ("Toilets / 화장실", "ja", "お手洗い"),
        ("入口 → 出口", "en", "Entrance → Exit"),
        ("OPEN\nCLOSED", "ko", "영업 중\n영업 종료"),
        ("入口・出口", "en", "Entrance・Exit"),
        ("出口 / 出口 / Exit / Salida", "ko", "출구"),
        ("出口 3", "en", "Exit 3"),
        ("→ 出口", "en", "→ Exit"),
        ("Pain 3,50 €", "en", "Bread €3,50"),
    ],
)
def test_a_sign_of_several_parts(memory: Memory, text: str, to: str, target: str) -> None:
    found = one(memory, text, to)
    assert (found.target, found.sure) == (target, True)


@pytest.mark.parametrize("text", ["Exit closed", "Ausgang Geschlossen", "남자 출구", "出口 未知語", "Push / Whatever"])
def test_words_side_by_side_are_no_sure_sentence(memory: Memory, text: str) -> None:
    assert not one(memory, text, "fr").sure


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("Exit", "en"),
        ("출구", "ko"),
        ("POISON", "en"),
        ("42", "ko"),
        ("", "en"),
        ("https://a.org", "ko"),
        ("A12", "ja"),
    ],
)
def test_what_needs_no_translation_stays(memory: Memory, text: str, to: str) -> None:
    found = one(memory, text, to)
    assert (found.target, found.engine, found.sure) == (text, "same", True)


def test_one_word_of_two_languages_is_settled_by_its_neighbours(memory: Memory) -> None:
    alone = one(memory, "Gift", "ko")
    german = memory.translate(["Gift", "Ausgang", "Herren"], source="auto", to="ko")[0]
    english = memory.translate(["Gift", "Way out", "Push"], source="auto", to="ko")[0]
    spanish = memory.translate(["Pan", "Salida", "Empuje"], source="auto", to="ko")[0]
    assert alone.target == "선물"
    assert (german.target, german.sure) == ("독", True)
    assert (english.target, english.sure) == ("선물", True)
    assert (spanish.target, spanish.sure) == ("빵", True)


def test_a_named_source_settles_it_too(memory: Memory) -> None:
    assert one(memory, "Gift", "ko", source="de").target == "독"
    assert one(memory, "Gift", "en", source="de").target == "Poison"
    # What is not written in that language at all is still read.
    assert one(memory, "Exit", "ko", source="ja").target == "출구"


def test_languages_are_named_as_people_name_them(memory: Memory) -> None:
    assert one(memory, "Toiletten", "zh-TW").target == "洗手間"
    with pytest.raises(UnknownNameError):
        memory.translate([], source="auto", to="tlh")


def test_the_unknown_says_so(memory: Memory) -> None:
    found = one(memory, "Betriebsrat", "ko")
    assert found == Translation("Betriebsrat", "Betriebsrat", found.source_lang, "ko", "none", 0.0, False)


def test_texts_of_the_shipped_book_find_their_rows(shipped: Memory) -> None:
    missed, asked = [], 0
    for concept in read_phrasebook()[::11]:
        for code, cells in concept.cells.items():
            to = "en" if code != "en" else "ko"
            texts = [cell for cell in cells if not PLACEHOLDER.search(cell)]
            asked += len(texts)
            for found in shipped.translate(texts, source=code, to=to):
                if found.target.casefold() != concept.cells[to][0].casefold():
                    missed += [(concept.id, found)]
    # A word that stands for two things in its own language may find the other one.
    assert len(missed) <= asked / 200, missed


BOTH_REAL = ({"정형외과", "성형외과"},)
"""Orthopedics and plastic surgery stand on one street, one look-alike apart; read as they are, each finds itself."""


def test_no_text_of_the_shipped_book_is_taken_for_another_one_misread() -> None:
    concepts = read_phrasebook()
    for code in LANGUAGES:
        index = PhraseIndex(concepts, code)
        for concept in concepts[::40]:
            for cell in concept.cells[code]:
                own = skeleton_of(key_of(normalise(cell)))
                for hit in index.near(Pattern(normalise(cell), ())):
                    is_own = hit.entry.concept is concept or skeleton_of(key_of(hit.entry.text)) == own
                    assert is_own or {cell, hit.entry.text} in BOTH_REAL, (cell, hit.entry.text)


anything = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            ["出口", "Exit", " ", "\n", "/", "3", "10:00", "円", "番線", "Gleis", "→", "・", "출구", "\ue000", "%"]
        ),
        max_size=8,
    ).map("".join),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(anything, max_size=4), st.sampled_from(["auto", *LANGUAGES]), st.sampled_from([*LANGUAGES]))
def test_any_texts_get_one_answer_each(memory: Memory, texts: list[str], source: str, to: str) -> None:
    found = memory.translate(texts, source=source, to=to)
    assert [translation.source for translation in found] == texts
    for translation in found:
        assert 0.0 <= translation.confidence <= 1.0
        assert translation.engine in ("memory", "none", "same")
        if translation.engine != "memory":
            assert translation.target == translation.source
        if translation.sure:
            assert keeps_digits(normalise(translation.source), normalise(translation.target))


@pytest.mark.parametrize("text", ["Served with rice or fries", "20% less sugar", "Keine Glasflaschen am Strand"])
def test_words_side_by_side_are_a_phrase_and_never_sure(text: str) -> None:
    told = Memory().translate([text], source="auto", to="ko")[0]
    assert not told.sure


@pytest.mark.parametrize(
    ("text", "to", "target"),
    [
        ("엘리베이터 점검중", "en", "Elevator under maintenance"),
        ("원산지: 국내산", "en", "Country of origin: made in Korea"),
        ("땅콩, 우유, 밀 함유", "en", "Peanuts, milk, contains wheat"),
        ("Peanuts, milk", "ja", "落花生、牛乳"),
        ("아메리카노 4,500원, 라떼 5,000원", "en", "Americano ₩4,500, Caffè latte ₩5,000"),
        ("Próxima salida: Sevilla", "en", "Next exit: Seville"),
        ("Mo-Fr 8:00-18:00 Uhr, Sa 9:00-13:00 Uhr", "en", "Weekdays 8:00–18:00, Saturday 9:00–13:00"),
    ],
)
def test_parts_that_go_on_keep_their_pauses_and_lose_their_capitals(
    shipped: Memory, text: str, to: str, target: str
) -> None:
    found = one(shipped, text, to)
    assert (found.target, found.sure) == (target, False)


def test_a_price_beside_words_is_in_their_language(shipped: Memory) -> None:
    assert one(shipped, "米饭 2元", "en").target == "Rice 2 yuan"


def test_a_name_in_capitals_does_not_make_hangul_shout(shipped: Memory) -> None:
    assert one(shipped, "CCTV 촬영중", "en").target == "CCTV in operation"
    assert one(shipped, "SALIDA", "en").target == "EXIT"


def test_numbers_that_belong_to_a_phrase_are_said_by_it(shipped: Memory) -> None:
    for text, to, target in (("Ouvert 7j/7", "en", "Open daily"), ("1+1 행사", "en", "Buy one, get one free")):
        found = one(shipped, text, to)
        assert (found.target, found.sure) == (target, True)


def test_what_one_language_writes_well_is_no_misreading_of_another(shipped: Memory) -> None:
    assert one(shipped, "国产", "en").target == "Made in China"
    assert one(shipped, "国産", "en").target == "Made in Japan"
