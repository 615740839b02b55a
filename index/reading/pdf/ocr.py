"""Text recognition: reads the picture of a page with Tesseract, where that is installed with its Dutch data.

The program is called, not bound: a page that takes too long or too much memory then costs itself alone, and
Python has nothing more to install.
"""

import math
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image
from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.reading.characters import clean_text
from index.reading.pdf.lines import Line

SECONDS = 15
"""The longest for a page. One of A4 takes two, with one thread; with more threads Tesseract is slower."""

_LANGUAGE = "nld"
_POINT = 300 / 72
"""Pixels: Tesseract was trained on 300 dots an inch."""
_LARGEST = 20_000_000
"""Pixels of a picture: two sheets of A4. A poster is drawn smaller."""
_NUMBER = r"(-?[\d.]+)"
_BOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")
_BASELINE = re.compile(rf"baseline {_NUMBER} {_NUMBER}")
_SIZE = re.compile(rf"x_size {_NUMBER}")
_SURE = re.compile(r"x_wconf (\d+)")
_OF_EM = 1.05
"""Type size to what Tesseract calls the size of a line: 1.04 to 1.08 on three typeset pages."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines of a page, and how sure the words are on average, from 0 to 1."""

    lines: tuple[Line, ...]
    confidence: float


@cache
def tesseract() -> str | None:
    """Return the name and version of the Tesseract that reads Dutch here ("tesseract 5.3.0"), or None."""
    try:
        languages = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True)
        version = subprocess.run(["tesseract", "--version"], capture_output=True, text=True)
    except OSError:
        return None
    return version.stdout.splitlines()[0] if _LANGUAGE in languages.stdout.split() else None


def picture_scale(width: float, height: float) -> float:
    """Return at how many pixels to the point a page of this size, in points, is best drawn."""
    return min(_POINT, math.sqrt(_LARGEST / max(1.0, width * height)))


def recognise(picture: Image.Image, page: int, scale: float) -> Recognised | None:
    """Return the lines of page number `page` by its picture, `scale` pixels to the point, in reading order.

    Returns None where Tesseract takes longer than SECONDS or finds nothing.
    """
    # `timeout` ends it also when this process is ended first.
    command = ["timeout", "--signal=KILL", str(SECONDS), "tesseract", "stdin", "stdout", "-l", _LANGUAGE]
    command += ["--dpi", str(round(scale * 72)), "-c", "tessedit_create_hocr=1"]
    pixels = b"P5 %d %d 255\n" % picture.size + picture.convert("L").tobytes()
    threads = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, input=pixels, capture_output=True, env=threads)
    found = tuple(_lines(done.stdout, page, scale)) if done.returncode == 0 else ()
    letters = sum(len(line.text) for line, _ in found)
    if not letters:
        return None
    sure = sum(confidence * len(line.text) for line, confidence in found) / letters
    return Recognised(tuple(line for line, _ in found), sure)


def _lines(hocr: bytes, page: int, scale: float) -> Iterator[tuple[Line, float]]:
    """Yield the lines that stand in Tesseract's hOCR, each with the mean confidence of its words."""
    for node in LexborHTMLParser(hocr).css(".ocr_line, .ocr_header, .ocr_caption, .ocr_textfloat"):
        words = [(clean_text(word.text()), word) for word in node.css(".ocrx_word")]
        words = [(text, word) for text, word in words if text]
        if not words:
            continue
        boxes = [_NOWHERE]
        for text, word in words:
            boxes += [_NOWHERE, *_split(_box(word, scale), len(text))]
        places = np.clip(np.rint(np.array(boxes[2:]) * 10), 0, 65535).astype(np.uint16)
        left, _, right, bottom = _box(node, scale)
        _, lift = _numbers(_BASELINE, node) or (0.0, 0.0)
        (size,) = _numbers(_SIZE, node) or (10.0 * scale,)
        line = Line(
            " ".join(text for text, _ in words),
            places,
            page,
            left,
            right,
            bottom + lift / scale,
            round(_OF_EM * size / scale, 1),
            bold=False,
        )
        yield line, float(np.mean([_numbers(_SURE, word) or (0.0,) for _, word in words])) / 100


_Box = tuple[float, float, float, float]
_NOWHERE: _Box = (0.0, 0.0, 0.0, 0.0)


def _numbers(pattern: re.Pattern[str], node: LexborNode) -> tuple[float, ...] | None:
    found = pattern.search(node.attributes.get("title") or "")
    return tuple(map(float, found.groups())) if found else None


def _box(node: LexborNode, scale: float) -> _Box:
    left, top, right, bottom = _numbers(_BOX, node) or _NOWHERE
    return left / scale, top / scale, right / scale, bottom / scale


def _split(box: _Box, parts: int) -> Iterator[_Box]:
    left, top, right, bottom = box
    step = (right - left) / parts
    for part in range(parts):
        yield left + part * step, top, left + (part + 1) * step, bottom
