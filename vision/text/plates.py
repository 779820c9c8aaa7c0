"""Which lines of text are number plates of vehicles. Pure; looks at the words and the shape of a line only.

Forms of Korea, Japan, mainland China, Taiwan, Germany, France and Italy, Spain, Great Britain. Others (the United
States have hundreds) are not known, and a plate that is too small to be read is not known to be one. Where a notice has
the form of a plate it is taken for one: what is hidden by mistake costs a translation, what is shown by mistake a name.
"""

import re
import unicodedata
from functools import lru_cache

from vision.quad import Quad, size_px

_FLATTEST, _LONGEST = 1.2, 8.0  # width by height of a line; two-line plates have short lines

_KOREAN = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호국합육해공"
_CHINESE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SPANISH = "BCDFGHJKLMNPRSTVWXYZ"

_FORMS = re.compile(
    "|".join(
        (
            rf"(?:[가-힣]{{2}})?\d{{2,3}}[{_KOREAN}]\d{{4}}",
            rf"[{_CHINESE}][A-HJ-NP-Z]-?(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{{4,6}}[挂学警港澳]?",
            r"[一-鿿ぁ-んァ-ヶ]{1,4}\d{1,3}[A-Z]?[ぁ-ん][\d・.-]{1,2}-?\d{2}",  # both lines of a Japanese one
            r"[ぁ-ん][\d・.-]{1,2}-\d{2}",  # its lower line
            r"[A-Z]{2,3}-\d{4}|\d{4}-[A-Z]{2}",  # Taiwan
            r"[A-HJ-NP-TV-Z]{2}-?\d{3}-?[A-HJ-NP-TV-Z]{2}",
            rf"\d{{4}}[{_SPANISH}]{{3}}",
            r"[A-Z]{2}\d{2}[A-Z]{3}",
        )
    )
)
_GERMAN = re.compile(r"(?!BUS)[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}-?\d{2,4}[EH]?")  # with a gap at least after the place


def is_plate(text: str, quad: Quad | None = None) -> bool:
    """True where a line (or several, joined) reads like a number plate; `quad` is its place, where that is known."""
    if not _reads_as_one(text):
        return False
    if quad is None:
        return True
    wide, high = size_px(quad)
    return _FLATTEST <= wide / max(high, 1e-6) <= _LONGEST


@lru_cache(maxsize=4096)
def _reads_as_one(text: str) -> bool:
    joined = unicodedata.normalize("NFKC", text).upper().strip()
    joined = re.sub(r"[‐-―−‧•∙⋅·:]", "-", joined)  # what readers make of gaps, rivets and stickers
    form = _FORMS.fullmatch(re.sub(r"\s+", "", joined)) or _GERMAN.fullmatch(re.sub(r"[\s-]+", "-", joined))
    return form is not None
