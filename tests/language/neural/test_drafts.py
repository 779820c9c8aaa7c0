import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from language.neural.checks import ENDLESS, NUMBER, SCRIPT, SPAN
from language.neural.drafts import Task, drafts, invents, task_of, written
from language.neural.network import Hypothesis, Request
from language.normalise import normalise
from language.protect import PLACES, protect


@dataclass
class Words:
    """Pieces that are the words."""

    name: str = "words"
    asks_source: bool = False
    keeps_places: bool = True

    def can(self, source: str, to: str) -> bool:
        return True

    def encode(self, text: str, source: str, to: str) -> list[str]:
        return re.sub(f"([{PLACES[0]}-{PLACES[-1]}])", r" \1 ", text).split()

    def prefix(self, to: str) -> list[str]:
        return []

    def decode(self, pieces: Sequence[str]) -> str:
        return " ".join(pieces)

    def odd_share(self, text: str) -> float:
        return 0.0


@dataclass
class Scripted:
    """A network that answers by the source, and by whether repetition is forbidden."""

    answers: dict[tuple[str, bool], list[str]]
    asked: list[tuple[str, bool]] = field(default_factory=list)

    def run(self, requests: Sequence[Request], *, avoid_repeats: bool = False) -> list[tuple[Hypothesis, ...]]:
        self.asked += [(" ".join(request.pieces), avoid_repeats) for request in requests]
        return [
            tuple(
                Hypothesis(tuple(answer.removesuffix(" ~").split()), -0.1 - place, not answer.endswith(" ~"))
                for place, answer in enumerate(self.answers[" ".join(request.pieces), avoid_repeats])
            )
            for request in requests
        ]


def task(text: str, source: str = "ko", to: str = "en", **more: Any) -> Task:
    return Task(normalise(text), protect(normalise(text)), source, to, **more)


A, B = PLACES[:2]


def test_the_likeliest_without_a_flaw_is_taken() -> None:
    network = Scripted({(f"가격 {A} , 할인 {B} %", False): [f"price {A}", f"price {A} , sale {B} %"]})
    (draft,) = drafts(network, Words(), [task("가격 3,000원 , 할인 20 %")])
    assert draft.flaws == frozenset()
    assert written(draft, task("가격 3,000원 , 할인 20 %")) == ("price ₩3,000 , sale 20 %", [])
    assert draft.rivals == ()
    assert not draft.retried


def test_a_lost_placeholder_at_an_end_is_kept_out_of_it() -> None:
    text = "영업시간 10:00"
    network = Scripted({(f"영업시간 {A}", False): ["opening"], ("영업시간", False): ["Opening hours."]})
    (draft,) = drafts(network, Words(), [task(text)])
    assert written(draft, task(text)) == ("Opening hours 10:00", [])
    assert (draft.flaws, draft.retried) == (frozenset(), True)


def test_a_lost_placeholder_inside_is_asked_again_without() -> None:
    text = "가격은 3,000원입니다"
    network = Scripted({(f"가격은 {A} 입니다", False): ["price"], ("가격은 3,000원입니다", False): ["It is 3,000 won"]})
    (draft,) = drafts(network, Words(), [task(text)])
    assert (draft.text, draft.flaws, draft.retried) == ("It is 3,000 won", frozenset(), True)
    assert written(draft, task(text)) == ("It is 3,000 won", [])


def test_a_number_that_stays_lost_is_told() -> None:
    text = "가격은 3,000원입니다"
    network = Scripted(
        {(f"가격은 {A} 입니다", False): [f"price {A} {A}"], ("가격은 3,000원입니다", False): ["It is 300"]}
    )
    (draft,) = drafts(network, Words(), [task(text)])
    assert draft.flaws == {NUMBER}
    assert written(draft, task(text)) == ("It is 300", ["₩3,000"])


def test_what_does_not_end_is_asked_again_without_repetition() -> None:
    network = Scripted({("출구", False): ["exit exit exit ~"], ("출구", True): ["exit"]})
    (draft,) = drafts(network, Words(), [task("출구")])
    assert (draft.text, draft.flaws, draft.retried) == ("exit", frozenset(), True)
    assert draft.repetition > 0


