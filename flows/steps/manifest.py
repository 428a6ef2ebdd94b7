"""What a night claims: written down first, so that a night that died is finished before anything new begins."""

from __future__ import annotations

import shutil
import time
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from flows.steps import durable
from flows.steps.cache import content
from flows.steps.intake import Found, find

_FILE, _DONE = "manifest.json", "done.json"
_QUIET = 2.0
"""Seconds without a change after which a file of unknown form counts as written."""
_LOOK = 0.5


@dataclass(frozen=True)
class Claimed:
    """A file of the inbox, by its name there and its content."""

    workbook: str
    path: str
    digest: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What one run of a night works on; ``folder`` is its own, ``run`` its name (``2026-01-15/001``)."""

    folder: Path
    run: str
    day: date
    claimed: tuple[Claimed, ...]

    @property
    def judged(self) -> Path:
        """Everything the check gave; there only when it is whole."""
        return self.folder / "judged"

    def save(self) -> None:
        """Write down what is claimed."""
        about = {"run": self.run, "day": self.day.isoformat(), "claimed": [asdict(one) for one in self.claimed]}
        durable.write_json(self.folder / _FILE, about)

    def finish(self, about: dict[str, object]) -> None:
        """Write down that the run has ended, and how."""
        durable.write_json(self.folder / _DONE, about)

    def standing(self, inbox: Path) -> list[Claimed]:
        """The files that still stand in the inbox as they were claimed."""
        return [one for one in self.claimed if unchanged(inbox / one.path, one)]


def unchanged(path: Path, claimed: Claimed) -> bool:
    """Whether the file is there with the content it was claimed with."""
    try:
        return path.stat().st_size == claimed.size and content(path) == claimed.digest
    except OSError:
        return False


def unfinished(runs: Path) -> list[Manifest]:
    """Runs that were begun and not finished, oldest first; begun ones without a manifest claimed nothing."""
    manifests = []
    for folder in sorted(runs.glob("*/[0-9]*")):
        if (folder / _DONE).exists():
            continue
        if not (folder / _FILE).exists():
            shutil.rmtree(folder)
            continue
        about = durable.read_json(folder / _FILE)
        claimed = tuple(Claimed(**one) for one in about["claimed"])
        manifests.append(Manifest(folder, about["run"], date.fromisoformat(about["day"]), claimed))
    return manifests


def discover(inbox: Path, wait: float) -> list[Found]:
    """Every file of the inbox. Files still being written are waited for, at most ``wait`` seconds; then
    they are left for the next night."""
    until = time.monotonic() + wait
    while True:
        found = find([inbox])
        growing = {one.path for one in found if one.status == "workbook" and not _written(one.path)}
        growing |= {one.path for one in found if one.words and one.words.en.startswith("still being written")}
        if not growing:
            return found
        if time.monotonic() >= until:
            return [one for one in found if one.path not in growing]
        time.sleep(_LOOK)


def _written(path: Path) -> bool:
    """A package ends with its directory; anything else is given time."""
    try:
        return abs(time.time() - path.stat().st_mtime) >= _QUIET or zipfile.is_zipfile(path)
    except OSError:
        return False


def claim(found: Sequence[Found], inbox: Path, runs: Path, day: date) -> Manifest | None:
    """Write down what this run works on; None where there is nothing."""
    claimed = [
        Claimed(one.workbook, one.path.relative_to(inbox).as_posix(), content(one.path), one.path.stat().st_size)
        for one in found
        if one.status == "workbook"
    ]
    if not claimed:
        return None
    folder = runs / day.isoformat()
    number = 1 + max((int(run.name) for run in folder.glob("[0-9]*")), default=0)
    manifest = Manifest(folder / f"{number:03d}", f"{day}/{number:03d}", day, tuple(claimed))
    manifest.save()
    return manifest
