"""What learns: the network, its optimizers and its place in the data, as one thing that can be saved and taken up.

Comes in: batches of the token store. Goes out: weights. Knows no schedule of saving and no clock.
"""
# mypy: disallow-untyped-calls=False

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from language.training.model import Shape, Translator
from language.training.muon import Muon
from language.training.store import Batch, Order, TokenStore

_FLOOR = 0.02


@dataclass(frozen=True, slots=True)
class Plan:
    """What one training run does. Tokens are real (unpadded) source and target tokens."""

    tokens: int = 2_000_000_000
    decay: int = 0
    batch_tokens: int = 4096
    matrix_rate: float = 4e-3
    other_rate: float = 2e-3
    warmup_steps: int = 100
    average: float = 0.998
    clip: float = 1.0
    seed: int = 1
    threads: int = 2
    compiled: int = 1
    save_minutes: float = 5.0
    score_minutes: float = 15.0
    score_texts: int = 60
    score_longest: int = 80


class Trainer:
    """Network, optimizers and position in the data: all that a checkpoint holds."""

    def __init__(
        self, store: TokenStore, shape: Shape, plan: Plan, allowed: Mapping[int, Tensor] | None = None
    ) -> None:
        self.plan = plan
        self.shape = shape
        self.network = Translator(shape, seed=plan.seed)
        named = list(self.network.named_parameters())
        matrices = [weight for name, weight in named if weight.ndim == 2 and name != "embedding.weight"]
        others = [weight for name, weight in named if weight.ndim != 2 or name == "embedding.weight"]
        self.muon = Muon(matrices, lr=plan.matrix_rate)
        self.adam = torch.optim.AdamW(others, lr=plan.other_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
        self.average = {name: weight.detach().clone() for name, weight in named}
        self.allowed = allowed
        self.order = Order(store, seed=plan.seed, batch_tokens=plan.batch_tokens)
        self.step = self.tokens = self.chunk = self.batch = self.chunk_tokens = self.decay_start = 0

    def rate(self) -> float:
        """Return the learning rate's factor at the present step and token."""
        warm = min(1.0, (self.step + 1) / self.plan.warmup_steps)
        if not self.plan.decay:
            return warm
        gone = (self.tokens - self.decay_start) / self.plan.decay
        return warm * max(_FLOOR, 1.0 - gone)

    def learn(self, batch: Batch) -> float:
        """Take one step on `batch` and return its loss in nats per target token."""
        for optimizer, rate in ((self.muon, self.plan.matrix_rate), (self.adam, self.plan.other_rate)):
            for group in optimizer.param_groups:
                group["lr"] = rate * self.rate()
        with torch.autocast("cpu", torch.bfloat16):
            loss = self.network.loss(
                torch.from_numpy(batch.source),
                torch.from_numpy(batch.target_in),
                torch.from_numpy(batch.target_out),
                self.allowed,
            )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.plan.clip)
        self.muon.step()
        self.adam.step()
        self.network.zero_grad(set_to_none=True)
        self.step += 1
        self.tokens += batch.tokens
        keep = min(self.plan.average, (1 + self.step) / (10 + self.step))
        slow = [self.average[name] for name, _ in self.network.named_parameters()]
        torch._foreach_lerp_(slow, [weight.detach() for weight in self.network.parameters()], 1 - keep)
        return float(loss.detach())

    def save(self, folder: Path) -> None:
        """Write the checkpoint into `folder`, atomically."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            "network": self.network.state_dict(),
            "average": self.average,
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
            "shape": self.shape.as_dict(),
            "position": {name: getattr(self, name) for name in _POSITION},
        }
        partial = folder / "checkpoint.partial"
        torch.save(state, partial)
        partial.replace(folder / "checkpoint.pt")

    def load(self, path: Path) -> None:
        """Take up a checkpoint. Raises ValueError when its shape is another one."""
        state = torch.load(path, map_location="cpu", weights_only=True)
        if state["shape"] != self.shape.as_dict():
            raise ValueError(
                f"{path}: expected shape {self.shape.as_dict()}, got {state['shape']}; pass the same sizes"
            )
        self.network.load_state_dict(state["network"])
        self.average = state["average"]
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        for name in _POSITION:
            setattr(self, name, state["position"][name])


_POSITION = ("step", "tokens", "chunk", "batch", "chunk_tokens", "decay_start")
