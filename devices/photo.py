"""Photographs: a picture file comes in, an upright 8-bit RGB Frame goes out, and the way back.

Refuses to know: what is in the picture. Animated files give their first picture.
"""

import io
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from devices.decoded import over_white
from devices.errors import InputError, OutputError
from devices.files import check_input, whole_file
from devices.frame import Frame, Rgb, Stamp

LARGEST_PX = 200_000_000
"""Pictures with more pixels than this are refused: 200 MP need 600 MB as RGB."""

_FORMATS: dict[str, tuple[str, dict[str, int]]] = {
    ".jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".png": ("PNG", {"compress_level": 4}),
    ".webp": ("WEBP", {"quality": 95}),
    ".tif": ("TIFF", {}),
    ".tiff": ("TIFF", {}),
    ".bmp": ("BMP", {}),
}
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
_open_lock = Lock()


def read_photo(path: Path | str) -> Frame:
    """Return the picture upright (as its EXIF says), `(H, W, 3)` uint8, alpha over white, 16 bits cut to 8.

    Raises InputError: missing, a folder, empty, not a picture, cut off, HEIC, or more than 200 megapixels.
    """
    file = check_input(path)
    try:
        with _open(file, Path(path)) as image:
            rgb = _to_rgb(image)
    except UnidentifiedImageError as why:
        rgb = _by_opencv(file, Path(path), why)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as why:
        raise InputError(f"{path}: the picture is damaged or cut off ({why}); copy or download it again") from why
    rgb = np.ascontiguousarray(rgb)
    rgb.flags.writeable = False
    return Frame(Stamp(source=Path(path).name, seq=0, captured_ns=0, pts_ms=0.0), rgb)


def write_photo(path: Path | str, rgb: Rgb) -> None:
    """Write `(H, W, 3)` uint8 to `path`, format by suffix, whole or not at all.

    Raises OutputError: an unknown suffix, too large for the format, or the file cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _FORMATS:
        raise OutputError(f"{path}: pictures are written as {', '.join(_FORMATS)}, not {suffix or 'without suffix'}")
    name, options = _FORMATS[suffix]
    encoded = io.BytesIO()  # encoders hide the reason when the disk is full: write the bytes ourselves
    try:
        Image.fromarray(np.ascontiguousarray(rgb)).save(encoded, name, **options)
    except (OSError, ValueError, SystemError) as why:
        height, width = rgb.shape[:2]
        raise OutputError(f"{path}: {width}x{height} cannot be written as {name} ({why}); try .png") from why
    with whole_file(path) as part:
        part.write_bytes(encoded.getbuffer())


def _open(file: Path, shown: Path) -> Image.Image:
    with _open_lock:  # Pillow's limit is a global; ours is checked right after the header has been read
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            image = Image.open(file)
        finally:
            Image.MAX_IMAGE_PIXELS = limit
    _check_size(image.width, image.height, shown)
    return image


def _check_size(width: int, height: int, shown: Path) -> None:
    if width * height > LARGEST_PX:
        raise InputError(
            f"{shown}: {width}x{height} is {width * height / 1e6:.0f} megapixels, at most "
            f"{LARGEST_PX / 1e6:.0f} are read; make it smaller first"
        )


def _to_rgb(image: Image.Image) -> Rgb:
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        return _grey_to_rgb(np.asarray(image))
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        return over_white(np.asarray(image.convert("RGBA")))
    return np.asarray(image.convert("RGB"))


def _grey_to_rgb(deep: NDArray[np.generic]) -> Rgb:
    """Scale 16-bit, 32-bit or float grey `(H, W)` to 8 bits: by type for 16 bits, by content for the others."""
    if deep.dtype in (np.uint16, np.dtype(">u2")):
        grey = (deep.astype(np.uint16) >> 8).astype(np.uint8)
    else:
        values = np.nan_to_num(deep.astype(np.float32))
        top = float(values.max(initial=0.0))
        full = 1.0 if top <= 1 and deep.dtype.kind == "f" else 255.0 if top <= 255 else 65535.0
        grey = np.clip(values * (255.0 / max(full, top)), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _by_opencv(file: Path, shown: Path, why: Exception) -> Rgb:
    """Read the few kinds that Pillow does not know (16-bit RGB TIFF); otherwise say what was found instead."""
    head = file.open("rb").read(64)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        raise InputError(
            f"{shown}: is HEIC, which is not read; convert it to JPEG first (heif-convert, Debian package "
            "libheif-examples)"
        ) from why
    if head[:4] not in (b"II*\0", b"MM\0*"):
        kind = "text" if _is_text(head) else "no kind of picture that is known"
        raise InputError(f"{shown}: is {kind}; expected a picture such as JPEG, PNG, WebP or TIFF") from why
    picture = cv2.imread(str(file), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise InputError(f"{shown}: this kind of TIFF is not read, or it is damaged; convert it to PNG") from why
    _check_size(picture.shape[1], picture.shape[0], shown)
    return np.asarray(picture, dtype=np.uint8)


def _is_text(head: bytes) -> bool:
    try:
        return "\0" not in head[:60].decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        return False
