"""Faces, so that they can be hidden: where they are in a picture, and over time. Nobody is recognised."""

from vision.faces.hold import Holder, spread
from vision.faces.yunet import Face, FaceFinder

__all__ = ["Face", "FaceFinder", "Holder", "spread"]
