"""How near a misread text is to a known one, and when near is near enough.

Comes in: two skeletons. Goes out: a cost, or None where the difference could be one of meaning. A reader's
mistakes look alike; 入口 and 出口 are one character apart and opposite. So what is forgiven is what looks alike, in
texts long enough, and never a digit, a negation, a direction or what else turns a meaning round.
"""

import re
import unicodedata
from collections import Counter

from language.identify import count_scripts
from language.keys import skeleton_of
from language.slots import MARKS


def spread(skeleton: str) -> str:
    """Give the text that distances are measured on: Hangul in its letters, for a reader mistakes one of them."""
    return unicodedata.normalize("NFD", skeleton) if _HANGUL.search(skeleton) else skeleton


def edit_limit(skeleton: str) -> int:
    """Give the number of differences that a text of this length may have at most."""
    size = len(skeleton)
    first, second, third = _LIMITS[_kind(skeleton)]
    return (size >= first) + (size >= second) + (size >= third)


def mistakes(seen: str, known: str) -> int | None:
    """Count the mistakes that make one skeleton of the other; None where they may differ in meaning.

    A mistake is one look-alike put for another. A letter more or less is none: "Fisch" is not "Fleisch" misread,
    and whoever is allergic must not be told so.
    """
    limit = min(edit_limit(seen), edit_limit(known))
    left, right = spread(seen), spread(known)
    if not limit or len(left) != len(right):
        return None
    pairs = [(gone, come) for gone, come in zip(left, right, strict=True) if gone != come]
    if len(pairs) > limit or not all(_may_stand_for(gone, come) for gone, come in pairs):
        return None
    return len(pairs)


def _may_stand_for(gone: str, come: str) -> bool:
    return come in _ALIKE.get(gone, "") and not {gone, come} & _CRITICAL and not (gone + come).isdigit()


def may_be_misread(seen: str, known: str) -> bool:
    """Say whether the words of two texts (not skeletons) allow that one is the other, misread.

    Short words are too near one another ("fee", "free"): in Latin script only a long word may differ, and spaces
    may not. Words that turn a meaning must be the same.
    """
    left, right = _words(seen), _words(known)
    if _turns(left) != _turns(right):
        return False
    if any(_kind(word) != "Latin" for word in right):
        return True
    if len(left) != len(right):
        return False
    pairs = ((skeleton_of(first), skeleton_of(second)) for first, second in zip(left, right, strict=True))
    return all(first == second or mistakes(first, second) is not None for first, second in pairs)


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()


def _turns(words: list[str]) -> Counter[str]:
    return Counter(word for word in words if word in _TURNING_WORDS)


def _kind(skeleton: str) -> str:
    if skeleton.isascii():
        return "Latin"
    scripts = count_scripts(skeleton)
    if scripts["Hangul"]:
        return "Hangul"
    return "Han" if scripts["Han"] or scripts["Kana"] else "Latin"


def _alike() -> dict[str, str]:
    table: dict[str, str] = {}
    for group in _ALIKE_GROUPS.split():
        for letter in unicodedata.normalize("NFC", group):
            table[letter] = table.get(letter, "") + group
    return table


# Lengths from which one, two and three differences are allowed.
_LIMITS = {"Latin": (6, 10, 18), "Hangul": (4, 8, 14), "Han": (4, 9, 16)}
_ALIKE_GROUPS = """
ec co cg gq g9 hb hn hk nu un uv vy wv mn mw lf lj tf s5 b8 b6 z2 pq xk ソン
シツ ソリ プブ パバ ピビ ペベ ポボ ハバ ヒビ フブ ホボ カガ キギ クグ ケゲ コゴ サザ シジ スズ セゼ ソゾ タダ
チヂ テデ トド クタ クケ クワ ワウ フワ フラ スヌ コユ コロ ユロ マア メナ チテ ナメ ミシ ルレ わねれ ぬめ るろ
さきち はほ あお いり らう こに かが きぎ くぐ けげ こご さざ しじ すず せぜ そぞ ただ ちぢ てで とど はば ひび
ふぶ へべ ほぼ ばぱ びぴ ぶぷ べぺ ぼぽ 田由甲申 天夫矢失 木本 目自 白百 王玉主 午牛 石右 今令 侍待持 客容 宮官
問間 関閑 休体 材村 線緑 録緑 ᄀᄏ ᄃᄐ ᄇᄑ ᄌᄎ ᄋᄒ ᄆᄇ ᄆᄋ ᄉᄌ ᄀᄁ ᄃᄄ ᄇᄈ ᄉᄊ ᄌᄍ ᄃᄅ ᅡᅣ ᅥᅧ ᅩᅭ ᅮᅲ
ᅡᅥ ᅩᅮ ᅢᅦ ᅤᅨ ᅢᅡ ᅦᅥ ᅵᅡ ᅵᅥ ᅳᅮ ᅳᅩ ᅬᅱ ᅬᅩ ᅪᅩ ᆨᆿ ᆮᇀ ᆸᇁ ᆽᆾ ᆼᇂ ᆷᆸ ᆷᆼ ᆺᆽ ᆫᆼ ᆫᆯ ᆨᆫ
"""
_ALIKE = _alike()
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_CRITICAL = frozenset(MARKS.values()) | frozenset(
    "不未無无非禁止勿别別莫否可許许準准備备営營中外内內入出口前後后今明上下左右男女大小高低新旧舊有開开閉闭关東西南北東始終终冷温熱热"
    "先全半乗乘降押引推拉甘辛牛豚猪鶏鸡雞魚鱼羊卵蛋乳一二三四五六七八九十百千万萬両兩毎每早晩晚朝昼夜春夏秋冬月火水木金土日"
    "赤青白黒黑生死危安全休業业空満滿有無済優先成子供父母婦夫刺煮焼揚蒸酒茶肉米麦麥左右往復片進进退停駐通行車车人犬"
)
# Words whose opposite, or whose absence, is few letters away. The long ones guard themselves by their length.
_TURNING_TEXT = """
no not non never without with only except one two three left right open closed close push pull in out up down on off
hot cold men women man woman male female exit entry start end day night before after more less under over
kein keine keinen keiner nicht ohne mit nur außer links rechts auf zu offen ein aus warm kalt ab an vor nach
ne pas sans avec sauf gauche droite ouvert fermé chaud froid plus moins avant après
ni sin con solo sólo salvo tire empuje antes después más menos
"""
_TURNING_WORDS = frozenset(_TURNING_TEXT.split())
