import pytest

from language.capitals import inside_sentence


@pytest.mark.parametrize(
    ("term", "to", "inside"),
    [
        ("Soy sauce", "en", "soy sauce"),
        ("Pan-fried dumplings", "en", "pan-fried dumplings"),
        ("Korean barbecue", "en", "Korean barbecue"),
        ("T-bone steak", "en", "T-bone steak"),
        ("BLT sandwich", "en", "BLT sandwich"),
        ("Turkey", "en", "turkey"),
        ("Salsa de soja", "es", "salsa de soja"),
        ("Œufs brouillés", "fr", "œufs brouillés"),
        ("Sojasoße", "de", "Sojasoße"),
        ("간장", "ko", "간장"),
        ("", "en", ""),
    ],
)
def test_a_term_inside_a_sentence(term: str, to: str, inside: str) -> None:
    assert inside_sentence(term, to) == inside
