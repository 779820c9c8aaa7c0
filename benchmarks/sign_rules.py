"""The tables of `sign_keys`: how numbers, times, money and politeness are written one way in each language.

Plain data, applied in order to both sides of a comparison. Texts are normalised and case-folded; the endings of Korean,
Japanese and Chinese see a text without spaces and punctuation.
"""

import re

Rules = tuple[tuple[re.Pattern[str], str], ...]


def rules(*pairs: tuple[str, str]) -> Rules:
    """Compile substitutions, in order."""
    return tuple((re.compile(pattern), replacement) for pattern, replacement in pairs)


def _clock(before: str, unit: str, minutes: str, half: str = "(?!)") -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<before>{before}) ?)?(?<![\d.,:])(?P<hour>\d{{1,2}})"
        rf"(?::(?P<minute>\d\d)(?![\d:])|(?:{unit})(?: ?(?P<spoken>\d{{1,2}}) ?{minutes}| ?(?P<half>{half}))?)"
        r"(?: ?(?P<after>[ap])\.?m\b\.?)?"
    )


CLOCK = {
    "en": _clock("(?!)", r"(?= ?[ap]\.?m\b)", "(?!)"),
    "ko": _clock("오전|오후|아침|새벽|저녁|밤", " ?시(?!간)", "분", "반"),
    "ja": _clock("午前|午後|朝|夜", "時(?!間)", "分", "半"),
    "zh": _clock("上午|早上|凌晨|下午|晚上|晚间|晚間|夜间|夜間|夜晚", "(?:点|點|时|時)(?!间|間)整?", "分", "半"),
}
"""A time of day; at least a minute, a word for hours or a.m./p.m. makes a number one."""

AFTERNOON = frozenset(["p", "오후", "저녁", "밤", "午後", "夜", "下午", "晚上", "晚间", "晚間", "夜间", "夜間", "夜晚"])
FORENOON = frozenset(["a", "오전", "아침", "새벽", "午前", "朝", "上午", "早上", "凌晨"])

MONEY = {
    "en": {"€": "euros?|eur", "$": "dollars?|usd", "£": "pounds?|gbp", "¥": "yen|jpy", "₩": "won|krw"},
    "ko": {"€": "유로", "$": "달러|불", "£": "파운드", "¥": "엔", "₩": "원"},
    "ja": {"€": "ユーロ", "$": "ドル", "£": "ポンド", "¥": "円", "₩": "ウォン"},
    "zh": {
        "€": "欧元|歐元",
        "$": "美元|美金",
        "£": "英镑|英鎊",
        "¥": "日元|日圆|日圓|円",
        "₩": "韩元|韓元|韩币|韓幣|韩圆|韓圓|韓圜|韩圜|韩国元",
    },
}
"""Words for money, after the amount; a sign before the amount is moved behind it first."""

BEFORE_MONEY = rules(
    (r"\b(?:us\$|usd ?)(?=\d)", "$"),
    (r"\beur ?(?=\d)", "€"),
    (r"\bgbp ?(?=\d)", "£"),
    (r"\bjpy ?(?=\d)", "¥"),
    (r"\bkrw ?(?=\d)", "₩"),
    (r"(\d+)천 ?(?=원)", r"\g<1>000"),
    (r"(\d+)만 ?(?=원)", r"\g<1>0000"),
    (r"(\d+)[万萬](?=韩|韓|ウォン)", r"\g<1>0000"),
)
"""Codes of currencies before the amount, and shorthand for large amounts."""

UNITS = {
    "en": rules(),
    "ko": rules(
        (r"(?<=\d) ?킬로미터", "km"),
        (r"(?<=\d) ?센티미터", "cm"),
        (r"(?<=\d) ?미터", "m"),
        (r"(?<=\d) ?킬로그램", "kg"),
        (r"(?<=\d) ?밀리그램", "mg"),
        (r"(?<=\d) ?그램", "g"),
        (r"(?<=\d) ?밀리리터", "ml"),
        (r"(?<=\d) ?리터", "l"),
        (r"(?<=\d) ?°c", "도"),
    ),
    "ja": rules(
        (r"(?<=\d) ?キロメートル", "km"),
        (r"(?<=\d) ?センチ(?:メートル)?", "cm"),
        (r"(?<=\d) ?メートル", "m"),
        (r"(?<=\d) ?キログラム", "kg"),
        (r"(?<=\d) ?グラム", "g"),
        (r"(?<=\d) ?ミリリットル", "ml"),
        (r"(?<=\d) ?リットル", "l"),
        (r"(?<=\d) ?°c", "度"),
    ),
    "zh": rules(
        (r"(?<=\d) ?(?:公里|千米)", "km"),
        (r"(?<=\d) ?(?:公分|厘米)", "cm"),
        (r"(?<=\d) ?(?:公尺|米)", "m"),
        (r"(?<=\d) ?(?:公斤|千克)", "kg"),
        (r"(?<=\d) ?(?:公克|克)", "g"),
        (r"(?<=\d) ?毫升", "ml"),
        (r"(?<=\d) ?(?:公升|升)", "l"),
        (r"(?<=\d) ?(?:°c|摄氏度|攝氏度)", "度"),
    ),
}

HAN_DIGITS = str.maketrans("一二两兩三四五六七八九", "12223456789")
"""Numerals that signs write either way; 十 and beyond stay."""

NUMBER_WORDS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        map(str, range(1, 11)),
        strict=True,
    )
)

EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "please",
        "kindly",
        "is",
        "are",
        "be",
        "been",
        "will",
        "would",
        "of",
        "on",
        "in",
        "at",
        "for",
        "and",
        "our",
        "your",
        "their",
        "his",
        "her",
        "its",
        "my",
        "this",
        "these",
        "that",
        "those",
        "there",
        "so",
        "then",
    ]
)
"""English words that a sign can do without: politeness, articles, possessives, prepositions of mere place."""

CONTRACTIONS = rules(
    (r"\b(?:can't|can not|cannot)\b", "can not"),
    (r"\bwon't\b", "will not"),
    (r"n't\b", " not"),
    (r"'(?:ll|re|ve|m|d)\b", ""),
    (r"(?<=[a-z])'s\b|(?<=s)'", ""),
    (r"\bthank you\b", "thanks"),
)

_COUNTED = "개|명|잔|장|분|병|시간|번|대|마리|가지|사람|권|켤레|정|알|곳|벌|줄|판|스푼|스쿱|컵|층"
KOREAN_WORDS = rules(
    # 버섯을 곁들인 스테이크 is 버섯 스테이크.
    (r"(?:곁들인|얹은|올린|넣은|더한|뿌린|들어간)(?= |[가-힣])", " "),
    *(
        (rf"(?<![가-힣]){word}(?= ?(?:{_COUNTED}))", str(number))
        for number, word in enumerate(["한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"], start=1)
    ),
    (r"(?<![가-힣])첫째", "1번째"),
    (r"(?<![가-힣])둘째", "2번째"),
    (r"(?<![가-힣])셋째", "3번째"),
    (r"(?<![가-힣])넷째", "4번째"),
)
"""What is told by the spaces of a Korean text: numerals before a counter, and words that only say "with"."""

PARTICLE = re.compile(
    r"(?<=[가-힣\d])(?:이나|[을를은는에와]|(?<![종린나놀먹높길차깊사])이|(?<![추평허불휴삼])가|(?<![주회문동])의|(?<![사결효초통])과)"
    r"(?![가-힣\da-z])|(?<![가-힣])및(?![가-힣])"
)
"""A particle at the end of a Korean word (not the end of 어린이, 허가, 주의, 사과...), and 'and'."""

KOREAN = rules(
    (r"(?<=\d)(시간|분|일|개월|년)(?:간|동안)", r"\1"),
    ("[을를은는]", " "),
    ("중이(?:니|므로|라서|며)|중입니다", "중"),
    ("시[기길](?:바랍니다|바라요|바람|부탁드립니다|부탁드려요|부탁합니다)", "세요"),
    ("십시[오요]|시[오요]|셔요", "세요"),
    ("(?:바랍니다|부탁드립니다|부탁드려요|부탁합니다)", "하세요"),
    ("말아(?:주세요|요)|말것|맙시다", "마세요"),
    ("(?:해|하여)주세요", "하세요"),
    (
        "(?:절대|엄격히)?(?:하지마세요|금지(?:합니다|입니다|됩니다|하세요|되어있습니다|되어있음|돼있습니다)|금합니다|엄금)",
        "금지",
    ),
    ("(?:삼가|자제|삼가해|삼가하)(?:하)?(?:주)?세요", "금지"),
    (
        "(?:할수없|하실수없|불가능하|불가하)(?:습니다|음|ㅂ니다)|불가능합니다|불가합니다|불가입니다|불가능|불가함",
        "불가",
    ),
    ("(?:할수있|하실수있)(?:습니다|음)|가능합니다|가능해요|가능함|가능입니다", "가능"),
    ("(?<=[없있않받])(?:습니다|어요|아요)", "음"),
    ("습니다", "음"),
    ("이에요$|예요$|입니다", ""),
    ("합니다|해요(?=$)", "함"),
    ("됩니다|돼요(?=$)|되요(?=$)", "됨"),
    ("됐음", "되었음"),
)
"""Endings of one meaning, in a text without spaces."""

JAPANESE = rules(
    (r"(?<=\d)([分日年])間", r"\1"),
    ("下さい(?:ませ)?|くださいませ", "ください"),
    ("致し", "いたし"),
    ("頂", "いただ"),
    ("出来", "でき"),
    ("無し", "なし"),
    ("有り", "あり"),
    (r"御(?=[一-龥])|[ごお](?=[一-龥\d])", ""),
    (
        "(?:[はをが]|固く|堅く)*(?:しないでください|遠慮ください|遠慮願います|控えください|控えてください|おやめください|"
        "禁止(?:します|されています|しています|いたします)?|断り(?:します|いたします)?|厳禁)",
        "禁止",
    ),
    ("[を]?(?:お?願いします|お?願いいたします|願います)", "ください"),
    ("(?:して|になって)ください", "ください"),
    ("いたします", "します"),
    ("いたしません", "しません"),
    ("ございます", "あります"),
    ("いただけます|になれます|可能(?=$)|可(?=$)", "できます"),
    ("いただけません|になれません|不可(?=$)", "できません"),
    ("へ", "に"),
    ("添え", " "),
    ("および|及び|ならびに|[はをがのと]", " "),
)
"""Endings of one meaning, in a text without spaces."""

CHINESE = rules(
    ("(?:请|請)?(?:勿|不要|不得|不准|不许|不許|切勿|禁止|严禁|嚴禁)", "勿"),
    ("(?<![申邀])(?:敬|烦|煩|谨|謹)?[请請]", ""),
    ("正在|已经|已經|以及|进行|進行", ""),
    ("搭配|配(?![送达達药藥])|佐|附(?![近件])", " "),
    ("[的了将將会會被把之于於在和及与與您已]", ""),
)
"""Words of one meaning or none, in a text without spaces. 禁止 and 请勿 forbid alike; 不可 (impossible) does not."""
