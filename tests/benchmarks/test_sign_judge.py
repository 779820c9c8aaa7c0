"""The judge of signs: what is the same, what is not, and that no reference contradicts itself."""

import re

import pytest

from benchmarks.sign_judge import accepted, closeness
from benchmarks.sign_keys import key_of_sign
from benchmarks.sign_set import read_signs
from devices.errors import UnknownNameError

SAME = [
    ("en", "Keep off the grass.", "Please keep off grass"),
    ("en", "Open 9:00 a.m.–6 p.m.", "Open 09:00-18:00"),
    ("en", "Don't push the button!", "do not press buttons"),
    ("en", "€3,50 / 2 people", "3.50 euros / two persons"),
    ("en", "KRW 5,000", "5000 won"),
    ("en", "Elevator & restrooms", "Lift and toilets"),
    ("en", "10 metres", "10 m"),
    ("en", "If you hear the alarm, leave. Do not run.", "Leave if you hear the alarm. Do not run"),
    ("ko", "공사 중이니 조심하세요", "공사 중입니다. 조심하십시오"),
    ("ko", "버섯을 곁들인 스테이크", "버섯 스테이크"),
    ("ja", "きのこ添えステーキ", "きのこのステーキ"),
    ("ko", "문을 닫으십시오", "문 닫으시기 바랍니다."),
    ("ko", "사진 촬영을 하지 마십시오", "촬영 금지"),
    ("ko", "실내 흡연은 삼가 주세요", "실내 흡연 금지"),
    ("ko", "오후 6시 30분까지, 두 명", "18:30까지 2명"),
    ("ko", "음료가 없습니다", "음료 없음"),
    ("ko", "5천 원", "₩5,000"),
    ("ja", "ご利用ください。", "利用してください"),
    ("ja", "撮影はご遠慮下さい", "写真撮影禁止"),
    ("ja", "午後6時まで お一人様", "18時まで1人様"),
    ("ja", "お手洗いは無料です", "トイレ無料"),
    ("zh-Hans", "请勿吸烟", "禁止抽烟"),
    ("zh-Hans", "下午6点半，两位", "18:30，2位"),
    ("zh-Hans", "三文鱼和土豆", "鲑鱼、马铃薯"),
    ("zh-Hant", "請勿攜帶寵物", "禁止帶寵物"),
    ("zh-Hant", "300公尺", "300米"),
]
OTHER = [
    ("en", "Keep on the grass", "Keep off the grass"),
    ("en", "Open 9:00-18:00", "Open 9:00-17:00"),
    ("en", "€3.50", "€35.0"),
    ("en", "2 30", "230"),
    ("en", "Open on Monday", "Closed on Monday"),
    ("en", "Trains to Busan", "Trains from Busan"),
    ("en", "", ""),
    ("ko", "촬영 가능", "촬영 금지"),
    ("ko", "10시간", "10시"),
    ("ko", "문을 여세요", "문을 닫으세요"),
    ("ja", "駐車できます", "駐車できません"),
    ("ja", "2時間", "2時"),
    ("zh-Hans", "可以吸烟", "请勿吸烟"),
    ("zh-Hans", "2小时", "2时"),
    ("zh-Hant", "僅限現金", "不收現金"),
]


@pytest.mark.parametrize(("code", "answer", "wanted"), SAME)
def test_what_says_the_same_is_accepted(code: str, answer: str, wanted: str) -> None:
    assert accepted(answer, [wanted], code)
    assert accepted(wanted, ["something else", answer], code)


@pytest.mark.parametrize(("code", "answer", "wanted"), OTHER)
def test_what_says_something_else_is_not(code: str, answer: str, wanted: str) -> None:
    assert not accepted(answer, [wanted], code)


def test_a_key_of_a_language_that_is_no_target_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="en, ko, ja"):
        key_of_sign("Sortie", "fr")


def test_closeness_follows_the_nearest_rendering() -> None:
    renderings = ["Keep off the grass", "Do not walk on the lawn"]
    assert closeness("Keep off the grass", renderings) == pytest.approx(100)
    assert 30 < closeness("Keep off the lawn", renderings) < 100
    assert closeness("出口", renderings) < 5
    assert closeness("anything", []) == 0


@pytest.mark.parametrize("code", ["en", "ko", "ja", "zh-Hans", "zh-Hant"])
def test_every_printed_text_is_told_from_every_other(code: str) -> None:
    keys = [key_of_sign(sign.cells[code][0], code) for sign in read_signs()]
    assert all(keys) and len(set(keys)) == len(keys)


def test_a_long_number_of_the_printed_text_stands_in_every_rendering() -> None:
    """Numbers of three digits and more: smaller ones may be words, and a tenth off is 九折."""
    for sign in read_signs():
        for code in ("en", "ko", "ja"):
            printed, *others = sign.cells[code]
            # 500 ml are also half a litre.
            wanted = set(re.findall(r"\d{3,}", key_of_sign(printed, code))) - {"500"}
            for text in others[:40] if wanted else ():
                assert wanted <= set(re.findall(r"\d{3,}", key_of_sign(text, code))), (sign.id, code, text)
