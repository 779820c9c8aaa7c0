"""Translation by a neural network on this machine: our own, or another one from a folder.

from language.neural import NeuralTranslator
NeuralTranslator().translate(["신발을 벗어 주세요"], source="auto", to="en")
"""

from language.neural.apertium import Apertium
from language.neural.translator import NeuralTranslator, open_folder

__all__ = ["Apertium", "NeuralTranslator", "open_folder"]
