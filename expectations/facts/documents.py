"""What an attached picture must be like, and how its faults travel from the step that opens the files to the rules.

The step (:mod:`flows.steps.attachments`) measures; here stands what is too large, too small or too
blurred, and the text of the joined columns: ``attachment.KEY`` is ``ok`` or ``fault=file`` parts joined by
``;``, ``attachment.checked`` is ``yes``, ``attachment.pictures`` has ``KEY=digest`` of every picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from expectations.facts.people import per_value
from expectations.filing import SEPARATOR, of_kind
from expectations.rows import Filings

FILE_COLUMNS = of_kind("file")
OK = "ok"

FORMATS = ("JPEG", "PNG", "GIF")
"""Accepted by content. Aliyun ICP docs 2019-09, 备案所需资料."""
EXTENSIONS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF"}
LARGEST_BYTES = 4 * 1024 * 1024
"""A picture must be smaller. Aliyun ICP docs 2019-09, 备案所需资料."""
DOMAIN_CERTIFICATE_BYTES = 200_000
"""A domain certificate's picture must not be smaller; the page says 200 KB, read the lenient way.
Aliyun ICP docs 2019-09, 域名证书."""
MOST_PIXELS = 80_000_000
"""Beyond what cameras of telephones give in 4 MB: not decoded."""
SHORT_SIDE, LONG_SIDE = 300, 480
"""Pixels. No source gives a size; with fewer, the smallest print of an identity card (2 mm of 86) is
under ten pixels high and a reviewer cannot read it."""
ILLEGIBLE_SIDE = 200
"""Pixels. Where the longer side has fewer, no print of a certificate is five pixels high: nobody reads it."""
LEAST_CONTRAST = 16
"""Levels of 255 between the darkest and the lightest spot, and between colours; below is one colour."""
GREY_SPREAD = 12
"""Levels of 255 between the extremes of each colour difference; a red seal gives 60."""
LEAST_SHARPNESS = 0.24
"""Height of the steepest step from one pixel to the next, relative to the edge it is part of, at 1,000
pixels a side: 1 is perfect, 0.36 a camera's usual softness, under 0.24 small print runs together. Of 250
generated legible pictures none fell below (the least sharp had 0.36); of 250 spoilt ones, 89 % of those
with Gaussian blur, 79 % out of focus and 53 % shaken did. tests/test_attachments.py prints the rates."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found of one file. ``state``: ``ok``, ``missing``, ``outside`` (of the folder), ``empty``,
    ``truncated``, ``broken`` or ``bomb``; measures are of ``ok`` pictures only."""

    state: str
    format: str = ""
    bytes: int = 0
    width: int = 0
    height: int = 0
    contrast: float = 0.0
    colour: float = 0.0
    sharpness: float = 0.0
    sha256: str = ""


def faults(picture: Picture, name: str, key: str) -> list[str]:
    """``fault=file`` for everything wrong with a file named in the column ``key``."""
    if picture.state in ("missing", "outside"):
        return [f"{picture.state}={name}"]
    found = _faults_of_file(picture, name, key)
    if picture.state in ("empty", "truncated", "broken", "bomb"):
        return [*found, f"{picture.state}={name}"]
    return found + (_faults_of_picture(picture, name) if picture.width else [])


def _faults_of_file(picture: Picture, name: str, key: str) -> list[str]:
    found = []
    extension = name.rpartition(".")[2].lower()
    if picture.format and picture.format not in FORMATS:
        found.append(f"format={name} ({picture.format})")
    elif picture.format and EXTENSIONS.get(extension) != picture.format:
        found.append(f"extension={name} ({picture.format})")
    if picture.bytes >= LARGEST_BYTES:
        found.append(f"large={name} ({picture.bytes / 1024 / 1024:.1f} MB)")
    if key == "attachment_domain_certificate" and 0 < picture.bytes < DOMAIN_CERTIFICATE_BYTES:
        found.append(f"light={name} ({picture.bytes / 1000:.0f} KB)")
    return found


def _faults_of_picture(picture: Picture, name: str) -> list[str]:
    if picture.contrast < LEAST_CONTRAST and picture.colour < LEAST_CONTRAST:
        return [f"blank={name}"]
    found = []
    if max(picture.width, picture.height) < ILLEGIBLE_SIDE:
        found.append(f"illegible={name} ({picture.width}×{picture.height})")
    elif min(picture.width, picture.height) < SHORT_SIDE or max(picture.width, picture.height) < LONG_SIDE:
        found.append(f"small={name} ({picture.width}×{picture.height})")
    elif picture.sharpness < LEAST_SHARPNESS:
        found.append(f"blurred={name}")
    if picture.colour < GREY_SPREAD:
        found.append(f"grey={name}")
    return found


def files_with(found: str, fault: str) -> list[str]:
    """The files a joined cell says have this fault."""
    return [part.partition("=")[2] for part in found.split(SEPARATOR) if part.startswith(f"{fault}=")]


def cells_with(rows: Filings, *kinds: str, columns: tuple[str, ...] = FILE_COLUMNS) -> pd.DataFrame:
    """Which attachment cells name a file with one of these faults."""

    def has(found: str) -> bool:
        return any(files_with(found, kind) for kind in kinds)

    return pd.DataFrame({key: per_value(_found(rows, key), has) for key in columns}, index=rows.index)


def file_names(rows: Filings, *kinds: str, columns: tuple[str, ...] = FILE_COLUMNS) -> pd.Series:
    """The files at fault of each filing, joined by 、."""
    texts = rows.constant("")

    def names(found: str) -> str:
        return "".join(f"、{name}" for kind in kinds for name in files_with(found, kind))

    for key in columns:
        texts = texts + per_value(_found(rows, key), names)
    return texts.str.removeprefix("、")


def _found(rows: Filings, key: str) -> pd.Series:
    name = f"attachment.{key.removeprefix('attachment_')}"
    return rows[name] if rows.has(name) else rows.constant("")
