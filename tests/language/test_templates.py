"""Pairs that we make ourselves: grammar of the fillings, the tables, and that the same seed gives the same pairs."""

import random
import re
from collections import Counter
from itertools import takewhile
from pathlib import Path

import pytest

from devices.errors import InputError
from language.codes import LANGUAGES
from language.phrasebook_files import COLUMNS, read_phrasebook
from language.training import agreement, amounts
from language.training.templates import (
    DIRECTIONS,
    FOLDER,
    SLOT,
    GeneratedPair,
    fill,
    generate,
    joined_pairs,
    phrasebook_pairs,
    read_templates,
    slots_of,
    template_pairs,
)

HEADER = "\t".join(COLUMNS)


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("서울", "은", "서울은"),
        ("제주", "은", "제주는"),
        ("커피", "을", "커피를"),
        ("빵", "이", "빵이"),
        ("서울", "으로", "서울로"),
        ("부산", "으로", "부산으로"),
        ("대구", "으로", "대구로"),
        ("물", "과", "물과"),
        ("차", "과", "차와"),
        ("볼펜", "이에요", "볼펜이에요"),
        ("지도", "이에요", "지도예요"),
        ("3", "을", "3을"),
        ("2", "을", "2를"),
        ("12,000원", "을", "12,000원을"),
        ("10", "은", "10은"),
        ("$10", "을", "$10를"),
        ("₩5", "을", "₩5을"),
        ("ATM", "이", "ATM이"),
        ("CD", "이", "CD가"),
        ("튀김(덴푸라)", "을", "튀김(덴푸라)을"),
    ],
)
def test_korean_particles_follow_the_last_sound(word: str, particle: str, expected: str) -> None:
    assert agreement.with_particle(word, particle) == expected


@pytest.mark.parametrize(
    ("word", "form", "mark", "code", "expected"),
    [
        ("ascensor", "del", "m", "es", "del ascensor"),
        ("salida", "al", "f", "es", "a la salida"),
        ("zapatos", "este", "mp", "es", "estos zapatos"),
        ("agua", "el", "fua", "es", "el agua"),
        ("champú", "un", "mu", "es", "champú"),
        ("entrée", "du", "f", "fr", "de l'entrée"),
        ("escalier", "ce", "m", "fr", "cet escalier"),
        ("toilettes", "au", "fp", "fr", "aux toilettes"),
        ("hanbok", "le", "mh", "fr", "le hanbok"),
        ("hôtel", "le", "m", "fr", "l'hôtel"),
        ("bœuf", "un", "mu", "fr", "du bœuf"),
        ("assiette", "mon", "f", "fr", "mon assiette"),
        ("Osaka", "de", "", "fr", "d'Osaka"),
        ("Hanoï", "de", "", "fr", "de Hanoï"),
        ("Automat", "den", "mn", "de", "den Automaten"),
        ("Treppe", "zum", "f", "de", "zur Treppe"),
        ("Zimmer", "im", "n", "de", "im Zimmer"),
        ("Pilze", "mit", "p", "de", "mit Pilzen"),
        ("Schuhe", "einen", "p", "de", "Schuhe"),
        ("Gebratener Reis", "acc", "", "de", "gebratenen Reis"),
        ("Suppe mit Reis", "nom", "", "de", "Suppe mit Reis"),
        ("umbrella", "a", "c", "en", "an umbrella"),
        ("university", "a", "c", "en", "a university"),
        ("ATM", "a", "c", "en", "an ATM"),
        ("soap", "a", "u", "en", "soap"),
        ("22", "th", "x", "en", "22nd"),
        ("13", "th", "x", "en", "13th"),
        ("Eiffel Tower", "the", "c", "en", "the Eiffel Tower"),
        ("Mount Fuji", "the", "x", "en", "Mount Fuji"),
    ],
)
def test_articles(word: str, form: str, mark: str, code: str, expected: str) -> None:
    assert agreement.with_article(word, form, mark, code) == expected


def test_choices_go_by_number_and_gender() -> None:
    assert agreement.choose("is/are", "p") == "are"
    assert agreement.choose("abierto/abierta/abiertos/abiertas", "fp") == "abiertas"
    assert agreement.english_mark("noodles in black bean sauce") == "p"
    assert agreement.english_mark("hummus") == "c"


def test_a_form_that_does_not_exist_is_named() -> None:
    with pytest.raises(InputError, match="'dativ'"):
        agreement.with_article("Haus", "dativ", "n", "de")
    with pytest.raises(InputError, match="'에서'"):
        agreement.with_particle("집", "에서")
    with pytest.raises(InputError, match="3"):
        agreement.choose("a/b/c", "m")


