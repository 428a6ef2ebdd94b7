"""Invented pictures of documents, sharp or spoilt, from a seed: nothing in them can be read.

They look as a filing's attachments do to a program: a scanned licence with border, seal and lines of
text, an identity card photographed on a table, a form with a table and a few written words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

KINDS = ("licence", "card", "form")


@dataclass(frozen=True)
class Recipe:
    """How a picture is made. Lengths are in thousandths of its long side.

    ``blur`` of 1 is a camera's usual softness, legible; from 3.5 on small print is lost.
    """

    kind: str = "licence"
    long_side: int = 2000
    blur: float = 0.0
    shape: str = "gaussian"  # or disc (out of focus), motion
    contrast: float = 1.0
    noise: float = 2.0
    shade: float = 0.2
    quality: int = 85
    colour: bool = True


def sharp_recipe(rng: np.random.Generator) -> Recipe:
    """A picture a reviewer can read, as they come: soft at most as cameras are, dim, noisy, compressed."""
    return Recipe(
        kind=str(rng.choice(KINDS)),
        long_side=int(rng.integers(700, 4001)),
        blur=float(rng.uniform(0, 1.0)),
        contrast=float(rng.uniform(0.45, 1)),
        noise=float(rng.uniform(0, 6)),
        shade=float(rng.uniform(0, 0.5)),
        quality=int(rng.integers(45, 96)),
    )


def blurred_recipe(rng: np.random.Generator) -> Recipe:
    """The same, but out of focus or shaken until small print is lost."""
    return replace(
        sharp_recipe(rng), blur=float(rng.uniform(3.5, 9)), shape=str(rng.choice(["gaussian", "disc", "motion"]))
    )


def picture(recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """The picture as BGR bytes."""
    draw = {"licence": _licence, "card": _card, "form": _form}[recipe.kind]
    image = draw(recipe.long_side, rng).astype(np.float32)
    unit = recipe.long_side / 1000
    image = _blurred(image, recipe.blur * unit, recipe.shape, rng)
    image = 128 + (image - 128) * recipe.contrast
    width = image.shape[1]
    across = np.linspace(1, 1 - recipe.shade, width, dtype=np.float32)[None, :, None]
    image = image * across + rng.normal(0, recipe.noise, image.shape).astype(np.float32)
    if not recipe.colour:
        image = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2)
    return np.clip(image, 0, 255).astype(np.uint8)


def jpeg(recipe: Recipe, rng: np.random.Generator) -> bytes:
    """The picture as the bytes of a JPEG."""
    done, encoded = cv2.imencode(".jpg", picture(recipe, rng), [cv2.IMWRITE_JPEG_QUALITY, recipe.quality])
    if not done:
        raise ValueError("OpenCV could not encode the picture")
    return encoded.tobytes()


def _blurred(image: np.ndarray, sigma: float, shape: str, rng: np.random.Generator) -> np.ndarray:
    if sigma < 0.2:
        return image
    if shape == "gaussian":
        return cv2.GaussianBlur(image, (0, 0), sigma)
    reach = max(round(sigma * 2), 1)  # a disc or a streak of this radius spreads as far as the Gaussian
    size = 2 * reach + 1
    kernel = np.zeros((size, size), np.float32)
    if shape == "disc":
        cv2.circle(kernel, (reach, reach), reach, 1, -1)
    else:
        # A streak smears one direction only: twice as long to lose the same print.
        reach *= 2
        kernel = np.zeros((2 * reach + 1,) * 2, np.float32)
        angle = rng.uniform(0, np.pi)
        step = np.array([np.cos(angle), np.sin(angle)]) * reach
        cv2.line(kernel, tuple(int(v) for v in reach - step), tuple(int(v) for v in reach + step), 1, 1)
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def _glyphs(image: np.ndarray, at: tuple[float, float], size: float, count: int, ink: tuple[int, ...],
            rng: np.random.Generator) -> None:  # fmt: skip
    """A line of invented characters: a few strokes in a square each."""
    thick = max(round(size / 11), 1)
    for place in range(count):
        left, top = at[0] + place * size * 1.12, at[1]
        for _ in range(int(rng.integers(4, 9))):
            ends = rng.uniform(0, size, 4)
            match rng.integers(0, 5):
                case 0 | 1:
                    ends[3] = ends[1]
                case 2 | 3:
                    ends[2] = ends[0]
            start = (int(left + ends[0]), int(top + ends[1]))
            cv2.line(image, start, (int(left + ends[2]), int(top + ends[3])), ink, thick, cv2.LINE_AA)


def _lines(image: np.ndarray, box: tuple[float, float, float, float], size: float, leading: float, ink: tuple[int, ...],
           rng: np.random.Generator) -> None:  # fmt: skip
    left, top, right, bottom = box
    room = int((right - left) / (size * 1.12))
    while top + size < bottom:
        _glyphs(image, (left, top), size, int(rng.integers(max(room // 3, 1), room + 1)), ink, rng)
        top += size * leading


def _paper(long_side: int, ratio: float, colour: tuple[int, int, int]) -> np.ndarray:
    paper = np.empty((int(long_side * ratio), long_side, 3), np.uint8)
    paper[:] = colour
    return paper


def _licence(side: int, rng: np.random.Generator) -> np.ndarray:
    page = _paper(side, 0.7, (226, 242, 248))
    height = page.shape[0]
    margin = int(side * 0.03)
    cv2.rectangle(page, (margin, margin), (side - margin, height - margin), (90, 160, 210), max(side // 120, 2))
    _glyphs(page, (side * 0.38, height * 0.12), side * 0.05, 4, (40, 40, 150), rng)
    _lines(page, (side * 0.1, height * 0.32, side * 0.85, height * 0.88), side * 0.018, 2.2, (40, 40, 40), rng)
    cv2.circle(page, (int(side * 0.78), int(height * 0.76)), int(side * 0.07), (60, 60, 220), max(side // 250, 2))
    return page


def _card(side: int, rng: np.random.Generator) -> np.ndarray:
    """A card on a table, slightly turned; it fills half the frame or more."""
    card = _paper(1000, 0.63, (240, 225, 205))
    for wave in range(0, 630, 9):
        cv2.line(card, (0, wave), (1000, (wave * 7) % 630), (235, 215, 190), 1, cv2.LINE_AA)
    _lines(card, (60, 70, 600, 420), 34, 1.9, (50, 45, 40), rng)
    _glyphs(card, (330, 530), 30, 18, (30, 30, 30), rng)
    cv2.ellipse(card, (800, 260), (90, 120), 0, 0, 360, (150, 180, 220), -1)
    cv2.ellipse(card, (800, 150), (100, 60), 0, 180, 360, (40, 40, 45), -1)
    height = int(side * 0.75)
    grain = rng.normal(0, 12, (max(height // 40, 2), max(side // 6, 2), 1)).astype(np.float32)
    table = cv2.resize(grain, (side, height))[:, :, None] + np.float32([70, 110, 150])
    scale = side * rng.uniform(0.55, 0.95) / 1000
    turn = cv2.getRotationMatrix2D((500, 315), rng.uniform(-6, 6), scale)
    turn[:, 2] += (side / 2 - 500, height / 2 - 315)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    laid = cv2.warpAffine(card, turn, (side, height), flags=how, borderMode=cv2.BORDER_CONSTANT)
    there = cv2.warpAffine(np.ones(card.shape[:2], np.uint8), turn, (side, height))[:, :, None]
    return np.where(there, laid, np.clip(table, 0, 255)).astype(np.uint8)


def _form(side: int, rng: np.random.Generator) -> np.ndarray:
    page = _paper(side, 0.72, (250, 250, 250))
    height = page.shape[0]
    for line in np.linspace(0.18, 0.92, 9):
        row = int(height * line)
        cv2.line(page, (int(side * 0.06), row), (int(side * 0.94), row), (60, 60, 60), max(side // 700, 1))
        _glyphs(page, (side * 0.08, row + side * 0.012), side * 0.02, 6, (50, 50, 50), rng)
        _glyphs(page, (side * 0.35, row + side * 0.01), side * 0.026, int(rng.integers(3, 14)), (120, 60, 30), rng)
    _glyphs(page, (side * 0.3, height * 0.06), side * 0.035, 11, (30, 30, 30), rng)
    cv2.circle(page, (int(side * 0.75), int(height * 0.8)), int(side * 0.06), (70, 70, 210), max(side // 250, 2))
    return page