def test_what_never_ends_is_useless() -> None:
    network = Scripted({("출구", False): ["a b c ~"], ("출구", True): ["a b c ~"]})
    (draft,) = drafts(network, Words(), [task("출구")])
    assert draft.flaws == {ENDLESS}
    assert draft.is_useless


def test_only_what_is_flawed_is_asked_again() -> None:
    network = Scripted({("출구", False): ["exit"], ("입구", False): ["in in in in"], ("입구", True): ["in"]})
    found = drafts(network, Words(), [task("출구"), task("입구")])
    assert [draft.text for draft in found] == ["exit", "in"]
    assert network.asked == [("출구", False), ("입구", False), ("입구", True)]


def test_a_placeholder_that_nobody_asked_for_is_dropped() -> None:
    network = Scripted({("출구", False): [f"exit {A}"]})
    (draft,) = drafts(network, Words(), [task("출구")])
    assert draft.flaws == {SPAN}
    assert written(draft, task("출구")) == ("exit", [])


def test_models_without_placeholders_see_the_text_itself() -> None:
    network = Scripted({("2층 3,000원", False): ["3,000 won on floor 2", "floor two"]})
    (draft,) = drafts(network, Words(keeps_places=False), [task("2층 3,000원")])
    assert draft.flaws == frozenset()


def test_a_wrong_script_is_useless_and_its_rival_is_taken() -> None:
    network = Scripted({("출구", False): ["출 exit", "exit"], ("입구", False): ["입"]})
    first, second = drafts(network, Words(), [task("출구"), task("입구")])
    assert (first.text, first.is_useless) == ("exit", False)
    assert second.flaws == {SCRIPT}


def test_a_sign_has_no_full_stop_and_shouts_back_but_never_the_address() -> None:
    network = Scripted({(f"Kein Zutritt {A}", False): [f"No access {A}."], ("Halt!", False): ["Stop."]})
    shouted = task("Kein Zutritt www.db.de", "de", shouted=True)
    (draft,) = drafts(network, Words(), [shouted])
    assert written(draft, shouted) == ("NO ACCESS www.db.de", [])
    (draft,) = drafts(network, Words(), [task("Halt!", "de")])
    assert written(draft, task("Halt!", "de")) == ("Stop.", [])


def test_a_term_comes_out_as_the_memory_has_it() -> None:
    network = Scripted({(f"{A} 를 2인분 주세요", False): [f"Please 2 servings of {A}"]})
    known = task_of("김치찌개를 2인분 주세요", "ko", "en", {"김치찌개": "Kimchi stew"})
    (draft,) = drafts(network, Words(), [known])
    assert written(draft, known) == ("Please 2 servings of kimchi stew", [])


def test_what_is_nothing_but_protected_needs_no_network() -> None:
    known = task_of("김치찌개 3,000원", "ko", "en", {"김치찌개": "Kimchi stew"})
    (draft,) = drafts(Scripted({}), Words(), [known])
    assert written(draft, known) == ("Kimchi stew ₩3,000", [])


def test_terms_of_a_sign_in_capitals_are_in_capitals_and_its_names_stay() -> None:
    shouted = task_of("CONTIENE SALSA DE SOJA DE 2 KG", "es", "en", {"SALSA DE SOJA": "Soy sauce"})
    network = Scripted({(f"Contiene {A} de 2 kg", False): [f"Contains 2 kg of {A}"]})
    (draft,) = drafts(network, Words(), [shouted])
    assert written(draft, shouted)[0] == "CONTAINS 2 KG OF SOY SAUCE"


def test_a_number_out_of_nowhere_is_invented_and_a_form_of_the_sources_is_not() -> None:
    network = Scripted(
        {
            (f"{A} por 3", False): [f"{A} for 3:30"],
            ("por 3", False): ["for 3:30"],
            (f"{A} 부터", False): [f"From {A}"],
            ("veinte", False): ["20"],
            ("3割二十", False): ["3 20"],
        }
    )
    tasks = [task("55 por 3", "es"), task("오전 9시 부터"), task("veinte", "es"), task("3割二十", "ja")]
    found = list(zip(drafts(network, Words(), tasks), tasks, strict=True))
    assert [invents(*pair) for pair in found] == [True, False, False, False]
    assert NUMBER not in found[1][0].flaws