def test_there_is_enough_and_every_file_can_be_read_by_a_person() -> None:
    templates = read_templates()
    assert len(templates.rows) >= 350
    names = ("city", "stop", "sight")
    assert sum(len(templates.lists[name]) for name in names) >= 300
    assert len(templates.lists["item"]) >= 140
    for path in FOLDER.rglob("*.tsv"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 300, path.name


def test_ids_of_templates_are_used_once() -> None:
    ids = [row.id for row in read_templates().rows]
    assert len(ids) == len(set(ids))


def test_every_wording_has_the_slots_of_its_row_and_every_slot_is_known() -> None:
    templates = read_templates()
    for row in templates.rows:
        wanted = slots_of(row.cells["en"][0])
        for code, cell in row.cells.items():
            for wording in cell:
                assert slots_of(wording) == wanted, (row.id, code, wording)
                assert "{" not in SLOT.sub("", wording), (row.id, code, wording)
        for name in wanted:
            kind = name.rstrip("23")
            assert kind in templates.lists or kind in amounts.NAMES, (row.id, name)


def test_no_two_amounts_run_into_one() -> None:
    kinds = "|".join(sorted(amounts.NAMES - {"date"}))
    touching = re.compile(rf"\{{(?:{kinds})[23]?(?::\w+)?\}}[:：]?\{{(?:{'|'.join(sorted(amounts.NAMES))})[23]?\}}")
    for row in read_templates().rows:
        for cell in row.cells.values():
            for wording in cell:
                assert not touching.search(wording), (row.id, wording)


def test_every_word_has_every_form_that_a_template_asks_for() -> None:
    templates = read_templates()
    asked = {
        (code, found[0])
        for row in templates.rows
        for code, cell in row.cells.items()
        for wording in cell
        for found in SLOT.finditer(wording)
        if (found[3] or found[4]) and found[1].lower() in templates.lists
    }
    for code, slot in sorted(asked):
        found = SLOT.fullmatch(slot)
        assert found
        for word in templates.lists[found[1].lower()]:
            name = found[1].lower() + found[2]
            for text in word.cells[code]:
                assert fill(slot, code, {name: text}, {name: word})


@pytest.mark.parametrize(("source", "to"), DIRECTIONS)
def test_every_template_comes_once_before_any_comes_again(source: str, to: str) -> None:
    rows = read_templates().rows
    pairs = list(template_pairs(source, to, random.Random(4), len(rows)))
    assert len(pairs) == len(rows)
    assert len({(pair.source, pair.target) for pair in pairs}) == len(rows)
    for pair in pairs:
        assert pair.source and pair.target
        assert not re.search(r"[{}|]|  ", pair.source + pair.target), pair


def test_the_same_seed_gives_the_same_pairs() -> None:
    def some(seed: int) -> list[GeneratedPair]:
        return list(template_pairs("ko", "en", random.Random(seed), 300))

    assert some(7) == some(7)
    assert some(7) != some(8)

    def korean(seed: int) -> list[GeneratedPair]:
        return list(takewhile(lambda pair: pair.source_code == "ko", generate(seed, {("ko", "en"): 40})))

    first = korean(3)
    assert first == korean(3)
    assert {pair.tag for pair in first} == {"phrasebook", "joined", "template"}


def test_a_count_can_be_given_for_each_direction() -> None:
    counts = {("ko", "en"): 60}
    korean = takewhile(lambda pair: pair.source_code == "ko", generate(1, counts))
    tags = Counter(pair.tag for pair in korean)
    assert tags["template"] == 51
    assert tags["joined"] == 9


def test_amounts_keep_their_digits() -> None:
    pairs = [
        pair for source, to in DIRECTIONS for pair in template_pairs(source, to, random.Random(9), 400) if pair.values
    ]
    assert len(pairs) > 500
    for pair in pairs:
        for left, right in pair.values:
            assert left in pair.source and right in pair.target, pair
            if not re.search(r"\D", left + right):
                assert left == right
    # A date whose month has a name, or an hour that gets ":00", is all that changes.
    same = sum(re.sub(r"\D", "", left) == re.sub(r"\D", "", right) for pair in pairs for left, right in pair.values)
    assert same / sum(len(pair.values) for pair in pairs) > 0.9


def test_the_second_amount_is_later_or_more() -> None:
    rng = random.Random(2)
    templates = {row.id: row for row in read_templates().rows}
    assert "open-day-hours" in templates
    pairs = [pair for pair in template_pairs("en", "ko", rng, 1500) if re.search(r"Maximum|\d–\d", pair.source)]
    ranges = [match for pair in pairs for match in re.findall(r"\b(\d\d):(\d\d)–(\d\d):(\d\d)\b", pair.source)]
    assert ranges
    assert all((first, minute) < (last, end) for first, minute, last, end in ranges)


def test_the_phrase_book_comes_whole() -> None:
    pairs = list(phrasebook_pairs("ko", "en", random.Random(1)))
    assert len(pairs) == sum(len(concept.cells["ko"]) for concept in read_phrasebook())
    assert ("출구", "Exit") in {(pair.source, pair.target) for pair in pairs}


def test_joined_entries_keep_their_order() -> None:
    book = {concept.cells["ja"][0]: concept.cells["ko"][0] for concept in read_phrasebook()}
    pairs = list(joined_pairs("ja", "ko", random.Random(5), 200))
    assert len(pairs) == 200
    checked = 0
    for pair in pairs:
        left, right = pair.source.split(" / "), pair.target.split(" / ")
        assert len(left) == len(right)
        checked += all(book.get(one) == other for one, other in zip(left, right, strict=True) if one in book)
    assert checked > 100


def test_a_list_that_is_not_well_formed_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "rows.tsv").write_text(HEADER + "\n", encoding="utf-8")
    (tmp_path / "lists" / "pets.tsv").write_text(HEADER + "\ncat\tcat\t고양이\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"pets\.tsv, line 2"):
        read_templates(tmp_path)


def test_all_languages_of_a_row_are_there() -> None:
    assert all(set(word.cells) == set(LANGUAGES) for words in read_templates().lists.values() for word in words)
