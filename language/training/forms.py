"""How a translation is written in a gloss: one form for all the forms of a word, without what grammar adds.

Comes in: units of one language as they stood in sentences. Goes out: the text to count, the key that forms of one word
share, the form to show. Rough rules are enough: nothing here cuts a text that is translated. Knows no alignment.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from language.units import WORD, WORD_START, chunks, words

Write = Callable[[Sequence[str]], str]
"""Turns units beside each other into the text of a candidate; "" for nothing worth showing."""

# What is grammar where it stands alone.
_KOREAN_ALONE = (
    "은 는 이 가 을 를 에 의 도 와 과 로 으로 만 다 고 지 기 한 할 하 해 된 될 되 인 수 것 것을 것이 것은 거 게 들 "
    "하는 하고 하여 해서 하지 않 있는 있습니다 합니다 입니다 니다 습니다 어 아 여 서 면 요 야 니 나요"
)
_JAPANESE_ALONE = (
    "を は が に の で と も へ や か よ ね な た て だ ん さ し い う る です ます した して する ました される "
    "された されて ている ています という こと もの には では とは のです のは のが ので"
)
_CHINESE_ALONE = "的 了 吗 呢 吧 着 过 一 把 被 就 得 地 们 个 是 在 有"
_ALONE: Mapping[str, frozenset[str]] = {
    "en": frozenset({"the", "a", "an", "'s", "to"}),
    "ko": frozenset(_KOREAN_ALONE.split(" ")),
    "ja": frozenset(_JAPANESE_ALONE.split(" ")),
    "zh": frozenset(_CHINESE_ALONE.split(" ")),
}
# What is taken from the beginning and from the end of a longer translation.
_EDGES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "en": (frozenset({"the", "a", "an", "to", "'s"}), frozenset({"the", "a", "an"})),
    "ko": (_ALONE["ko"], _ALONE["ko"]),
    "ja": (_ALONE["ja"], _ALONE["ja"]),
    "zh": (_ALONE["zh"] - {"一"}, _ALONE["zh"] - {"一"}),
}
_WRITTEN = {"dont": "do not"}
_SENTENCE = 5  # words from which on a capital inside tells a name
_SMALL_IN_NAMES = 0.2  # share of small letters from which on a word is no name, but a part of some: Station
_ENGLISH_ENDINGS = ("'s", "ing", "ed", "es", "s", "d", "ly")

_KOREAN_PARTICLE = re.compile(
    "(?<=.)(?:은|는|이|가|을|를|에|의|도|와|과|로|으로|만|에서|에게|한테|까지|부터|이나|나|이랑|랑|보다|처럼|에는|에서는|으로는"
    "|들|들이|들은|들을|들의|이다|입니다|이에요|예요|이야|야|인|인가요|이라고|라고)$"
)
_KOREAN_DOING = re.compile("(?<=..)(?:하|되|한|할|합|했|해|된|될|됩|됐|돼|시키|시킬|시킵)[가-힣]*$")
_KOREAN_PLAIN_ENDING = re.compile("(?<=.)(?:지|고|기|다|거나|게|지만|지마|지마세요|지 마세요|습니다)$")
_KOREAN_ENDING = re.compile(
    "(?<=.)(?:지|고|기|다|거나|게|지만|는|은|을|어|아|여|어서|아서|으면|면|어요|아요|었다|았다|었|았|던|니다|습니다|려고|으려고"
    "|는데|러|자|네|네요|세요|으세요|시오|으시오|도록|줘|주세요|어줘|지마|지 마세요)$"
)
_CODAS = 28
_LOOSE_CODAS = frozenset({0, 4, 8, 16, 17, 20})  # none, ㄴ, ㄹ, ㅁ, ㅂ, ㅆ: what endings leave on a stem
_HAN = re.compile("^[一-鿿々]+")
# Particles that no noun ends with.
_PARTICLES = {
    "ko": re.compile("(?<=.)(?:를|에서|에서는|으로|까지|에는|에게|들이|들을|들은|입니다|이에요)$"),
    "ja": re.compile("(?<=[一-鿿々ァ-ヺーん])(?:は|が|を|に|で|と|も|へ|の)$"),
}
_JAPANESE_PLAIN = re.compile("[一-鿿々][ぁ-ん]?[るうくすつむぶぐい]$")
_JAPANESE_DICTIONARY_SHARE = 0.15


def writer(language: str, cases: Mapping[str, str] | None = None) -> Write:
    """Give what writes units of a language; `cases` tells how English words are spelt inside sentences."""
    heads, tails = _EDGES.get(language, (frozenset(), frozenset()))
    spelt = cases or {}
    alone = _ALONE.get(language, frozenset())

    def write(units: Sequence[str]) -> str:
        first, last = 0, len(units)
        while last - first > 1 and units[first] in heads:
            first += 1
        while last - first > 1 and units[last - 1] in tails:
            last -= 1
        kept = units[first:last]
        if language == "en":
            text = " ".join(_WRITTEN.get(unit) or spelt.get(unit, unit) for unit in kept).replace(" '", "'")
        else:
            text = "".join(kept).replace(WORD_START, " ").strip()
        if language in _PARTICLES:
            text = _PARTICLES[language].sub("", text)
        return "" if text in alone else text

    return write


def english_cases(texts: Iterable[tuple[str, bool]]) -> dict[str, str]:
    """Give the usual spelling of English words with capitals, where the casefolded one is not it.

    The flag of a text says that its first word, too, is written as it is inside a sentence.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for text, exact in texts:
        found = [word for kind, chunk in chunks(text, "en") if kind == WORD for word in words(chunk, "en")]
        heading = 2 * sum(word[:1].isupper() for word in found) > len(found)
        for word in found if exact else found[1:] if len(found) >= _SENTENCE and not heading else ():
            counts[word.casefold()][word] += 1
    usual = {
        key: max(forms, key=lambda form: (forms[form], form))
        for key, forms in counts.items()
        if forms[key] <= _SMALL_IN_NAMES * forms.total()
    }
    return {key: form for key, form in usual.items() if form != key}


