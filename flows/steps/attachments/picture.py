"""One file: read once, known by its content, decoded once at the size it is measured at."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from expectations.facts.documents import FORMATS, MOST_PIXELS, Picture

LONG_SIDE = 1000
"""Pixels of the long side pictures are measured at: what a reviewer sees on a screen."""
READ_LIMIT = 64 * 1024 * 1024
"""Bytes; a larger file is far too large anyway, and is not read into memory."""
WINDOW = 15
"""Pixels; an edge is judged within such a square."""
EDGE = 24
"""Levels of 255 that make an edge."""

_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"),
    (b"BM", "BMP"), (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"), (b"%PDF", "PDF"), (b"8BPS", "PSD"),
    (b"PK\x03\x04", "ZIP/Office"), (b"Rar!", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\xd0\xcf\x11\xe0", "Office 97"),
)  # fmt: skip


def format_of(head: bytes) -> str:
    """The format by the first bytes of the file."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return "AVIF" if head[8:12] == b"avif" else "HEIC" if head[8:11] in (b"hei", b"hev", b"mif") else "MP4"
    return "?"


def open_picture(path: Path) -> Picture:
    """Everything rules ask of a file. Whatever it holds, the answer is a :class:`Picture`."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size > READ_LIMIT:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                file.seek(0)
                return Picture("ok", format_of(file.read(16)), size, sha256=digest)
            content = file.read()
    except OSError:
        return Picture("broken")
    if not content:
        return Picture("empty")
    return _decoded(content)


def _decoded(content: bytes) -> Picture:
    found = Picture("ok", format_of(content[:16]), len(content), sha256=hashlib.sha256(content).hexdigest())
    if found.format not in FORMATS:
        return found
    try:
        # MPO is a JPEG with further pictures behind it, as some telephones write.
        with Image.open(BytesIO(content), formats=(*FORMATS, "MPO")) as image:
            found = replace(found, width=image.width, height=image.height)
            if image.width * image.height > MOST_PIXELS:
                return replace(found, state="bomb")
            contrast, colour, steepness = _measured(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return replace(found, state="bomb")
    except Exception as error:  # a damaged file makes decoders raise nearly anything
        return replace(found, state="truncated" if "truncated" in str(error) else "broken")
    return replace(found, contrast=contrast, colour=colour, sharpness=steepness)


def _measured(image: Image.Image) -> tuple[float, float, float]:
    light, differences = _planes(image)
    smooth = cv2.blur(light, (5, 5))
    contrast = float(smooth.max()) - float(smooth.min())
    colour = max(float(np.ptp(np.percentile(plane, (0.05, 99.95)))) for plane in differences)
    return contrast, colour, sharpness(light)


def _planes(image: Image.Image) -> tuple[np.ndarray, list[np.ndarray]]:
    """Lightness and the two colour differences, at the size pictures are measured at.

    A JPEG is decoded at a fraction of its size and left in its own colours: every byte is still read,
    so a damaged one is found.
    """
    scale = min(LONG_SIDE / max(image.size), 1)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    image.draft("YCbCr", size)
    image.load()
    if image.mode in ("P", "PA", "LA", "RGBA") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(with_alpha, mask=with_alpha)
    pixels: np.ndarray
    if image.mode.startswith("I"):  # 16 bits a pixel
        pixels = (np.asarray(image).astype(np.float32) / 257).clip(0, 255).astype(np.uint8)
    else:
        pixels = np.asarray(image if image.mode in ("L", "YCbCr", "RGB") else image.convert("RGB"))
    if scale < 1:
        # Up to a half, linear interpolation still sees every pixel, at a tenth of the cost.
        pixels = cv2.resize(
            pixels, size, interpolation=cv2.INTER_LINEAR if pixels.shape[1] <= 2 * size[0] else cv2.INTER_AREA
        )
    if pixels.ndim == 2:
        return pixels, [np.zeros(1, np.uint8)]
    if image.mode != "YCbCr":
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)
    light, *differences = cv2.split(pixels)
    return light, [plane[::4, ::4] for plane in differences]


def sharpness(light: np.ndarray) -> float:
    """How steep edges are, 0…1: the steepest step between neighbours relative to the whole edge.

    Judged where contrast is strong, across and down, and the worse direction counts: a shaken picture
    keeps its edges in one. Neither little text nor low contrast lowers it. Without any edge it is 0.
    """
    if min(light.shape) < 3:
        return 0.0
    kernel = np.ones((WINDOW, WINDOW), np.uint8)
    span = cv2.subtract(cv2.dilate(light, kernel), cv2.erode(light, kernel))[1::2, 1::2]
    strong = span >= max(EDGE, np.percentile(span[::2, ::2], 99) / 2)
    if not strong.any():
        return 0.0
    edges = span[strong].astype(np.float32)
    steps = (cv2.absdiff(light[1:, 1:], light[1:, :-1]), cv2.absdiff(light[1:, 1:], light[:-1, 1:]))
    return min(float(np.percentile(cv2.dilate(step, kernel)[::2, ::2][strong] / edges, 75)) for step in steps)
