"""What a translator costs: milliseconds for one sign, signs a second, resident memory.

In: texts with their languages. Out: plain numbers. The functions are called in processes of their own
(`benchmarks.cost.measure`), so nothing heavy is imported here before it is asked for.
"""

import gc
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

SIGN_TOKENS = 12
"""A sign is at most this many pieces of our tokenizer."""
_WARM_UP = 5
_BATCH = 32

Asked = Sequence[Sequence[str]]
"""Texts as [text, source language, target language]."""


def one_by_one(model: str | None, texts: Asked) -> dict[str, Any]:
    """Time each text alone on one thread, by the network alone; return p50 and p95, ms. Blocks."""
    translator = _network(model)
    for text, source, to in texts[:_WARM_UP]:
        translator.translate([text], source=source, to=to)
    spent_ms, cpu_ms = [], []
    for text, source, to in texts:
        start, cpu_start = time.perf_counter(), time.process_time()
        translator.translate([text], source=source, to=to)
        spent_ms.append((time.perf_counter() - start) * 1e3)
        cpu_ms.append((time.process_time() - cpu_start) * 1e3)
    measured = {"p50_ms": quantile(spent_ms, 0.5), "p95_ms": quantile(spent_ms, 0.95)}
    # What it would be on a machine that does nothing else.
    return {"texts": len(texts), **measured, "cpu_p50_ms": quantile(cpu_ms, 0.5), "cpu_p95_ms": quantile(cpu_ms, 0.95)}


def in_batches(model: str | None, texts: Asked, threads: int) -> dict[str, Any]:
    """Time texts 32 at a time, those of one direction together; return texts a second. Blocks."""
    translator = _network(model, threads)
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for text, source, to in texts:
        groups[source, to].append(text)
    for (source, to), group in groups.items():
        translator.translate(group[:1], source=source, to=to)
    start = time.perf_counter()
    for (source, to), group in groups.items():
        for place in range(0, len(group), _BATCH):
            translator.translate(group[place : place + _BATCH], source=source, to=to)
    return {"texts": len(texts), "threads": threads, "texts_per_s": len(texts) / (time.perf_counter() - start)}


def resident(engine: str, model: str | None, texts: Asked) -> dict[str, Any]:
    """Return by how much resident memory grew for a translator that is loaded and has translated the texts, MB.

    Counted from a Python that has imported numpy; 10^6 bytes; pages of a mapped file that were read count too.
    """
    import numpy  # noqa: F401

    gc.collect()
    before = rss_mb()
    translator = open_system(engine, Path(model) if model else None)
    for text, source, to in texts:
        translator.translate([text], source=source, to=to)
    return {"texts": len(texts), "mb": rss_mb() - before, "python_mb": before}


def open_system(engine: str, model: Path | None, threads: int = 1) -> Any:
    """Open a translator as the command line does: "auto", "memory", "glossa" or "apertium"."""
    from pipeline.engines import open_translator

    return open_translator(engine, model=model, threads=threads)


def short_signs(texts: Asked, count_tokens: Callable[[str], int], most: int) -> list[list[str]]:
    """Choose `most` texts of at most 12 tokens, taking from every direction in turn, in their own order."""
    groups: defaultdict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for text, source, to in texts:
        if count_tokens(text) <= SIGN_TOKENS:
            groups[source, to].append([text, source, to])
    queues = list(groups.values())
    longest = max(map(len, queues), default=0)
    return [queue[place] for place in range(longest) for queue in queues if place < len(queue)][:most]


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def rss_mb() -> float:
    """Return this process's resident memory now, 10^6 bytes."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _network(model: str | None, threads: int = 1) -> Any:
    return open_system("glossa", Path(model) if model else None, threads)


def token_counter(model: Path | None) -> Callable[[str], int]:
    """Return what counts the pieces of a text: our tokenizer, or the text's characters where the model has another."""
    from pipeline.engines import NETWORK

    tokenizer = (model or NETWORK) / "glossa.model"
    if not tokenizer.is_file():
        return len
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer))
    return lambda text: len(processor.encode(text))
