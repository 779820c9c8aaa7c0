"""People by OpenCV, on builds that can: made margins, and what is said where it cannot."""

import cv2
import numpy as np
import pytest

import vision.objects.hog
from devices import MissingError
from tests.vision.objects.tiny_networks import frame
from vision.objects.hog import HogPeople


class MadeHog:
    """Answers as OpenCV's class does, in pixels of the picture that it is given."""

    found = np.zeros((0, 4), np.int32)
    margins = np.zeros(0)

    def setSVMDetector(self, weights: object) -> None:  # noqa: N802 - OpenCV's name
        pass

    def detectMultiScale(self, gray: np.ndarray, **wishes: object) -> tuple[np.ndarray, np.ndarray]:  # noqa: N802
        assert gray.shape == (480, 640)
        return self.found, self.margins


def test_a_build_without_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cv2, "HOGDescriptor", raising=False)
    assert not vision.objects.hog.has_hog()
    with pytest.raises(MissingError, match="glossa models pull yolox-nano"):
        HogPeople()


def test_windows_become_people_in_capture_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "HOGDescriptor", MadeHog, raising=False)
    monkeypatch.setattr(cv2, "HOGDescriptor_getDefaultPeopleDetector", lambda: None, raising=False)
    people = HogPeople()
    assert people.detect(frame(1280, 960)) == []
    # One person in two windows, one window that is hardly sure.
    monkeypatch.setattr(MadeHog, "found", np.array([[100, 100, 100, 200], [104, 102, 100, 200], [400, 100, 64, 128]]))
    monkeypatch.setattr(MadeHog, "margins", np.array([2.0, 1.2, 0.1]))
    (person,) = people.detect(frame(1280, 960))
    assert person.label == "person"
    assert person.score > people.sure_score
    assert np.allclose(person.box, (2 * 112, 2 * 112, 2 * 188, 2 * 288), atol=1)
