"""How near a misread text is to a known one, and when near is near enough.

Comes in: two skeletons. Goes out: a cost, or None where the difference could be one of meaning. A reader's
mistakes look alike; 入口 and 出口 are one character apart and opposite. So what is forgiven is what looks alike, in
texts long enough, and never a digit, a negation, a direction or what else turns a meaning round.
"""

import unicodedata
from collections import Counter

from rapidfuzz.distance import Levenshtein

from language.identify import count_scripts
from language.slots import MARKS


def spread(skeleton: str) -> str:
    """Give the text that distances are measured on: Hangul in its letters, for a reader mistakes one of them."""
    return unicodedata.normalize("NFD", skeleton) if count_scripts(skeleton)["Hangul"] else skeleton


def edit_limit(skeleton: str) -> int:
    """Give the number of differences that a text of this length may have at most."""
    size = len(skeleton)
    first, second, third = _LIMITS[_kind(skeleton)]
    return (size >= first) + (size >= second) + (size >= third)


def distance(seen: str, known: str) -> float | None:
    """Give how far what was read is from what is known (both skeletons), or None where they may differ in meaning.

    A look-alike costs 0.5, any other difference 1; few of those are allowed, and only in long texts.
    """
    limit = min(edit_limit(seen), edit_limit(known))
    if not limit:
        return None
    left, right = spread(seen), spread(known)
    edits = Levenshtein.editops(left, right, score_hint=limit)
    if len(edits) > limit:
        return None
    strange = 0
    for edit in edits:
        gone = left[edit.src_pos] if edit.tag != "insert" else ""
        come = right[edit.dest_pos] if edit.tag != "delete" else ""
        if any(letter in _CRITICAL or letter.isdigit() for letter in gone + come):
            return None
        strange += not _looks_alike(gone, come)
    size, first = len(seen), _STRANGE[_kind(seen)]
    if strange > (size >= first) + (size >= 2 * first):
        return None
    return len(edits) * 0.5 + strange * 0.5


def same_turns(seen: str, known: str) -> bool:
    """Say whether two texts have the same words that turn a meaning: negations, directions, opposites."""
    return _turns(seen) == _turns(known)


def _turns(text: str) -> Counter[str]:
    words = "".join(letter if letter.isalpha() else " " for letter in text.casefold()).split()
    return Counter(word for word in words if word in _TURNING_WORDS)


def _kind(skeleton: str) -> str:
    scripts = count_scripts(skeleton)
    if scripts["Hangul"]:
        return "Hangul"
    return "Han" if scripts["Han"] or scripts["Kana"] else "Latin"


def _looks_alike(gone: str, come: str) -> bool:
    if not gone or not come:
        return (gone or come) in _THIN
    return come in _ALIKE.get(gone, "")


def _alike() -> dict[str, str]:
    table: dict[str, str] = {}
    for group in _ALIKE_GROUPS.split():
        for letter in unicodedata.normalize("NFC", group):
            table[letter] = table.get(letter, "") + group
    return table


# Lengths from which one, two and three differences are allowed.
_LIMITS = {"Latin": (6, 10, 18), "Hangul": (4, 8, 14), "Han": (4, 9, 16)}
# Length from which one difference may be none of look.
_STRANGE = {"Latin": 10, "Hangul": 6, "Han": 8}
_THIN = frozenset("ltfjrー")
_ALIKE_GROUPS = """
ec ea eo co ao ad cg gq g9 hb hn hk nu nr un uv vy wv mn mw lt lf lj tf tr s5 b8 b6 z2 pq pd xk ij ry ft ソン
シツ ソリ プブ パバ ピビ ペベ ポボ ハバ ヒビ フブ ホボ カガ キギ クグ ケゲ コゴ サザ シジ スズ セゼ ソゾ タダ
チヂ テデ トド クタ クケ クワ ワウ フワ フラ スヌ コユ コロ ユロ マア メナ チテ ナメ ミシ ルレ わねれ ぬめ るろ
さきち はほ あお いり らう こに かが きぎ くぐ けげ こご さざ しじ すず せぜ そぞ ただ ちぢ てで とど はば ひび
ふぶ へべ ほぼ ばぱ びぴ ぶぷ べぺ ぼぽ 田由甲申 天夫矢失 木本 目自 白百 王玉主 午牛 石右 今令 侍待持 客容 宮官
問間 関閑 休体 材村 線緑 録緑 ᄀᄏ ᄃᄐ ᄇᄑ ᄌᄎ ᄋᄒ ᄆᄇ ᄆᄋ ᄉᄌ ᄀᄁ ᄃᄄ ᄇᄈ ᄉᄊ ᄌᄍ ᄃᄅ ᅡᅣ ᅥᅧ ᅩᅭ ᅮᅲ
ᅡᅥ ᅩᅮ ᅢᅦ ᅤᅨ ᅢᅡ ᅦᅥ ᅵᅡ ᅵᅥ ᅳᅮ ᅳᅩ ᅬᅱ ᅬᅩ ᅪᅩ ᆨᆿ ᆮᇀ ᆸᇁ ᆽᆾ ᆼᇂ ᆷᆸ ᆷᆼ ᆺᆽ ᆫᆼ ᆫᆯ ᆨᆫ
"""
_ALIKE = _alike()
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
