"""Filings with a folder of attachments: right pictures, and one spoilt in a known way."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from PIL import Image

from data.synthetic.labelled.clean import Clean, Row
from data.synthetic.pictures import Recipe, picture
from expectations.facts.documents import FILE_COLUMNS
from flows.steps.attachments import columns, inspect

_CERTIFICATE = "attachment_domain_certificate"


def _encoded(image: np.ndarray, ending: str) -> bytes:
    if ending == ".gif":
        buffer = BytesIO()
        Image.fromarray(image[:, :, ::-1]).save(buffer, "GIF")
        return buffer.getvalue()
    return bytes(cv2.imencode(ending, image)[1])


class Folder:
    """Writes pictures; each has its own bytes, so that no two subjects share one."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path, self.count = path, 0
        rng = np.random.default_rng(seed)
        self.images = [
            picture(Recipe(kind=kind, long_side=side, noise=3), rng)
            for kind in ("licence", "card", "form")
            for side in (1100, 1500)
        ]

    def picture(self, ending: str = ".jpg", least: int = 0) -> bytes:
        """A readable picture, never the same bytes twice; at least so many bytes long."""
        self.count += 1
        made = _encoded(self.images[self.count % len(self.images)], ending) + self.count.to_bytes(8, "big")
        return made + b"\0" * max(0, least - len(made))

    def put(self, name: str, content: bytes) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_bytes(content)

    def complete(self, row: Row) -> None:
        """Everything the filing names."""
        for key in FILE_COLUMNS:
            for name in filter(None, row.cells.get(key, "").split(";")):
                self.put(name, self.picture(least=250_000 if key == _CERTIFICATE else 0))


def _bomb() -> bytes:
    """A PNG that claims 60,000 × 60,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def _as(ending: str, content: Callable[[Folder], bytes]) -> Callable[[Row, Folder], None]:
    """The principal's picture is this, in a file with this ending."""

    def spoil(row: Row, folder: Folder) -> None:
        name = row.cells["attachment_principal_id"].rsplit(".", 1)[0] + ending
        row.cells["attachment_principal_id"] = name
        folder.put(name, content(folder))

    return spoil


def _gone(row: Row, folder: Folder) -> None:
    (folder.path / row.cells["attachment_principal_id"]).unlink()


def _outside(row: Row, folder: Folder) -> None:
    row.cells["attachment_principal_id"] = "../outside.jpg"


def _plain(folder: Folder) -> bytes:
    return _encoded(np.full((800, 1200, 3), 255, np.uint8), ".jpg") + folder.picture()[-8:]


def _small_certificate(row: Row, folder: Folder) -> None:
    row.cells[_CERTIFICATE] = f"{row.cells['filing_no']}/small.jpg"
    folder.put(row.cells[_CERTIFICATE], _encoded(folder.images[0][:400, :600], ".jpg"))


def _joined(row: Row, folder: Folder) -> None:
    more = f"{row.cells['filing_no']}/more.png"
    folder.put(more, folder.picture(".png"))
    row.cells["attachment_principal_id"] += f";{more}"


def _nothing(row: Row, folder: Folder) -> None:
    return


KINDS: tuple[tuple[str, int | None, Callable[[Row, Folder], None]], ...] = (
    ("attached: all in order", None, _nothing),
    ("attached: a PNG", None, _as(".png", lambda folder: folder.picture(".png"))),
    ("attached: a GIF", None, _as(".gif", lambda folder: folder.picture(".gif"))),
    ("attached: capitals in the name", None, _as(".JPG", lambda folder: folder.picture())),
    ("attached: two pictures", None, _joined),
    ("attached: just under 4 MB", None, _as(".jpg", lambda folder: folder.picture(least=4 * 1024 * 1024 - 100))),
    ("no such file", 5, _gone),
    ("outside the folder", 5, _outside),
    ("an empty file", 5, _as(".jpg", lambda folder: b"")),
    ("a PDF", 5, _as(".pdf", lambda folder: b"%PDF-1.7\n" + b"0" * 5000)),
    ("a PDF called jpg", 5, _as(".jpg", lambda folder: b"%PDF-1.7\n" + b"0" * 5000)),
    ("a bitmap", 5, _as(".bmp", lambda folder: _encoded(folder.images[0][:300, :400], ".bmp"))),
    ("a TIFF called jpg", 5, _as(".jpg", lambda folder: _encoded(folder.images[0], ".tiff")[:3_000_000])),
    ("text called png", 5, _as(".png", lambda folder: "身份证".encode() * 900)),
    ("a cut JPEG", 5, _as(".jpg", lambda folder: folder.picture()[:40_000])),
    ("a cut PNG", 5, _as(".png", lambda folder: folder.picture(".png")[:60_000])),
    ("4 MB and more", 5, _as(".jpg", lambda folder: folder.picture(least=4 * 1024 * 1024 + 10))),
    ("a bomb", 5, _as(".png", lambda folder: _bomb())),
    ("one colour", 5, _as(".jpg", _plain)),
    ("a domain certificate under 200 KB", 5, _small_certificate),
)


def rows(clean: Clean, folder: Folder, each: int) -> list[Row]:
    """So many filings of each kind, with their pictures in the folder."""
    made = []
    for kind, reason, spoil in KINDS:
        for _ in range(each):
            row = clean.row()
            while row.cells["filing_type"] != "首次备案":
                row = clean.row()
            folder.complete(row)
            spoil(row, folder)
            row.kind, row.reason = kind, reason
            made.append(row)
    return made


def facts(frame: pd.DataFrame, folder: Folder) -> pd.DataFrame:
    """The ``attachment.…`` columns of the canonical filings."""
    present = frame[[key for key in FILE_COLUMNS if key in frame]]
    names = {name for key in present for cell in present[key] for name in cell.split(";") if name}
    return columns(present, inspect(sorted(names), folder.path))
