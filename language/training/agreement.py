"""How a word changes beside its neighbours: Korean particles; English, Spanish, French and German articles.

Comes in: a word of a word list, its grammar mark, the wanted form. Goes out: the word with particle or article. Knows
no templates. A form is named by how it looks with a masculine word or after a consonant: `el`, `du`, `dem`, `을`.

A mark is a gender (`m`, `f`, `n`; in English `c` for one that can be counted; `p` for a plural without gender), then
any of: `p` plural, `u` not counted (no "a", no "un"; French: "du"), `n` German weak noun (der Automat, den Automaten),
`a` Spanish feminine with stressed a (el agua), `h` French with an h that stops the elision (le homard). `x` alone, or
no mark, is a name without article.
"""

import re
from collections.abc import Mapping

from devices.errors import InputError

PARTICLES: Mapping[str, tuple[str, str]] = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이나": ("이나", "나"),
    "이야": ("이야", "야"),
    "이랑": ("이랑", "랑"),
    "이라고": ("이라고", "라고"),
    "이에요": ("이에요", "예요"),
    "이세요": ("이세요", "세요"),
    "이었어요": ("이었어요", "였어요"),
}
"""Korean particles by the form that follows a consonant: (after a consonant, after a vowel)."""


def final_consonant(word: str) -> str:
    """Give the jamo that the last syllable of a Korean text ends with as it is spoken: "" for a vowel.

    Digits and Latin letters count as they are read in Korean; what stands in brackets at the end is not spoken.
    """
    spoken = re.sub(r"\([^)]*\)\s*$", "", word).rstrip(" .,!?\"')]}%")
    last = spoken[-1:] or "아"
    if last.isdigit() and (sign := re.search(r"[$€£₩¥]", spoken)):
        # The sign before an amount is read after it: $5 is 5달러.
        return _READ.get(sign[0], "")
    if "가" <= last <= "힣":
        number = (ord(last) - ord("가")) % 28
        return chr(0x11A7 + number) if number else ""
    if last.isdigit():
        # Ten, a hundred and so on are read as such, never as nought.
        return "ᆼ" if last == "0" else _READ.get(last, "")
    return _READ.get(last.lower(), "")


def with_particle(word: str, particle: str) -> str:
    """Join a Korean text and a particle, named as in `PARTICLES`. Raises InputError for one that is not there."""
    if particle not in PARTICLES:
        raise InputError(f"Unknown particle {particle!r}: expected one of {' '.join(PARTICLES)}.")
    final = final_consonant(word)
    # After ㄹ only 으로 behaves as after a vowel: 서울로.
    closed = bool(final) and not (particle == "으로" and final == _RIEUL)
    return word + PARTICLES[particle][0 if closed else 1]


def with_article(word: str, form: str, mark: str, code: str) -> str:
    """Put the article of the wanted form before a word of `code` (en, es, fr, de).

    Raises InputError for a form that the language does not have, or a mark without gender.
    """
    if code == "en":
        return _english(word, form, mark or english_mark(word))
    if code == "de" and form in ("nom", "acc"):
        return _german_phrase(word, form)
    table = _ARTICLES.get(code, {})
    if form in _NAMES_TAKE.get(code, ()) and mark in ("", "x"):
        return _french(word, table["de"], "de", "xh") if form in ("de", "du") else f"{_PREPOSITION.get(form, '')}{word}"
    if form not in table or not mark or mark[0] not in "mfnp":
        raise InputError(f"No form {form!r} of {word!r} ({mark!r}) in {code}: expected one of {' '.join(table)}.")
    articles = table[form]
    if code == "fr":
        return _french(word, articles, form, mark)
    column = 3 if "p" in mark else "mfn".index(mark[0])
    if code == "es":
        column = (2 if "p" in mark else 0) + (mark[0] == "f")
        if "a" in mark and form in ("el", "del", "al", "un"):
            column = 0
    article = "" if "u" in mark and form in _COUNTING else articles[column]
    if code == "de":
        word = _german_case(word, form, mark)
    return f"{article} {word}".strip()


def choose(choices: str, mark: str) -> str:
    """Pick from "is/are" by number, from "abierto/abierta/abiertos/abiertas" by gender and number."""
    parts = choices.split("/")
    plural = "p" in mark
    if len(parts) == 2:
        return parts[plural]
    if len(parts) != 4:
        raise InputError(f"Choices {choices!r}: expected 2 (one/many) or 4 (m/f/m many/f many), got {len(parts)}.")
    return parts[2 * plural + mark.startswith("f")]


def starts_with_vowel(word: str, mark: str = "") -> bool:
    """Say whether a French word makes le, de, ce lose their vowel."""
    first = word[:1].lower()
    return first in "aeiouàâäéèêëîïôöùûüœæ" or (first == "h" and "h" not in mark[1:])


def english_mark(word: str) -> str:
    """Guess the mark of an English word that has none: "p" for a plural (noodles in soup), else "c"."""
    head = re.split(r" (?:in|on|with|of|and|without) ", word)[0]
    return "p" if re.search(r"[^suiy]s$", head) else "c"


def _english(word: str, form: str, mark: str) -> str:
    if form == "th":
        ending = "th" if word[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(word[-1], "th")
        return word + ending
    if form == "the":
        return word if mark == "x" else f"the {word}"
    if form == "this" and mark:
        return f"{'these' if 'p' in mark else 'this'} {word}"
    if form != "a" or not mark:
        raise InputError(f"No form {form!r} of {word!r} ({mark!r}) in en: expected a, the, this or th.")
    if mark[0] != "c" or "p" in mark:
        return word
    spelt = word[:2].isupper() and word[:1] in "AEFHILMNORSX"
    sounds = re.match(r"(?!uni|us[ae]|eu|one\b)[aeiou]|hour|honest", word, re.IGNORECASE)
    return f"{'an' if spelt or (sounds and not word[:2].isupper()) else 'a'} {word}"


def _french(word: str, articles: tuple[str, ...], form: str, mark: str) -> str:
    vowel = starts_with_vowel(word, mark)
    if form == "de":
        return f"d'{word}" if vowel else f"de {word}"
    if form == "un" and "u" in mark:
        articles = _ARTICLES["fr"]["du"]
    column = 4 if "p" in mark else (mark[0] == "f") + 2 * vowel
    article = articles[column]
    return article + word if article.endswith("'") else f"{article} {word}"


def _german_phrase(word: str, form: str) -> str:
    """Write the name of a dish inside a sentence: Gebratener Reis, einmal gebratenen Reis."""
    found = re.match(r"(?!Schwarzwälder|Bubble)([A-ZÄÖÜ][a-zäöüß]*)(er|es|e) (?=[A-ZÄÖÜ])", word)
    if not found:
        return word
    ending = "en" if form == "acc" and found[2] == "er" else found[2]
    return f"{found[1].lower()}{ending} {word[found.end() :]}"


def _german_case(word: str, form: str, mark: str) -> str:
    if "p" in mark and form in _DATIVE and not word.endswith(("n", "s")):
        return word + "n"
    if "n" in mark[1:] and form in _OBLIQUE:
        return word + ("n" if word.endswith("e") else "en")
    return word


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = [tuple(part.strip() for part in line.split(",")) for line in text.strip().splitlines()]
    return {row[0]: row for row in rows}


_RIEUL = "ᆯ"
_READ = dict(zip("013678lmnr₩¥", "ᆼᆯᆷᆨᆯᆯᆯᆷᆫᆯᆫᆫ", strict=True))
_ARTICLES = {
    # Masculine, feminine, masculine plural, feminine plural.
    "es": _table("""
        el, la, los, las
        del, de la, de los, de las
        al, a la, a los, a las
        un, una, unos, unas
        este, esta, estos, estas
        su, su, sus, sus
        mi, mi, mis, mis
        el próximo, la próxima, los próximos, las próximas
        el último, la última, los últimos, las últimas
        el primer, la primera, los primeros, las primeras
        otro, otra, otros, otras
    """),
    # Masculine, feminine, both before a vowel, plural.
    "fr": _table("""
        le, la, l', l', les
        du, de la, de l', de l', des
        au, à la, à l', à l', aux
        un, une, un, une, des
        ce, cette, cet, cette, ces
        votre, votre, votre, votre, vos
        mon, ma, mon, mon, mes
        de, de, de, de, de
        le prochain, la prochaine, le prochain, la prochaine, les prochains
        le dernier, la dernière, le dernier, la dernière, les derniers
        le premier, la première, le premier, la première, les premiers
        un autre, une autre, un autre, une autre, d'autres
    """),
    # Masculine, feminine, neuter, plural.
    "de": _table("""
        der, die, das, die
        den, die, das, die
        dem, der, dem, den
        ein, eine, ein,
        einen, eine, ein,
        einem, einer, einem,
        kein, keine, kein, keine
        keinen, keine, kein, keine
        dieser, diese, dieses, diese
        diesen, diese, dieses, diese
        diesem, dieser, diesem, diesen
        Ihr, Ihre, Ihr, Ihre
        Ihren, Ihre, Ihr, Ihre
        mein, meine, mein, meine
        meinen, meine, mein, meine
        zum, zur, zum, zu den
        im, in der, im, in den
        am, an der, am, an den
        vom, von der, vom, von den
        beim, bei der, beim, bei den
        mit, mit, mit, mit
        von, von, von, von
        der nächste, die nächste, das nächste, die nächsten
        der letzte, die letzte, das letzte, die letzten
        der erste, die erste, das erste, die ersten
        einen anderen, eine andere, ein anderes, andere
    """),
}
# A name has no article: for those marked "x" or not at all, what is left of these forms.
_NAMES_TAKE = {"es": ("el", "del", "al"), "fr": ("le", "du", "au", "de"), "de": ("der", "den", "dem")}
_PREPOSITION = {"del": "de ", "al": "a ", "au": "à "}
_COUNTING = frozenset({"un", "ein", "einen", "einem"})
_DATIVE = frozenset({"dem", "einem", "diesem", "zum", "im", "am", "vom", "beim", "mit", "von"})
_OBLIQUE = _DATIVE | {"den", "einen", "keinen", "diesen", "Ihren", "meinen"}
