"""The training recipe: no leaks, exact resumption, and an export that says what PyTorch says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from language.training.corpora import Pair, chance, chinese_script, split_dev, text_key
from language.training.store import BOS, CURRICULUM, EOS, PAD, Order, TokenStore, longest_at

NEEDS = "needs the train extra: pip install 'glossa[train]'"


def make_store(pairs: int = 60) -> TokenStore:
    """Two directions; pair i has i % 8 + 1 source tokens, all equal to 10 + i, and one target token less or so."""
    rng = np.random.default_rng(3)
    sizes = np.array([size for pair in range(pairs) for size in (pair % 8 + 1, max(1, pair % 8))])
    values = np.array([10 + pair for pair in range(pairs) for _ in range(2)])
    return TokenStore(
        flat=np.repeat(values, sizes).astype(np.uint16),
        offsets=np.concatenate([[0], np.cumsum(sizes)]),
        source=np.arange(0, 2 * pairs, 2, dtype=np.int32),
        target=np.arange(1, 2 * pairs, 2, dtype=np.int32),
        direction=(np.arange(pairs) % 2).astype(np.uint8),
        weight=rng.choice([1.0, 4.0], pairs).astype(np.float32),
        directions=("en-ko", "ko-en"),
        tags=(4, 5),
    )


def drawn(order: Order, chunks: int, longest: int) -> list[int]:
    """Return the pair numbers that the first chunks draw."""
    return [
        int(row[1]) - 10 for number in range(chunks) for batch in order.chunk(number, longest) for row in batch.source
    ]


def test_all_translations_and_paraphrases_of_an_english_sentence_fall_on_one_side() -> None:
    english = [f"This is sentence {number}." for number in range(3000)]
    korean = [Pair("stylekqc", f"문장 {number} {style}", text) for number, text in enumerate(english) for style in "ab"]
    french = [Pair("tatoeba", f"phrase {number}", text.upper()) for number, text in enumerate(english)]
    ko_train, ko_dev = split_dev(korean)
    fr_train, fr_dev = split_dev(french)
    assert 5 < len(ko_dev) < 60
    dev = {text_key(pair.english) for pair in ko_dev + fr_dev}
    assert not dev & {text_key(pair.english) for pair in ko_train + fr_train}
    assert len({text_key(pair.english) for pair in ko_dev}) == len(ko_dev)


def test_a_source_text_of_dev_is_not_trained_on_with_another_translation() -> None:
    held = next(f"Sentence {number}" for number in range(10_000) if chance(text_key(f"Sentence {number}")) < 1 / 150)
    train, dev = split_dev([Pair("tatoeba", "안녕.", held), Pair("tatoeba", "안녕", "Hello there")])
    assert [pair.english for pair in dev] == [held]
    assert train == []


def test_dev_is_capped_and_does_not_depend_on_the_order_of_the_corpus() -> None:
    pairs = [Pair("tatoeba", f"말 {number}", f"Word {number}") for number in range(4000)]
    _, dev = split_dev(pairs, most=10)
    _, again = split_dev(pairs[::-1], most=10)
    assert len(dev) == 10
    assert dev == again


@pytest.mark.parametrize(
    ("text", "script"),
    [("请出示车票", "zh-Hans"), ("請出示車票", "zh-Hant"), ("歡迎光臨 A 棟", "zh-Hant"), ("欢迎光临", "zh-Hans")],
)
def test_chinese_script_is_told_by_its_own_characters(text: str, script: str) -> None:
    assert chinese_script(text) == script


def test_the_curriculum_only_grows() -> None:
    limits = [longest_at(tokens) for tokens in range(0, 60_000_000, 500_000)]
    assert limits == sorted(limits)
    assert limits[0] == CURRICULUM[0][1]
    assert limits[-1] == CURRICULUM[-1][1]


def test_a_batch_starts_with_the_wish_and_ends_with_the_end_mark() -> None:
    store = make_store()
    for batch in Order(store, seed=1, batch_tokens=64, chunk_pairs=50).chunk(0, 8):
        assert batch.source.size + batch.target_in.size <= 64 or len(batch.source) == 1
        for source, before, after in zip(batch.source, batch.target_in, batch.target_out, strict=True):
            pair = int(source[1]) - 10
            assert source[0] == store.tags[pair % 2]
            assert [token for token in source if token != PAD][-1] == EOS
            assert before[0] == BOS
            words = [int(token) for token in after if token not in (PAD, EOS)]
            assert words == store.sentence(store.target[pair]).tolist()
            assert before[1 : len(words) + 1].tolist() == words


def test_a_chunk_depends_on_its_number_alone() -> None:
    first, second = (Order(make_store(), seed=1, batch_tokens=64, chunk_pairs=50) for _ in range(2))
    first.chunk(0, 4)
    for one, other in zip(first.chunk(3, 8), second.chunk(3, 8), strict=True):
        assert np.array_equal(one.source, other.source)
        assert np.array_equal(one.target_out, other.target_out)


def test_draws_keep_to_the_limit_and_follow_the_weights_evenly() -> None:
    store = make_store()
    order = Order(store, seed=1, batch_tokens=64, chunk_pairs=100)
    assert max(store.lengths()[drawn(order, 3, 4)]) == 4
    counts = np.bincount(drawn(order, 20, 8), minlength=60)
    for code in (0, 1):
        mine = store.direction == code
        share = store.weight[mine] / store.weight[mine].sum()
        # Golden-ratio draws stay within a few of their due; independent ones would stray by tens.
        assert np.abs(counts[mine] - share * counts[mine].sum()).max() < 4


def test_a_direction_without_pairs_short_enough_is_named() -> None:
    with pytest.raises(ValueError, match="en-ko"):
        Order(make_store(), seed=1, batch_tokens=64).chunk(0, 0)


def test_muon_equals_that_of_torch() -> None:
    torch = pytest.importorskip("torch", reason=NEEDS)
    from language.training.muon import Muon

    torch.manual_seed(0)
    shapes = [(24, 8), (24, 8), (8, 24), (8, 8)]
    ours = [torch.randn(shape, requires_grad=True) for shape in shapes]
    theirs = [weight.detach().clone().requires_grad_() for weight in ours]
    mine = Muon(ours, lr=0.02)
    reference = torch.optim.Muon(theirs, lr=0.02, adjust_lr_fn="match_rms_adamw")
    for _ in range(3):
        for one, other in zip(ours, theirs, strict=True):
            one.grad = torch.randn_like(one)
            other.grad = one.grad.clone()
        mine.step()
        reference.step()
    for one, other in zip(ours, theirs, strict=True):
        # Both work in bfloat16, in another order.
        assert torch.allclose(one, other, atol=2e-3)


def test_chunked_loss_and_its_gradients_equal_cross_entropy(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch", reason=NEEDS)
    from language.training.model import SoftmaxLoss

    monkeypatch.setattr(SoftmaxLoss, "CHUNK", 4)
    torch.manual_seed(0)
    states, table = torch.randn(11, 6, requires_grad=True), torch.randn(9, 6, requires_grad=True)
    truth = torch.randint(0, 9, (11,))
    expected = torch.nn.functional.cross_entropy(states @ table.T, truth)
    slopes = torch.autograd.grad(2 * expected, (states, table))
    found = SoftmaxLoss.apply(states, table, truth, [])
    assert torch.allclose(found, expected, atol=1e-6)
    for slope, other in zip(torch.autograd.grad(2 * found, (states, table)), slopes, strict=True):
        assert torch.allclose(slope, other, atol=1e-6)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A working folder with a tiny tokenizer, store and dev split, as prepare would leave it."""
    for needed in ("torch", "sentencepiece", "ctranslate2", "sacrebleu"):
        pytest.importorskip(needed, reason=NEEDS)
    import sentencepiece

    from language.training.store_writer import StoreWriter
    from language.training.tokenizer import train_tokenizer

    data = tmp_path / "data"
    (data / "dev").mkdir(parents=True)
    words = ["문", "출구", "물", "역", "표"], ["door", "exit", "water", "station", "ticket"]
    pairs = [
        Pair("tatoeba", f"{words[0][a]} {words[0][b]}", f"{words[1][a]} {words[1][b]}")
        for a in range(5)
        for b in range(5)
    ]
    train_tokenizer(data, {"ko": pairs}, vocabulary=310, threads=1)
    writer = StoreWriter(sentencepiece.SentencePieceProcessor(model_file=str(data / "glossa.model")), 1)
    foreign = writer.add_sentences([pair.source for pair in pairs])
    english = writer.add_sentences([pair.english for pair in pairs])
    writer.add_pairs("ko-en", foreign, english, np.ones(len(pairs), np.float32))
    writer.write(data)
    rows = "".join(f"tatoeba\t{pair.source}\t{pair.english}\n" for pair in pairs[:4])
    (data / "dev" / "ko-en.tsv").write_text(rows, encoding="utf-8")
    return tmp_path


