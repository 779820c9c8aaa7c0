"""What the models of the store are good for, in words. Imports nothing heavy: a list of models is quick."""

KOREAN = "ppocrv5-rec-korean"
"""The model that reads Korean; where it lies in the store it is asked instead of Tesseract."""

TAKEN = frozenset(
    ("auto", "memory", "glossa", "apertium", "off", "none", "objects", "codes", "openvino", "onnxruntime", "paddleocr")
)
"""Names that options take for something else than a model."""

UNUSED = "nothing in this version of Glossa uses it yet"

_USES = {
    ("text", "onnx"): "To read with it: --reader {id}",
    ("objects", "onnx"): "To find things with it: --look objects --detector {id}",
    ("objects", "mediapipe"): "To find things with it: --look objects --detector {id}",
    ("hands", "mediapipe"): "To steer by gestures with it: glossa live --gestures {id}",
    ("faces", "opencv"): "--anonymise hides faces with it from now on.",
    ("faces", "onnx"): "To hide faces with it: --anonymise --faces {id}",
    ("translation", "ctranslate2"): "To translate with it: --engine {id}",
}


def use_of(name: str, task: str, engine: str) -> str:
    """How a model is used; empty: see `UNUSED`."""
    if name == KOREAN:
        return "Korean is read with it from now on."
    return _USES.get((task, engine), "").format(id=name)
