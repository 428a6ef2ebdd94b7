"""Files that are whole or not there, also after the power went: write aside, fsync, rename."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.steps.cache import content

ASIDE = ".writing"
_LONGEST = 255
"""Bytes of a file's name on the file systems in use: eighty-five Chinese characters."""


def fitting(stem: str, suffix: str, spare: int = 0) -> str:
    """``stem`` and ``suffix`` as the name of a file: a stem too long loses its end, and a digest tells it from others.

    Args:
        spare: bytes to leave for what is put behind it later.
    """
    room, whole = _LONGEST - spare - len(suffix.encode()), stem.encode()
    if len(whole) > room:
        mark = f"~{hashlib.blake2b(whole, digest_size=4).hexdigest()}"
        stem = whole[: room - len(mark)].decode(errors="ignore") + mark
    return stem + suffix


def write_text(path: Path, text: str) -> None:
    """Write a file and make its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(fitting(path.name, ASIDE))
    with scratch.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    sync_folder(path.parent)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write JSON that people can read."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """What :func:`write_json` wrote."""
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def copy(source: Path, target: Path) -> None:
    """Copy a file and make its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(fitting(target.name, ASIDE))
    shutil.copyfile(source, scratch)
    sync_file(scratch)
    scratch.replace(target)
    sync_folder(target.parent)


def move(source: Path, target: Path) -> None:
    """Move a file; to another file system by a copy that is on disk before the source goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy(source, target)
        shutil.copystat(source, target)
        source.unlink()
    sync_folder(target.parent)
    sync_folder(source.parent)


def files(folder: Path) -> dict[str, str]:
    """The digest of every file below, by its name relative to the folder."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): content(path) for path in found}


def sync_file(path: Path) -> None:
    """The content of a file is on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_tree(folder: Path) -> None:
    """Every file and folder below is on disk when this returns."""
    for path in sorted(folder.rglob("*")):
        sync_folder(path) if path.is_dir() else sync_file(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """The names in a folder are on disk; not every system can be asked for that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
