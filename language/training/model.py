"""The network: a deep encoder and a shallow decoder, in the shape that CTranslate2's TransformerSpec runs.

Pre-norm (Xiong et al. 2020), rotary positions (Su et al. 2021), gated SiLU feed-forward (Shazeer 2020), one embedding
for source, target and output (Press & Wolf 2017). No dropout, no biases. Matrix products run in bfloat16 where the
caller says so; norms, softmax and the residual stream stay float32.
"""
# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False, disallow-untyped-calls=False
# mypy: warn-unused-ignores=False

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from language.training.store import BOS, EOS, PAD


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network. `feed` is the width inside the gated feed-forward."""

    vocabulary: int
    width: int = 256
    heads: int = 8
    feed: int = 768
    encoder_layers: int = 6
    decoder_layers: int = 2

    def as_dict(self) -> dict[str, int]:
        """Return the sizes for a checkpoint."""
        return asdict(self)


class Attention(nn.Module):
    """Multi-head attention over `memory` (self-attention when it is the input itself)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm = nn.LayerNorm(shape.width, bias=False)
        self.query, self.key, self.value, self.out = (nn.Linear(shape.width, shape.width, bias=False) for _ in range(4))

    def forward(  # noqa: D102
        self, x: Tensor, memory: Tensor | None, rotary: Tensor | None, mask: Tensor | None, causal: bool
    ) -> Tensor:
        normed = self.norm(x)  # (B, T, D)
        seen = normed if memory is None else memory
        q, k, v = (
            layer(value).unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (B, H, T, D/H)
            for layer, value in ((self.query, normed), (self.key, seen), (self.value, seen))
        )
        if rotary is not None:
            q, k = rotate(q, rotary), rotate(k, rotary)
        # The bfloat16 kernel's way back is 20 times slower than the float32 one (PyTorch 2.13, CPU).
        with torch.autocast("cpu", enabled=False):
            mixed = F.scaled_dot_product_attention(q.float(), k.float(), v.float(), attn_mask=mask, is_causal=causal)
        return x + self.out(mixed.transpose(1, 2).flatten(2)).float()


class FeedForward(nn.Module):
    """Gated feed-forward: down(silu(gate(x)) * up(x))."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(shape.width, bias=False)
        self.gate = nn.Linear(shape.width, shape.feed, bias=False)
        self.up = nn.Linear(shape.width, shape.feed, bias=False)
        self.down = nn.Linear(shape.feed, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:  # noqa: D102
        normed = self.norm(x)
        return x + self.down(F.silu(self.gate(normed)) * self.up(normed)).float()


class EncoderLayer(nn.Module):
    """Self-attention, then feed-forward."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.feed = FeedForward(shape)


