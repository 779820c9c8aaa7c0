"""Things in view: detectors behind one protocol, and tracks over time."""

from vision.objects.detection import Box, Detection, ObjectDetector
from vision.objects.onnx import DetectorOptions, OnnxDetector

__all__ = ["Box", "Detection", "DetectorOptions", "ObjectDetector", "OnnxDetector"]
