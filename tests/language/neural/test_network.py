import shutil
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from language.neural.folders import read_folder
from language.neural.network import Network, Request
from tests.language.neural.tiny import SENTENCE


def asked(folder: Path, text: str) -> Request:
    return Request(tuple(read_folder(folder).encode(text, "ko", "en")))


def test_hypotheses_come_best_first_and_know_whether_they_ended(folder: Path) -> None:
    (found,) = Network(folder, beam=3).run([asked(folder, "출구")])
    assert len(found) == 3
    assert read_folder(folder).decode(found[0].pieces) == SENTENCE
    assert found[0].ended
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].score < 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 30), max_size=12))
def test_answers_keep_the_order_of_the_questions(folder: Path, network: Network, sizes: list[int]) -> None:
    requests = [asked(folder, "출구 " * size) for size in sizes]
    assert len(network.run(requests)) == len(sizes)
    assert all(answer[0].ended for answer in network.run(requests))


def test_only_what_is_allowed_is_written(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "limited"
    shutil.copytree(folder, path)
    allowed = read_folder(folder).encode("The left", "ko", "en")[1:]
    (path / "vmap.txt").write_text(f"<2en>\t{' '.join(allowed)}\n", encoding="utf-8")
    for found in Network(path).run([asked(folder, "출구"), asked(folder, "신발을 벗어 주세요")]):
        # CTranslate2 always adds the special pieces.
        assert all(set(one.pieces) <= {*allowed, "<s>", "<unk>"} for one in found)