class DecoderLayer(nn.Module):
    """Self-attention, attention over the source, then feed-forward."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.cross = Attention(shape)
        self.feed = FeedForward(shape)


class Translator(nn.Module):
    """Sequence to sequence over one vocabulary; the target language is the first source token."""

    def __init__(self, shape: Shape, *, seed: int = 0) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.encoder = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.decoder = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.encoder_norm = nn.LayerNorm(shape.width, bias=False)
        self.decoder_norm = nn.LayerNorm(shape.width, bias=False)
        generator = torch.Generator().manual_seed(seed)
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                spread = weight.shape[1] ** -0.5
                # Residual branches start at nothing, so that depth costs no stability (ReZero, fixup).
                quiet = name.endswith(("out.weight", "down.weight"))
                # A smaller embedding, because the output shares it: else every token first predicts itself.
                scale = 0.1 if quiet else 0.5 if name == "embedding.weight" else 1.0
                weight.data.normal_(0, spread * scale, generator=generator)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return the source states `(B, S, D)` and their mask `(B, 1, 1, S)`."""
        # Always a mask, even where nothing is padded: a compiled graph must not depend on the batch.
        mask = (source != PAD)[:, None, None, :]
        rotary = rotary_table(source.shape[1], self.shape.width // self.shape.heads)
        x = self.embedding(source) * self.shape.width**0.5
        for layer in self.encoder:
            x = layer.feed(layer.attention(x, None, rotary, mask, False))
        return self.encoder_norm(x), mask

    def decode(self, target_in: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Return the target states `(B, T, D)`, before the output embedding."""
        rotary = rotary_table(target_in.shape[1], self.shape.width // self.shape.heads)
        x = self.embedding(target_in) * self.shape.width**0.5
        for layer in self.decoder:
            x = layer.attention(x, None, rotary, None, True)
            x = layer.feed(layer.cross(x, memory, None, mask, False))
        return self.decoder_norm(x)

    def loss(
        self, source: Tensor, target_in: Tensor, target_out: Tensor, allowed: Mapping[int, Tensor] | None = None
    ) -> Tensor:
        """Return the mean cross-entropy per real target token, in nats.

        `allowed` gives the pieces `(K,)`, ascending, that compete when the source's first token is its key; every token
        of those targets must be among them. Without it all pieces compete, which costs three times as much.
        """
        memory, mask = self.encode(source)
        states = self.decode(target_in, memory, mask)
        real = target_out != PAD
        tags = source[:, :1].expand_as(target_out)[real]
        groups = [((tags == tag).nonzero()[:, 0], pieces) for tag, pieces in (allowed or {}).items()]
        loss: Tensor = SoftmaxLoss.apply(states[real], self.embedding.weight, target_out[real], groups)
        return loss

    @torch.no_grad()
    def greedy(self, source: Tensor, *, most: int = 64) -> list[list[int]]:
        """Return the greedy translation of every row of `source (B, S)`; slow and plain, to check the export by."""
        memory, mask = self.encode(source)
        said = torch.full((source.shape[0], 1), BOS)
        for _ in range(most):
            last = self.decode(said, memory, mask)[:, -1].float()
            said = torch.cat([said, (last @ self.embedding.weight.T).argmax(-1, keepdim=True)], 1)
            if bool((said == EOS).any(1).all()):
                break
        rows = [[int(token) for token in row[1:]] for row in said]
        return [row[: row.index(EOS)] if EOS in row else row for row in rows]


class SoftmaxLoss(torch.autograd.Function):
    """Mean cross-entropy of `states @ embedding.T` against `truth`, with the gradient made on the way forward.

    A chunk of rows at a time: the `(N, vocabulary)` scores never exist at once, which on a CPU costs more (fresh
    memory, four passes over it) than the products themselves. `groups` are rows and the pieces that compete in them;
    without any, all pieces compete in all rows.
    """

    CHUNK = 1024

    @staticmethod
    def forward(  # noqa: D102
        ctx: Any, states: Tensor, embedding: Tensor, truth: Tensor, groups: Sequence[tuple[Tensor, Tensor]]
    ) -> Tensor:
        kind = torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32
        wide = embedding.detach().to(kind)
        states_narrow = states.detach().to(kind)
        by_state = torch.empty(states.shape, dtype=torch.float32)
        by_embedding = torch.zeros_like(embedding)
        total = torch.zeros(())
        for group, pieces in groups or [(torch.arange(len(truth)), None)]:
            competing = wide if pieces is None else wide[pieces]
            by_piece = torch.zeros(competing.shape, dtype=torch.float32)
            for rows in group.split(SoftmaxLoss.CHUNK):
                part = states_narrow[rows]
                right = (truth[rows] if pieces is None else torch.searchsorted(pieces, truth[rows]))[:, None]
                odds = torch.log_softmax((part @ competing.T).float(), -1)
                total -= odds.gather(1, right).sum()
                wrong = odds.exp_()
                wrong.scatter_add_(1, right, torch.full_like(right, -1, dtype=torch.float32))
                wrong = wrong.to(kind)
                by_state[rows] = (wrong @ competing).float()
                by_piece += wrong.T @ part
            by_embedding = by_piece if pieces is None else by_embedding.index_add_(0, pieces, by_piece)
        ctx.save_for_backward(by_state.div_(len(truth)), by_embedding.div_(len(truth)))
        ctx.kind = states.dtype
        return total / len(truth)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, Tensor, None, None]:  # noqa: D102
        by_state, by_embedding = ctx.saved_tensors
        return (by_state * slope).to(ctx.kind), by_embedding * slope, None, None


def rotary_table(length: int, width: int) -> Tensor:
    """Return cosines and sines `(2, length, width)` for the half-split rotary embedding, base 10,000."""
    pace = 10_000 ** -(torch.arange(0, width, 2, dtype=torch.float32) / width)
    angle = torch.outer(torch.arange(length, dtype=torch.float32), pace)
    angle = torch.cat([angle, angle], -1)
    return torch.stack([angle.cos(), angle.sin()])


def rotate(x: Tensor, table: Tensor) -> Tensor:
    """Turn each half-split pair of `x (B, H, T, W)` by its position's angle."""
    cos, sin = table.to(x.dtype)
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin
