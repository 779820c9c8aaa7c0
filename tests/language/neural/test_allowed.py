from pathlib import Path

import numpy as np
import sentencepiece

from language.protect import PLACES
from language.training.allowed import write_allowed
from language.training.store import TokenStore
from tests.language.neural.tiny import glossa_folder


def test_each_language_is_written_with_what_its_targets_had(tmp_path: Path) -> None:
    folder = glossa_folder(tmp_path / "model")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(folder / "glossa.model"))
    sentences = [tokenizer.encode(text) for text in ("출구 <2ja>", "The exit", "on the left")]
    store = TokenStore(
        flat=np.concatenate([np.array(sentence, np.uint16) for sentence in sentences]),
        offsets=np.cumsum([0, *map(len, sentences)]),
        source=np.array([0, 1, 0], np.int32),
        target=np.array([1, 0, 2], np.int32),
        direction=np.array([0, 1, 0], np.uint8),
        weight=np.ones(3, np.float32),
        directions=("ko-en", "en-ko"),
        tags=(0, 0),
    )
    counts = write_allowed(store, folder)
    rows = dict(line.split("\t") for line in (folder / "vmap.txt").read_text(encoding="utf-8").splitlines())
    english, korean = rows["<2en>"].split(" "), rows["<2ko>"].split(" ")
    assert counts == {"en": len(english), "ko": len(korean)}
    always = {*PLACES, *(f"<0x{byte:02X}>" for byte in range(256))}
    asked = {tokenizer.id_to_piece(number) for number in [*sentences[1], *sentences[2]]}
    assert set(english) == asked | always
    assert set(korean) >= {tokenizer.id_to_piece(number) for number in sentences[0]} - {"<unk>"}
    assert not {"<2ja>", "</s>", "<unk>"} & {*english, *korean}
