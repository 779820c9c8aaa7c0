"""Step 2: train, for as long as there is time; stop and go on at will.

Run `python -m language.training.train --work DIR`. The same command resumes exactly where the last checkpoint was
written. `--decay TOKENS` branches off: it takes the running checkpoint, lets the learning rate fall to nothing over
that many tokens in `WORK/decayed`, and leaves the stable run as it was (warmup-stable-decay, Hu et al. 2024). Writes
`train.pid`, `curve.jsonl` and the checkpoint.
"""
# mypy: disallow-untyped-calls=False

import argparse
import contextlib
import ctypes
import fcntl
import json
import logging
import os
import signal
import time
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

import sentencepiece
import torch
from torch import Tensor

from language.training.allowed import allowed_pieces, write_allowed
from language.training.evaluate import read_dev, score
from language.training.export import write_model
from language.training.model import Shape
from language.training.store import TokenStore, longest_at, vocabulary_of
from language.training.trainer import Plan, Trainer

_log = logging.getLogger(__name__)


class _Stop:
    """Inside it, SIGTERM or SIGINT means: finish the step, save, leave."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> "_Stop":
        self._before = {number: signal.signal(number, self._ask) for number in (signal.SIGTERM, signal.SIGINT)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


def train(work: Path, shape: Shape, plan: Plan) -> None:
    """Train until the plan's tokens are used or a signal comes; resume from the folder's checkpoint if there is one."""
    torch.set_num_threads(plan.threads)
    torch.set_flush_denormal(True)
    folder = work / ("decayed" if plan.decay else "stable")
    folder.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(store := TokenStore.load(work / "data"), shape, plan, _competing(store, work / "data"))
    if (folder / "checkpoint.pt").exists():
        trainer.load(folder / "checkpoint.pt")
    elif plan.decay:
        trainer.load(work / "stable" / "checkpoint.pt")
        trainer.decay_start = trainer.tokens
    end = trainer.decay_start + plan.decay if plan.decay else plan.tokens
    _log.info("%s: from step %d, %d tokens, to %d tokens", folder.name, trainer.step, trainer.tokens, end)
    if plan.compiled:
        # 1.4 times as many tokens a second, for two to four minutes at the start.
        for name in ("encode", "decode"):
            setattr(trainer.network, name, torch.compile(getattr(trainer.network, name), dynamic=True))
    diary = _Diary(work, folder, trainer, store)
    with _Stop() as stop:
        while trainer.tokens < end and not stop.asked:
            batches = trainer.order.chunk(trainer.chunk, longest_at(trainer.chunk_tokens))
            while trainer.batch < len(batches) and trainer.tokens < end and not stop.asked:
                batch = batches[trainer.batch]
                trainer.batch += 1
                diary.note(trainer.learn(batch), batch.tokens)
            if trainer.batch == len(batches):
                trainer.chunk += 1
                trainer.batch = 0
                trainer.chunk_tokens = trainer.tokens
    trainer.save(folder)
    diary.write_score()
    _log.info("left at step %d, %d tokens", trainer.step, trainer.tokens)


def _competing(store: TokenStore, data: Path) -> dict[int, Tensor]:
    """Return the pieces that compete in each language; a third of all, and the same ones as at run time."""
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(data / "glossa.model"))
    return {tag: torch.from_numpy(pieces) for tag, pieces in allowed_pieces(store, tokenizer).items()}


class _Diary:
    """What is written while training: one line a minute, a checkpoint and dev scores every few minutes."""

    def __init__(self, work: Path, folder: Path, trainer: Trainer, store: TokenStore) -> None:
        self._store = store
        self._work = work
        self._folder = folder
        self._trainer = trainer
        plan = trainer.plan
        self._dev = read_dev(work / "data", most=plan.score_texts, longest=plan.score_longest)
        self._losses: list[float] = []
        self._seen = 0
        self._since = self._saved = self._scored = time.monotonic()
        self._busy = time.process_time()

    def note(self, loss: float, tokens: int) -> None:
        """Count one step; write what is due."""
        self._losses.append(loss)
        self._seen += tokens
        now = time.monotonic()
        if now - self._since >= 60:
            self._write_line(now)
        if now - self._saved >= self._trainer.plan.save_minutes * 60:
            self._trainer.save(self._folder)
            self._saved = now
        if now - self._scored >= self._trainer.plan.score_minutes * 60:
            self.write_score()
            self._scored = time.monotonic()

    def _write_line(self, now: float) -> None:
        busy = time.process_time()
        row = {
            "loss": round(sum(self._losses) / len(self._losses), 4),
            "tokens_per_s": round(self._seen / (now - self._since)),
            "tokens_per_cpu_s": round(self._seen / (busy - self._busy)),
            "rate": round(self._trainer.rate(), 4),
            "longest": longest_at(self._trainer.chunk_tokens),
        }
        self._append(row)
        _give_back_memory()
        self._losses, self._seen, self._since, self._busy = [], 0, now, busy

    def write_score(self) -> None:
        """Score the averaged weights on the small dev subset, through the real int8 export."""
        trainer = self._trainer
        model = self._folder / "model"
        write_model(trainer.average, trainer.shape, self._work / "data" / "glossa.model", model)
        # Pieces of other languages did not compete in training: nothing has taught the network to leave them out.
        write_allowed(self._store, model)
        found = score(model, self._dev, threads=trainer.plan.threads)
        self._append(
            {
                "chrf": {one.direction: one.chrf for one in found},
                "bleu": {one.direction: one.bleu for one in found},
            }
        )

    def _append(self, row: dict[str, Any]) -> None:
        head = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "run": self._folder.name,
            "step": self._trainer.step,
            "tokens": self._trainer.tokens,
        }
        line = json.dumps(head | row)
        with (self._work / "curve.jsonl").open("a", encoding="utf-8") as curve:
            curve.write(line + "\n")
        _log.info("%s", line)


def _keep_memory() -> None:
    """Ask glibc to keep freed memory: fresh pages for every activation cost a fifth of the time."""
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(-4, 0)  # M_MMAP_MAX
        libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD
    except (OSError, AttributeError):
        _log.info("this C library has no mallopt; training will be a little slower")


def _give_back_memory() -> None:
    """Return kept memory that has fallen to pieces; left alone it grows to many times what is in use."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def main() -> None:
    """Read the command line and train, one run a folder at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, help="not needed; taken so that all steps have the same options")
    for settings in (Plan(), Shape(0)):
        for name, value in asdict(settings).items():
            parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    given = vars(parser.parse_args())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    work: Path = given["work"]
    work.mkdir(parents=True, exist_ok=True)
    with (work / "train.pid").open("a+", encoding="utf-8") as pid_file:
        try:
            fcntl.flock(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid_file.seek(0)
            raise SystemExit(f"already training in {work}, process {pid_file.read().strip()}") from None
        pid_file.truncate(0)
        pid_file.write(f"{os.getpid()}\n")
        pid_file.flush()
        _keep_memory()
        plan = Plan(**{name: given[name] for name in asdict(Plan())})
        sizes = {name: given[name] for name in asdict(Shape(0))}
        sizes["vocabulary"] = sizes["vocabulary"] or vocabulary_of(work / "data")
        train(work, Shape(**sizes), plan)


if __name__ == "__main__":
    main()
