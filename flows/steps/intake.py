"""Which files are workbooks to read: every file met is told, with why it is left out or refused."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from expectations.words import Words
from flows.steps.workbook import Refused
from flows.steps.workbook.guard import detect

SUFFIXES = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".et"}
"""Names by which a file claims to be a workbook; any other file of a folder is looked into."""

_LOCK = Words("Office 打开文件时的临时锁文件", "a lock file of an open workbook")
_HIDDEN = Words("隐藏文件", "a hidden file")
_UNFINISHED = Words("尚未下载或上传完成的临时文件", "an unfinished download")
_SPECIAL = Words("不是普通文件（管道、套接字或设备）", "not an ordinary file (a pipe, socket or device)")
_OUTSIDE = Words("链接指向所给文件夹之外", "a link that leads out of the folder")
_BROKEN_LINK = Words("链接指向的文件不存在", "a link to nothing")
_GROWING = Words("文件仍在写入，下次再检查", "still being written: to be checked next time")
_MISSING = Words("文件或文件夹不存在", "no such file or folder")
_FORBIDDEN = Words("没有读取权限", "may not be read")
_TWICE = Words("同一文件已列入", "the same file is in the list already")
_FRESH = 2.0
"""Seconds since the last change within which a file may still be growing."""
_LOOK_AGAIN = 0.25


@dataclass(frozen=True)
class Found:
    """A file that was met. ``workbook`` is its name relative to the folder given, with ``/``."""

    path: Path
    workbook: str
    status: Literal["workbook", "skipped", "refused"]
    words: Words | None = None


def find(paths: Sequence[Path], out: Path | None = None) -> list[Found]:
    """Every file under ``paths`` (files, or folders with all below), in the order given, then by name.

    Args:
        out: a folder of ours, left out where it lies inside one of ``paths``.
    """
    found: list[Found] = []
    for number, path in enumerate(paths):
        met = list(_under(path, out))
        names = {one.workbook for one in found}
        if any(one.workbook in names for one in met):
            # Two folders with files of one name: the folder's name tells them apart.
            prefix = path.resolve().name if path.is_dir() else path.resolve().parent.name
            if any(f"{prefix}/{one.workbook}" in names for one in met):
                prefix = f"{number + 1}-{prefix}"
            met = [Found(one.path, f"{prefix}/{one.workbook}", one.status, one.words) for one in met]
        found += met
    return _settled(_once(found))


def _under(path: Path, out: Path | None) -> Iterator[Found]:
    try:
        status = path.stat()
    except OSError as error:
        why = _FORBIDDEN if isinstance(error, PermissionError) else _MISSING
        yield Found(path, _text(path.name or str(path)), "refused", why)
        return
    if stat.S_ISDIR(status.st_mode):
        root = path.resolve()
        avoided = out.resolve() if out is not None else None
        yield from _folder(root, root, path, avoided if avoided != root else None)
    elif not stat.S_ISREG(status.st_mode):
        yield Found(path, _text(path.name), "skipped", _SPECIAL)
    else:
        words = _by_name(path.name)
        yield Found(path, _text(path.name), "skipped" if words else "workbook", words)


def _text(name: str) -> str:
    """A name that can be written anywhere; names need not be valid text on disk."""
    return name.encode("utf-8", "replace").decode()


def _folder(folder: Path, root: Path, shown: Path, out: Path | None) -> Iterator[Found]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield Found(shown, _text(folder.relative_to(root).as_posix()), "refused", _FORBIDDEN)
        return
    for entry in entries:
        path = Path(entry.path)
        name = _text(path.relative_to(root).as_posix())
        if entry.is_dir(follow_symlinks=False):
            if out is not None and path == out:
                continue
            if entry.name.startswith("."):
                yield Found(shown / entry.name, name, "skipped", _HIDDEN)
            else:
                yield from _folder(path, root, shown / entry.name, out)
            continue
        words = _by_name(entry.name) or _by_kind(entry, path, root)
        if words is None and path.suffix.lower() not in SUFFIXES:
            words = _by_content(path)
        yield Found(shown / entry.name, name, "skipped" if words else "workbook", words)


def _by_name(name: str) -> Words | None:
    if name.startswith(("~$", ".~lock.")):
        return _LOCK
    if name.startswith((".", "__MACOSX")) or name in ("Thumbs.db", "desktop.ini"):
        return _HIDDEN
    if name.lower().endswith((".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart")):
        return _UNFINISHED
    return None


def _by_kind(entry: os.DirEntry[str], path: Path, root: Path) -> Words | None:
    try:
        if entry.is_symlink():
            target = path.resolve(strict=True)
            if not target.is_relative_to(root):
                return _OUTSIDE
            if target.is_dir():
                return _TWICE
        if not stat.S_ISREG(entry.stat().st_mode):
            return _SPECIAL
    except (OSError, RuntimeError):
        return _BROKEN_LINK
    return None if os.access(path, os.R_OK) else _FORBIDDEN


def _by_content(path: Path) -> Words | None:
    """A file whose name claims nothing is a workbook only if it is one; plain text is not."""
    try:
        return Words("纯文本文件，不是工作簿", "a text file, no workbook") if detect(path) == "csv" else None
    except Refused as refused:
        return refused.words
    except OSError:
        return _FORBIDDEN


def _once(found: Sequence[Found]) -> list[Found]:
    """A file met twice, by two paths or a link, is read once."""
    seen: set[Path] = set()
    kept = []
    for one in found:
        place = one.path.resolve() if one.status == "workbook" else None
        if place is not None and place in seen:
            kept.append(Found(one.path, one.workbook, "skipped", _TWICE))
            continue
        if place is not None:
            seen.add(place)
        kept.append(one)
    return kept


def _state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _settled(found: list[Found]) -> list[Found]:
    """Files changed a moment ago are looked at twice: one that grows meanwhile is left for later."""
    now = time.time()
    before = {one.path: _state(one.path) for one in found if one.status == "workbook"}
    fresh = {path for path, state in before.items() if state is not None and abs(now - state[1] / 1e9) < _FRESH}
    if not fresh:
        return found
    time.sleep(_LOOK_AGAIN)
    growing = {path for path in fresh if _state(path) != before[path]}
    return [Found(one.path, one.workbook, "skipped", _GROWING) if one.path in growing else one for one in found]
