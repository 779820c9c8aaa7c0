"""Hands: where they are, what they do, and when that is meant."""

from vision.hands.dwell import Dwell, Habits, Sample, watch
from vision.hands.hand import Gesture, Hand
from vision.hands.reader import HandReader

__all__ = ["Dwell", "Gesture", "Habits", "Hand", "HandReader", "Sample", "watch"]