def tiny(tokens: int, **changes: Any) -> tuple[Any, Any]:
    """Return a shape and a plan that train in a second."""
    from language.training.model import Shape
    from language.training.trainer import Plan

    settings: dict[str, Any] = {
        "tokens": tokens,
        "batch_tokens": 256,
        "warmup_steps": 2,
        "threads": 1,
        "compiled": 0,
    } | changes
    return Shape(310, 16, 2, 32, 2, 1), Plan(**settings)


def test_a_stopped_run_goes_on_exactly(work: Path) -> None:
    pytest.importorskip("torch", reason=NEEDS)
    import torch

    from language.training.export import load_weights
    from language.training.train import train

    other = work / "other"
    other.mkdir()
    (other / "data").symlink_to(work / "data")
    for tokens in (1500, 3000):
        train(work, *tiny(tokens))
    train(other, *tiny(3000))
    (broken, _), (straight, _) = (load_weights(folder / "stable" / "checkpoint.pt") for folder in (work, other))
    for name, weight in broken.items():
        assert torch.equal(weight, straight[name]), name
    lines = [json.loads(line) for line in (work / "curve.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["tokens"] for line in lines if "chrf" in line] == sorted(line["tokens"] for line in lines)


def test_the_decay_branch_leaves_the_stable_run_alone(work: Path) -> None:
    pytest.importorskip("torch", reason=NEEDS)
    from language.training.train import train

    train(work, *tiny(1000))
    before = (work / "stable" / "checkpoint.pt").read_bytes()
    train(work, *tiny(1000, decay=800))
    assert (work / "stable" / "checkpoint.pt").read_bytes() == before
    assert (work / "decayed" / "checkpoint.pt").exists()


def test_the_export_says_what_pytorch_says(work: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason=NEEDS)
    from language.training.export import agreement, write_model
    from language.training.model import Translator

    shape, _ = tiny(0)
    network = Translator(shape, seed=5)
    for weight in network.parameters():
        weight.data.mul_(2.0)
        weight.data.add_(0.1 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(1)))
    folder = tmp_path / "model"
    write_model(network.state_dict(), shape, work / "data" / "glossa.model", folder, kind="float32")
    assert agreement(network.state_dict(), shape, folder, ["출구 문", "물", "역 표 문 물"], "en") == 1.0


def test_the_export_leaves_the_weights_as_they_were(work: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason=NEEDS)
    from language.training.export import write_model
    from language.training.model import Translator

    shape, _ = tiny(0)
    weights = Translator(shape, seed=5).state_dict()
    before = {name: weight.clone() for name, weight in weights.items()}
    write_model(weights, shape, work / "data" / "glossa.model", tmp_path / "model", kind="int8")
    for name, weight in weights.items():
        assert torch.equal(weight, before[name]), name


def test_the_loss_counts_the_pieces_of_the_language_alone() -> None:
    torch = pytest.importorskip("torch", reason=NEEDS)
    from language.training.model import Shape, Translator

    generator = torch.Generator().manual_seed(1)
    network = Translator(Shape(50, 32, 4, 48, 2, 1))
    source, target = (torch.randint(10, 30, (6, size), generator=generator) for size in (7, 5))
    source[:3, 0], source[3:, 0] = 5, 6
    target[1, 3:] = 0
    target_in = torch.cat([torch.full((6, 1), 2), target[:, :-1]], 1)

    def gradients(loss: Any) -> list[Any]:
        network.zero_grad()
        loss.backward()
        return [weight.grad.clone() for weight in network.parameters()]

    pieces = torch.arange(10, 30)
    limited = gradients(network.loss(source, target_in, target, {5: pieces, 6: pieces}))
    memory, mask = network.encode(source)
    scores = network.decode(target_in, memory, mask)[target != 0] @ network.embedding.weight.T
    plain = gradients(torch.nn.functional.cross_entropy(scores[:, 10:30], target[target != 0] - 10))
    for one, other in zip(limited, plain, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
