"""What a gloss must not lose: "no smoking" word by word must not become "smoking".

Comes in: a text and its gloss. Goes out: the word that says what the gloss lost; "" where it lost nothing. Rough on
purpose: only what surely forbids or denies counts in the text, and anything that may say so counts in the gloss.
"""

import re

_SAYS_NO = {
    "ko": re.compile(
        "금지|금연|엄금|마세요|마시오|마십시오|말아|말 것|말고|않|없|못 ?[하쓰]|불가|안 ?[됩돼]|아닙니다|불필요|미포함"
    ),
    "ja": re.compile("禁|(?<![危少汚])ない|ません|不[可要問]|お断り|ご遠慮|(?:[ァ-ヺー一-鿿]|^)なし"),
    "zh": re.compile(
        "禁|勿|不[要得能准许許含收]|不可(?!思)|不接受|不提供|找不到|[请請](?:先|暂|暫)?不|[没沒]有|[无無]需"
    ),
    "es": re.compile(r"\b(?:no|prohibid[oa]s?|sin|nunca)\b"),
    "fr": re.compile(r"\b(?:ne|interdit\w*|défense de|déconseillé\w*|sans|aucune?|jamais|pas d[e'])(?!\w)|\bn'"),
    "de": re.compile(r"\b(?:nicht|nichts|keine?\w?|verboten\w*|untersagt|ohne|nie)\b"),
    "en": re.compile(r"\b(?:not|no|never|without|nothing|cannot|prohibited|forbidden)\b|n't\b"),
}
_MAY_SAY_NO = {
    "en": re.compile(
        r"\b(?:not?|never|without|none|nothing|nobody|neither|nor|only|except|cannot|refrain|avoid\w*|free|bans?"
        r"|banned|forbid\w*|prohibit\w*|refus\w*|declin\w*|reject\w*|irrevers\w*|un(?!der|til|it|ion|iv|iq)\w{3,}|in(?:valid|suffic)\w*|\w+less)\b"
    ),
    "ko": re.compile("금|없|않|안 |못|불|마세요|말|하지|아니|아닌|제외|오직|만$|무료|무"),
    "ja": re.compile("な[いし]|禁|ません|ず|不|無|非|未|外|のみ|だけ|閉"),
    "zh": re.compile("不|[没沒]|[无無]|禁|勿|非|[别別]|未|除|只|[仅僅]|免|[关關]"),
}
_NO = {
    "en": "not/no",
    "ko": "금지/없음",
    "ja": "禁止/なし",
    "zh-Hans": "禁止/没有",
    "zh-Hant": "禁止/沒有",
}


def lost_prohibition(text: str, gloss: str, source: str, target: str) -> str:
    """Give the target language's "no" where the text says it and the gloss does not; "" elsewhere."""
    says, may_say = _SAYS_NO.get(source.split("-")[0]), _MAY_SAY_NO.get(target.split("-")[0])
    if says is None or may_say is None or not says.search(text.casefold()) or may_say.search(gloss.casefold()):
        return ""
    return _NO.get(target, "")
