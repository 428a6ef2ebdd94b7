"""Results of earlier runs, by everything they rest on: an unchanged workbook is not judged again.

Two layers lie in one folder. ``results/`` holds the judgement and the report of a workbook under a digest
of the tables judged; ``runs/`` names whole runs whose output can be taken as it stands. An entry that is
damaged or gone is a miss, never an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expectations.rows import Basis
    from flows.steps.report.facts import ReportFacts
    from flows.steps.staging import Staged

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("great-expectations", "pandas", "phonenumbers", "openpyxl", "xlsxwriter", "fastexcel", "tldextract")
_READ = ("filings", "typed", "ledger", "register", "attachments")
_GIVEN = ("findings", "verdicts")


@cache
def code() -> str:
    """Changes with any of our modules and tables, and with the packages whose answers a verdict rests on."""
    digest = hashlib.sha256(repr([(name, version(name)) for name in _PACKAGES]).encode())
    for package in ("expectations", "flows"):
        for path in sorted((_ROOT / package).rglob("*")):
            if path.suffix in (".py", ".csv", ".json"):
                digest.update(f"{path.relative_to(_ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def content(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_folder(folder: Path) -> str:
    """Changes with the names, sizes and times of the files below."""
    met = []
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        met.append((path.relative_to(folder).as_posix(), status.st_size, status.st_mtime_ns))
    return hashlib.sha256(repr(met).encode()).hexdigest()


@dataclass(frozen=True)
class Cache:
    """Results kept in ``folder``; may be shared by processes and machines, who write whole entries only."""

    folder: Path

    def judgement(self, staged: Staged, basis: Basis) -> dict[str, int] | None:
        """Put what was found before beside the filings and give its counts; None where nothing is known."""
        entry = self._entry(staged, _resting_on(basis))
        try:
            counts: dict[str, int] = json.loads((entry / "counts.json").read_text())
            for name in _GIVEN:
                shutil.copyfile(entry / name, staged.folder / name)
        except (OSError, ValueError):
            return None
        _touch(entry)
        return counts

    def keep_judgement(self, staged: Staged, basis: Basis, counts: Mapping[str, int]) -> None:
        """Keep what was found, for :meth:`judgement`."""
        entry = self._entry(staged, _resting_on(basis))
        self._keep(entry, [staged.folder / name for name in _GIVEN], {"counts.json": json.dumps(counts)})

    def report(self, staged: Staged, facts: ReportFacts, target: Path) -> bool:
        """Put the report made before to ``target``, if there is one."""
        entry = self._entry(staged, _reported(staged, facts))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            made = entry / "report"
            if content(made) != (entry / "digest").read_text():
                return False
            shutil.copyfile(made, target)
        except OSError:
            return False
        _touch(entry)
        return True

    def keep_report(self, staged: Staged, facts: ReportFacts, target: Path) -> None:
        """Keep the report at ``target``, for :meth:`report`."""
        self._keep(self._entry(staged, _reported(staged, facts)), [target], {"digest": content(target)}, ["report"])

    def _entry(self, staged: Staged, *resting_on: str) -> Path:
        digest = hashlib.sha256("\n".join((code(), *resting_on)).encode())
        for name in _READ:
            if staged.has(name):
                digest.update(f"{name}:{content(staged.folder / name)}\n".encode())
        key = digest.hexdigest()
        return self.folder / "results" / key[:2] / key[2:40]

    def _keep(
        self, entry: Path, files: Iterable[Path], texts: Mapping[str, str], names: Iterable[str] | None = None
    ) -> None:
        """An entry is whole or not there; without room for it the run goes on without."""
        files = list(files)
        scratch = entry.with_name(f"{entry.name}.{os.getpid()}.writing")
        try:
            scratch.mkdir(parents=True, exist_ok=True)
            for file, name in zip(files, names or [file.name for file in files], strict=True):
                shutil.copyfile(file, scratch / name)
            for name, text in texts.items():
                (scratch / name).write_text(text)
            if entry.exists():
                shutil.rmtree(entry, ignore_errors=True)
            scratch.rename(entry)
        except OSError:
            shutil.rmtree(scratch, ignore_errors=True)

    def prune(self, days: int) -> None:
        """Forget what was not used for ``days``."""
        oldest = time.time() - days * 86_400
        for entry in (*self.folder.glob("results/*/*"), *self.folder.glob("runs/*")):
            with contextlib.suppress(OSError):
                if entry.stat().st_mtime < oldest:
                    shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def run(self, key: str) -> dict[str, Any] | None:
        """What is kept of a whole run."""
        path = self.folder / "runs" / key
        try:
            known: dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError):
            return None
        _touch(path)
        return known

    def keep_run(self, key: str, about: Mapping[str, Any]) -> None:
        """Keep what :meth:`run` gives; ``key`` changes with all that a run rests on."""
        path = self.folder / "runs" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f"{key}.writing")
        scratch.write_text(json.dumps(about, ensure_ascii=False))
        scratch.replace(path)


def _touch(path: Path) -> None:
    with contextlib.suppress(OSError):
        os.utime(path)


def _resting_on(basis: Basis) -> str:
    return repr((basis.as_of, basis.reference.fingerprint, basis.language, basis.statement, basis.review_days))


def _reported(staged: Staged, facts: ReportFacts) -> str:
    """A report is the sender's own package with our marks: it rests on every byte of theirs."""
    return f"{staged.workbook}\n{content(staged.emptied.path)}\n{facts!r}\n" + "".join(
        content(staged.folder / name) for name in _GIVEN
    )
