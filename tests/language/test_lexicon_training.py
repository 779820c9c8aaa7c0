"""What a lexicon is learnt with: Korean nouns without their particles, both scripts of Chinese, words that align."""

import numpy as np
import pytest

from language.training.aligner import Bitext, align
from language.training.chinese import learn_scripts
from language.training.forms import english_cases
from language.training.phrases import count_phrases

segmenter = pytest.importorskip("language.training.segmenter")


def test_a_korean_noun_is_learnt_without_its_particle() -> None:
    nouns = ("도서관", "화장실", "엘리베이터", "주차장")
    texts = [f"{noun}{tail}" for noun in nouns for tail in ("", " 앞", " 옆", " 뒤")] * 30
    texts += [f"{noun}{'는' if noun == '엘리베이터' else '은'} 여기" for noun in nouns] * 8
    cut = segmenter.learn_pieces(texts, "ko", pieces=120, threads=1)
    assert cut(["도서관은 여기", "엘리베이터는 여기"]) == [["▁도서관", "은", "▁여기"], ["▁엘리베이터", "는", "▁여기"]]


@pytest.mark.parametrize(
    ("piece", "parts"),
    [
        ("▁기사는", ["▁기사", "는"]),
        ("▁기사은", ["▁기사은"]),  # after a vowel it is 는
        ("▁고양이", ["▁고양이"]),  # 고양 is too rare beside it
        ("▁이동합니다", ["▁이동", "합니다"]),
        ("▁길로", ["▁길로"]),  # one syllable is too little to be sure of
    ],
)
def test_only_what_is_often_alone_is_taken_for_a_noun(piece: str, parts: list[str]) -> None:
    costs = {"▁기사": 8.0, "▁고양": 12.0, "▁이동": 8.0, "▁길": 7.0, piece: 9.0}
    assert segmenter._korean_parts(piece, costs) == parts


def test_two_characters_tell_how_one_of_them_is_written() -> None:
    meanings = [("面包", "麵包"), ("烤面包", "烤麵包"), ("小面包", "小麵包"), ("头发", "頭髮"), ("白头发", "白頭髮")]
    meanings += [("出发", "出發"), ("发生", "發生")]
    listed = [(word, str(number)) for number, pair in enumerate(meanings) for word in pair]
    listed += [("里面", "x"), ("方面", "y"), ("面子", "z"), ("表面", "w")]
    listed += [
        (word, str(number)) for number, pair in enumerate([("出发", "出發"), ("发生", "發生")], 90) for word in pair
    ]
    scripts = learn_scripts(listed)
    assert scripts.complicate("大面包") == "大麵包"
    assert scripts.complicate("方面") == "方面"
    assert scripts.complicate("白头发") == "白頭髮"
    assert scripts.simplify("麵包") == "面包"


def test_a_word_that_is_often_small_is_no_name() -> None:
    texts = [("we went to Seoul Station by train", False), ("the next station is Seoul I think", False)] * 3
    assert english_cases(texts) == {"seoul": "Seoul", "i": "I"}


def test_words_that_stand_together_align() -> None:
    # Left words 1 and 2 are right words 2 and 1, in sentences of both and of one.
    sentences = [((1, 2), (2, 1)), ((1,), (2,)), ((2,), (1,))] * 20
    left, right = ([number for pair in sentences for number in pair[side]] for side in (0, 1))
    starts = np.concatenate([[0], np.cumsum([len(pair[0]) for pair in sentences])])
    text = Bitext(np.array(left), starts, np.array(right), starts, np.ones(len(sentences), np.float32))
    phrases = {phrase.units: phrase for phrase in count_phrases(text, align(text, tension=0.0), least=3)}
    assert phrases[(1,)].translations[0] == ((2,), 40.0)
    assert phrases[(2,)].translations[0] == ((1,), 40.0)
    assert phrases[(1, 2)].translations[0] == ((2, 1), 20.0)