def stem(text: str, language: str) -> str:
    """Give a key that the forms of one word share."""
    if language == "en":
        return " ".join(map(_english_stem, text.casefold().split(" ")))
    if language == "ko":
        return _korean_stem(text)
    if language == "ja" and len(text) <= 5 and (han := _HAN.match(text)):
        return han[0]
    return text


def best_form(forms: Mapping[str, float], language: str) -> str:
    """Give the form to show of the forms of one word, which are given with their weights."""
    top = max(forms, key=lambda form: (forms[form], form))
    if language == "ko":
        return _korean_form(forms, top)
    if language == "ja":
        plain = [form for form in forms if _JAPANESE_PLAIN.search(form)]
        best = max(plain, key=lambda form: (forms[form], form), default=top)
        return best if forms[best] >= _JAPANESE_DICTIONARY_SHARE * forms[top] else top
    return top


def _english_stem(word: str) -> str:
    ending = next((ending for ending in _ENGLISH_ENDINGS if word.endswith(ending) and len(word) > len(ending) + 2), "")
    return word.removesuffix(ending)


def _korean_stem(text: str) -> str:
    bare = _KOREAN_DOING.sub("", text)
    if bare != text:
        return bare
    bare = _KOREAN_ENDING.sub("", _KOREAN_PARTICLE.sub("", text))
    return bare[:-1] + _without_coda(bare[-1])


def _korean_form(forms: Mapping[str, float], top: str) -> str:
    """Give the dictionary form of a verb, a noun without its particle; the commonest form where neither is plain."""
    bare = _KOREAN_DOING.sub("", top)
    if bare != top:
        return bare
    plain: dict[str, float] = defaultdict(float)
    endings = set()
    for form, weight in forms.items():
        if found := _KOREAN_PLAIN_ENDING.search(form):
            plain[form[: found.start()]] += weight
            endings.add(found[0])
    noun = _KOREAN_PARTICLE.sub("", top)
    if noun != top and forms.get(noun):
        return noun
    # One ending may belong to a noun (쓰레기); two belong to a verb.
    if len(endings) > 1 and " " not in top:
        return max(plain, key=lambda verb: (plain[verb], verb)) + "다"
    return top


def _without_coda(syllable: str) -> str:
    place = ord(syllable) - 0xAC00
    if not 0 <= place < 11172 or place % _CODAS not in _LOOSE_CODAS:
        return syllable
    return unicodedata.normalize("NFC", chr(0xAC00 + place - place % _CODAS))
