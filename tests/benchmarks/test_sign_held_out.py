"""The sign set stays held out of what we train on."""

import pytest

from benchmarks.sign_held_out import held_out_problems
from benchmarks.sign_set import Sign


def known(text: str) -> Sign:
    return Sign("known", {"en": (text,)})


def test_no_sign_is_in_the_phrase_book() -> None:
    assert held_out_problems(training=False) == []


def test_no_sign_is_made_by_a_template() -> None:
    pytest.importorskip("language.training.templates", reason="The templates of the training are not in this checkout.")
    assert held_out_problems() == []


def test_a_text_of_the_phrase_book_is_found_whatever_its_numbers() -> None:
    (problem,) = held_out_problems([known("EXIT")], training=False)
    assert "phrase book has 'EXIT'" in problem
    (problem,) = held_out_problems([known("Platform 77")], training=False)
    assert "phrase book has 'Platform 77'" in problem
    assert held_out_problems([known("Platform made of wood")], training=False) == []


def test_a_text_that_a_template_makes_is_found() -> None:
    templates = pytest.importorskip("language.training.templates", reason="No templates in this checkout.")
    words = templates.read_templates().lists["dish"]
    texts = ("Back in 17 minutes", f"I would like {words[3].cells['en'][0]}, please")
    assert [problem for text in texts for problem in held_out_problems([known(text)]) if "template" in problem]
