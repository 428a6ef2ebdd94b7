"""Open the attached pictures, each distinct file once, and put what was found beside the filings."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path

import pandas as pd

from expectations.facts.documents import FILE_COLUMNS, OK, Picture, faults
from expectations.facts.people import per_value
from expectations.filing import SEPARATOR
from flows.steps.attachments.folder import Folder
from flows.steps.staging import Staged

__all__ = ["columns", "inspect", "join"]

_FACTS = [field.name for field in fields(Picture)]


def inspect(names: Iterable[str], folder: Path, workers: int | None = None) -> pd.DataFrame:
    """Open the named files of ``folder``.

    Names that lead to the same file share its facts: it is read and decoded once. Pillow and OpenCV
    work without Python's lock, so threads use all cores.

    Args:
        names: as cells give them, relative to ``folder``; one file a name.
        folder: nothing outside it is opened, however a name or a link leads there.
        workers: threads; all cores by default.

    Returns:
        One row per distinct name (the index), the fields of :class:`~expectations.facts.documents.Picture`.

    Raises:
        NotADirectoryError: ``folder`` is no folder.
    """
    import cv2
    from PIL import Image

    from flows.steps.attachments.picture import open_picture

    within = Folder(folder)
    found = {name: within.locate(name) for name in dict.fromkeys(names)}
    paths = [path for path in dict.fromkeys(found.values()) if isinstance(path, Path)]
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # one file a thread: threads within threads only wait for one another
    try:
        with warnings.catch_warnings(), ThreadPoolExecutor(workers or os.cpu_count()) as pool:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = dict(zip(paths, pool.map(open_picture, paths), strict=True))
    finally:
        cv2.setNumThreads(threads)
    pictures = [opened[where] if isinstance(where, Path) else Picture(where) for where in found.values()]
    return pd.DataFrame(map(asdict, pictures), columns=_FACTS, index=pd.Index(list(found), dtype="str", name="name"))


def columns(frame: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """The columns rules read, for the rows of ``frame``; see :mod:`expectations.facts.documents`.

    Args:
        frame: filings in canonical form; cells name files, several joined by ``;``.
        facts: of every file named, from :func:`inspect`.
    """
    pictures = {name: Picture(**row) for name, row in facts.to_dict("index").items()}
    made: dict[str, pd.Series] = {}
    shown = pd.Series("", index=frame.index, dtype="str")
    for key in FILE_COLUMNS:
        if key not in frame:
            continue
        short = key.removeprefix("attachment_")
        made[f"attachment.{short}"] = per_value(frame[key], partial(_found, pictures, key))
        shown = shown + per_value(frame[key], partial(_digests, pictures, short))
    return pd.DataFrame(
        {"attachment.checked": "yes", "attachment.pictures": shown.str.removesuffix(SEPARATOR), **made},
        index=frame.index,
    )


def _found(pictures: dict[str, Picture], key: str, cell: str) -> str:
    if not cell:
        return ""
    found = [fault for name in split(cell) for fault in faults(pictures[name], name, key)]
    return SEPARATOR.join(found) or OK


def _digests(pictures: dict[str, Picture], short: str, cell: str) -> str:
    digests = (pictures[name].sha256 for name in split(cell))
    return "".join(f"{short}={digest}{SEPARATOR}" for digest in digests if digest)


def split(cell: str) -> list[str]:
    """The files a cell names."""
    return [name for name in cell.split(SEPARATOR) if name]


def join(workbooks: list[Staged], folder: Path) -> None:
    """Put the ``attachments`` table beside the filings of each workbook of the run."""
    named: dict[str, None] = {}
    for staged in workbooks:
        filings = staged.reading().filings
        for key in FILE_COLUMNS:
            if key in filings.column_names:
                for cell in filings[key].unique().to_pylist():
                    named.update(dict.fromkeys(split(cell or "")))
    facts = inspect(named, folder)
    for staged in workbooks:
        filings = staged.reading().filings
        present = [key for key in FILE_COLUMNS if key in filings.column_names]
        staged.put("attachments", columns(filings.select(present).to_pandas().astype("str"), facts))
