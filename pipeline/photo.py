"""`glossa photo`: pictures in, the same pictures out with their texts translated in place."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from devices import Frame, GlossaError, OutputError, Rgb, Stamp
from devices.files import check_output, whole_file
from devices.photo import read_photo, write_photo
from language.translation import Translator
from overlay.layouts import lay_out
from overlay.scene import Caption
from overlay.sticker import draw_stickers
from pipeline.anonymise import hide_in_photo
from pipeline.findings import frame_record, run_record, write_line
from pipeline.live.looking import Senses
from pipeline.signs import Sign, signs_in_picture
from pipeline.stickers import stickers_of
from pipeline.tags import Tagger, area_of
from pipeline.video import Choices
from vision.codes import Code
from vision.faces import FaceFinder
from vision.objects import Detection
from vision.quad import bounds
from vision.text import TextReader

_CODE_SIDE_PX = 2560


def default_photo(path: Path, folder: Path | None, to: str) -> Path:
    """`sign.jpg` becomes `sign.ko.jpg`, beside it or in `folder`; kinds that cannot be written become PNG."""
    suffix = path.suffix if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp") else ".png"
    return (folder or path.parent) / f"{path.stem}.{to}{suffix}"


def translate_picture(
    rgb: Rgb,
    stamp: Stamp,
    choices: Choices,
    *,
    reader: TextReader,
    translator: Translator,
    things: Sequence[Detection] = (),
    codes: Sequence[Code] = (),
    faces: FaceFinder | None = None,
) -> tuple[Rgb, list[Sign]]:
    """One picture `(H, W, 3)`, translated, with tags for `things` and `codes`, and the signs that it shows. Blocks.

    With `faces`, these and number plates are hidden.
    """
    regions = reader.read(rgb, stamp)
    if faces:
        rgb, regions = hide_in_photo(rgb, regions, faces)
    signs = signs_in_picture(regions, translator, source=choices.source, to=choices.to)
    told = [sign for sign in signs if sign.drawn]
    drawn = rgb.copy()
    made = stickers_of(rgb, signs)
    placed = [(made[sign.id], sign.quad) for sign in told]
    draw_stickers(drawn, placed)
    if things or codes:
        taken = [area_of(sticker, quad) for sticker, quad in placed]
        taken += [bounds(sign.quad) for sign in signs if not sign.drawn]
        Tagger(choices.to).draw(drawn, things, codes, taken)
    captions = [
        Caption(sign.translation.source, sign.translation.target, sign.translation.sure)
        for sign, (sticker, _) in zip(told, placed, strict=True)
        if sign.known and (choices.layout == "captions" or sticker.abbreviated)
    ]
    return lay_out(choices.layout, rgb, drawn, captions), signs


def look_at(frame: Frame, senses: Senses) -> tuple[list[Detection], list[Code]]:
    """The things and codes of one picture, numbered; a single picture has nothing to be doubted by. Blocks."""
    found, codes = senses.look(frame, _CODE_SIDE_PX)
    sure = [thing for thing in found if senses.objects and thing.score >= senses.objects.sure_score]
    things = [replace(thing, track=number) for number, thing in enumerate(sure, 1)]
    return things, [replace(code, track=number) for number, code in enumerate(codes, 1)]


class Translated(NamedTuple):
    """A picture that was written, and what is on it."""

    path: Path
    signs: list[Sign]
    things: list[Detection]
    codes: list[Code]


def translate_photos(
    paths: Sequence[Path],
    folder: Path | None,
    choices: Choices,
    *,
    reader: TextReader,
    translator: Translator,
    senses: Senses | None = None,
    faces: FaceFinder | None = None,
) -> tuple[list[Translated], list[str]]:
    """Translates each picture that can be read.

    Returns what was written, and one sentence for every picture that could not be read: the others are not lost.
    Raises `OutputError` when nothing can be written.
    """
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            raise OutputError(f"{folder}: cannot be made ({why.strerror}); choose another folder with -o") from why
    done: list[Translated] = []
    failures: list[str] = []
    with ExitStack() as outputs:
        findings = None
        if choices.findings:
            part = outputs.enter_context(whole_file(choices.findings, paths))
            findings = outputs.enter_context(part.open("w", encoding="utf-8", newline="\n"))
        for path in paths:
            try:
                frame = read_photo(path)
                out = check_output(default_photo(path, folder, choices.to), [*paths, *(one.path for one in done)])
                things, codes = look_at(frame, senses or Senses())
                picture, signs = translate_picture(
                    frame.rgb,
                    frame.stamp,
                    choices,
                    reader=reader,
                    translator=translator,
                    things=things,
                    codes=codes,
                    faces=faces,
                )
                write_photo(out, picture)
            except GlossaError as why:
                failures.append(str(why))
                continue
            if findings:
                height, width = frame.rgb.shape[:2]
                asked = {"from": choices.source, "to": choices.to, "layout": choices.layout}
                if not done:
                    write_line(findings, run_record(path, width, height, 0.0, **asked))
                size = {"file": path.name, "width": width, "height": height}
                write_line(findings, {**frame_record(0, 0.0, signs, things, codes), "seq": len(done), **size})
            done.append(Translated(out, signs, things, codes))
        if findings:
            write_line(findings, {"type": "summary", "frames": len(done), "failed": len(failures)})
    return done, failures
