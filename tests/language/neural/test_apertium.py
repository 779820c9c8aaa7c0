import stat
from pathlib import Path

import pytest

from devices.errors import MissingError
from language.neural.apertium import Apertium, available

needs_spanish = pytest.mark.skipif(
    "es-en" not in available(), reason="Apertium is not installed: sudo apt-get install apertium apertium-eng-spa"
)


def program(folder: Path, script: str, *modes: str) -> Path:
    """An installation whose program is a shell script."""
    (folder / "bin").mkdir()
    path = folder / "bin" / "apertium"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    (folder / "share" / "apertium" / "modes").mkdir(parents=True)
    for mode in modes:
        (folder / "share" / "apertium" / "modes" / f"{mode}.mode").touch()
    return path


@needs_spanish
def test_the_installed_program() -> None:
    texts = ["La casa es roja", "CUIDADO CON EL PERRO", "Prohibido el xyzzyx", "10:30", "출구", "Precio 3,50 €"]
    found = Apertium().translate(texts, source="es", to="en")
    assert [told.engine for told in found] == ["apertium", "apertium", "apertium", "same", "none", "apertium"]
    assert found[0].target == "The house is red"
    assert found[1].target == "CARE WITH THE DOG"
    assert found[2].target.endswith("xyzzyx")
    assert "*" not in found[2].target
    assert found[2].confidence < found[0].confidence
    assert "€3,50" in found[5].target
    assert not any(told.sure for told in found if told.engine == "apertium")


@needs_spanish
def test_what_means_something_to_its_stream_format_passes() -> None:
    text = "El gato [b] ^ come $ <b>pescado</b> \\ {y} / ~ & más"
    (told,) = Apertium().translate([text], source="es", to="en")
    assert told.target.startswith("The cat [b] ^ eat $ <b>fish</b> \\ {and} / ~ &")


@needs_spanish
def test_texts_do_not_run_into_each_other() -> None:
    texts = ["Salida", "El gato come", "y\n\nel perro", "duerme."]
    found = Apertium().translate(texts, source="es", to="en")
    assert [told.target.casefold() for told in found[1:3]] == ["the cat eats", "and the dog"]


def test_modes_are_listed_without_starting_anything(tmp_path: Path) -> None:
    path = program(tmp_path, "exit 1", "spa-eng_US", "spa-eng", "fr-es", "hbs-eng", "eng-cat")
    assert available(path) == {"es-en": "spa-eng", "fr-es": "fr-es"}
    assert Apertium(path).directions == ("fr-es", "es-en")


def test_no_pairs_is_an_error_that_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="apt-get install"):
        Apertium(program(tmp_path, "cat"))


@pytest.mark.parametrize("script", ["exit 3", "echo one; echo; echo two; echo; echo three", "exec sleep 60", "cat"])
def test_a_program_that_fails_leaves_the_texts_as_they_are(tmp_path: Path, script: str) -> None:
    found = Apertium(program(tmp_path, script, "spa-eng"), timeout_s=0.2).translate(
        ["Salida de emergencia", "Cerrado los lunes"], source="es", to="en"
    )
    assert [(told.engine, told.target) for told in found] == [
        ("none", "Salida de emergencia"), ("none", "Cerrado los lunes"),
    ]  # fmt: skip
