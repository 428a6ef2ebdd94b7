"""The order of the steps, the same for a named check, the nightly run and a Prefect flow.

    find → read each workbook → join ledger, register and attachments → judge each → report each → publish

How a step is called is the caller's: one after the other here, as tasks in a flow.
"""

from __future__ import annotations

import gc
import os
import secrets
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from expectations import catalogue
from expectations.reference import Reference
from expectations.rows import Basis
from expectations.words import Words
from flows.outcome import Outcome, Workbook
from flows.runners import Runner
from flows.settings import REGISTER_FILE, Settings, check_folders
from flows.steps import causes, durable, judging, outputs
from flows.steps.adopt import take_over
from flows.steps.cache import Cache
from flows.steps.digest import Digest, filing_digest, load_key
from flows.steps.faults import place
from flows.steps.intake import Found, find
from flows.steps.report.facts import ReportFacts
from flows.steps.report.write import target as report_of
from flows.steps.report.write import write as write_report
from flows.steps.staging import Staged, stage
from flows.steps.workbook import Limits, Refused, read_isolated, warm_up

if TYPE_CHECKING:
    from flows.steps.history import Part
    from flows.steps.register import Register

_STATUS = {"workbook": "judged", "skipped": "skipped", "refused": "refused"}


class Memory(Protocol):
    """What earlier runs know of contacts, and what is to be remembered of this one."""

    @property
    def history(self) -> Path:
        """The folder of what filings were judged before."""

    def earlier(self, entries: pd.DataFrame) -> pd.DataFrame:
        """Entries of earlier runs that share a contact or domain with these, in the same columns."""

    def finished(self, judged: Sequence[Staged], basis: Basis) -> None:
        """Called once, when the reports of ``judged`` are written."""


def run(
    paths: Sequence[Path | Found],
    settings: Settings,
    runner: Runner,
    *,
    scratch: Path | None = None,
    memory: Memory | None = None,
    cache: Cache | None = None,
) -> Outcome:
    """Check every workbook under ``paths`` and write the reports and tables to ``settings.out``.

    Args:
        paths: files and folders, or files found before.
        settings: ``out`` is made where it is missing.
        runner: calls each step for each workbook; see :mod:`flows.runners`.
        scratch: where tables wait between the steps; must be shared where the runner uses other machines.
        memory: the ledger and history of nights; without it, a run knows itself only, and ``settings.history``.
        cache: results of earlier runs, used where nothing that they rest on has changed.

    Returns:
        What became of every file met. A workbook that cannot be read, or meets a fault of ours, ends as
        ``refused`` and the others go on.

    Raises:
        BadSetting, ReferenceTableError, BadRegister, BadKey: what the run rests on cannot be used; nothing was judged.
        OSError: the output cannot be written.
    """
    check_folders(settings)
    clock = Clock()
    basis, register = basis_of(settings), registered(settings)
    imports = threading.Thread(target=_import_engine, daemon=True)
    if runner.here and cache is None:
        warm_up()
        imports.start()  # Great Expectations takes seconds to import: while the workbooks are being read
    with tempfile.TemporaryDirectory(prefix="icp-preflight-", dir=scratch) as folder:
        with clock("read"):
            workbooks = _read(paths, settings, runner, Path(folder))
        with clock("join"):
            _join(workbooks, register, settings, basis, memory)
        with clock("import"):
            if imports.is_alive():
                imports.join()
        with clock("judge"):
            _judge(workbooks, settings, basis, runner, cache)
            changes = _compare(workbooks, settings, basis, memory)
        with clock("report"):
            summary = _publish(workbooks, settings, basis, runner, cache, changes)
        if memory:
            memory.finished([one.staged for one in workbooks if one.staged and not one.fault], basis)
        parts = _remembered(workbooks, settings, basis) if memory is None else []
    summary["seconds"] = clock.seconds
    durable.write_json(settings.out / "summary.json", summary)
    if settings.history is not None and memory is None:
        from flows.steps import history  # DuckDB, for those who need it

        history.record(settings.history, summary, parts)
    return Outcome(summary, workbooks)


def _remembered(workbooks: Sequence[Workbook], settings: Settings, basis: Basis) -> list[Part]:
    """What the history keeps of this run, where it is wanted."""
    if settings.history is None:
        return []
    from flows.steps import history

    digest = Digest(load_key(settings.data))
    return history.parts([one.staged for one in workbooks if one.staged and not one.fault], basis, digest)


def basis_of(settings: Settings) -> Basis:
    """What the judgement rests on."""
    day = settings.day
    return Basis(
        as_of=day,
        reference=Reference(day, settings.reference),
        language=settings.lang,
        statement=settings.statement,
        review_days=settings.review_days,
    )


class Clock:
    """Seconds per step, rounded, in the order of the steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = round(time.perf_counter() - start, 3)


def _import_engine() -> None:
    """The collector would walk a million new objects again and again while they are being imported."""
    gc.disable()
    try:
        import expectations.suite  # noqa: F401
    finally:
        gc.freeze()
        gc.enable()


def _guarded(step: Callable[[Workbook], None]) -> Callable[[Workbook], Workbook]:
    """A fault of ours in one workbook is noted with the place it happened, and the others go on.

    Only the kind and place of the fault are kept: its message may quote a cell.
    """

    def guarded(workbook: Workbook) -> Workbook:
        if workbook.fault or workbook.status != "judged":
            return workbook
        try:
            step(workbook)
        except Refused as refused:
            workbook.status, workbook.words = "refused", refused.words
        except OSError:
            raise
        except Exception as error:
            if os.environ.get("ICP_PREFLIGHT_DEBUG"):
                traceback.print_exc()
            workbook.fault = place(error)
            workbook.status, workbook.words = (
                "refused",
                Words(
                    f"预检程序自身出错（{workbook.fault}），此工作簿未检查，请联系维护人员",
                    f"a fault of the checker itself ({workbook.fault}): not checked, please tell its maintainers",
                ),
            )
        return workbook

    return guarded


def _read(paths: Sequence[Path | Found], settings: Settings, runner: Runner, scratch: Path) -> list[Workbook]:
    limits = Limits(seconds=settings.read_seconds, megabytes=settings.read_megabytes, cells=settings.max_cells)
    met = [path for path in paths if isinstance(path, Found)]
    met += find([path for path in paths if isinstance(path, Path)], settings.out)
    workbooks = [Workbook(found, _STATUS[found.status], found.words) for found in met]
    folders = {found.workbook: scratch / str(number) for number, found in enumerate(met)}

    def read(workbook: Workbook) -> None:
        reading = read_isolated(workbook.found.path, workbook.found.workbook, limits)
        reading, workbook.adopted = take_over(reading)
        workbook.staged = stage(reading, folders[workbook.found.workbook])

    return list(runner.map(_guarded(read), workbooks, "read"))


def registered(settings: Settings) -> Register | None:
    """The filings on file: the file or store named, else the store of the data folder if there is one.

    Raises:
        BadRegister: it cannot be used.
    """
    named, store = settings.register, settings.data / REGISTER_FILE
    if not named and not store.exists():
        return None
    from flows.steps.register import Register, is_store  # SQLAlchemy, for those who need it

    if named and not is_store(named):
        # Nothing of a file given for one run is kept, so its digests need no lasting key.
        return Register.of_file(Path(named), Digest(secrets.token_bytes(32)))
    return Register.of_store(named or store, Digest(load_key(settings.data)))


def _join(
    workbooks: list[Workbook], register: Register | None, settings: Settings, basis: Basis, memory: Memory | None
) -> None:
    staged = [workbook.staged for workbook in workbooks if workbook.staged]
    if settings.attachments is not None:
        from flows.steps import attachments  # OpenCV, for those who need it

        attachments.join(staged, settings.attachments)
    if register is not None:
        for one in staged:
            one.put("register", register.facts(one.reading().filings.to_pandas()))
    if memory is None:
        judging.join_ledger(staged, basis)
    else:
        judging.join_ledger(staged, basis, memory.earlier)


def _judge(workbooks: list[Workbook], settings: Settings, basis: Basis, runner: Runner, cache: Cache | None) -> None:
    # The history is to outlast the reports, and takes the digests made here: they are made under the key.
    digest = Digest(load_key(settings.data)) if settings.history else filing_digest(settings.data)

    def judge(batch: list[Workbook]) -> None:
        staged = [one.staged for one in batch if one.staged]
        docs = settings.data_docs and settings.data_docs / batch[0].found.workbook
        for workbook, counts in zip(batch, judging.judge(staged, basis, digest, docs), strict=True):
            workbook.counts = counts
            if cache and workbook.staged:
                cache.keep_judgement(workbook.staged, basis, counts)

    def judged(batch: list[Workbook]) -> list[Workbook]:
        try:
            judge(batch)
        except OSError:
            raise
        except Exception:  # a fault of ours in one of them: the others are judged
            return [_guarded(lambda workbook: judge([workbook]))(one) for one in batch]
        return batch

    waiting = []
    for workbook in workbooks:
        if workbook.staged:
            workbook.counts = (cache.judgement(workbook.staged, basis) if cache else None) or {}
            waiting += [] if workbook.counts else [workbook]
    sizes = [one.staged.rows for one in waiting if one.staged]
    batches = list(judging.batches(waiting, sizes, runner.processes))
    if settings.data_docs:
        batches = [[one] for one in waiting]  # a site for each workbook
    done = {one.found.workbook: one for batch in runner.map(judged, batches, "judge") for one in batch}
    workbooks[:] = [done.get(one.found.workbook, one) for one in workbooks]


def _compare(workbooks: list[Workbook], settings: Settings, basis: Basis, memory: Memory | None) -> dict[str, int]:
    """Say of each finding and filing what became of it since it was judged before; gives the counts."""
    judged = [workbook.staged for workbook in workbooks if workbook.staged and not workbook.fault]
    history = settings.history if memory is None else memory.history
    if not judged or not (settings.previous or history):
        return {}
    from flows.steps.comparing import compare

    return compare(judged, basis, settings.previous, history)


def _publish(
    workbooks: list[Workbook],
    settings: Settings,
    basis: Basis,
    runner: Runner,
    cache: Cache | None,
    changes: dict[str, int],
) -> dict[str, Any]:
    """Write the reports and tables; gives the summary."""
    settings.out.mkdir(parents=True, exist_ok=True)
    judged = [workbook.staged for workbook in workbooks if workbook.staged and not workbook.fault]
    summary = {
        **outputs.counts(judged),
        "as_of": basis.as_of.isoformat(),
        "language": basis.language,
        "versions": outputs.versions(),
        "fingerprints": {"rules": catalogue.fingerprint(), "reference": basis.reference.fingerprint},
        "grounds": causes.grounds(basis),
        "changes": changes,
    }
    _report(workbooks, judged, settings.out, runner, cache, _facts(workbooks, settings, basis, summary))
    outputs.write_tables(judged, settings.out)
    summary["workbooks"] = [workbook.entry(basis.language) for workbook in workbooks]
    return summary


def _facts(workbooks: Sequence[Workbook], settings: Settings, basis: Basis, summary: dict[str, Any]) -> ReportFacts:
    return ReportFacts(
        as_of=basis.as_of,
        language=basis.language,
        mask=settings.mask,
        refused=tuple(
            (workbook.found.workbook, workbook.words(basis.language))
            for workbook in workbooks
            if workbook.status == "refused" and workbook.words
        ),
        versions=summary["versions"],
        fingerprints=summary["fingerprints"],
        snapshot=max(row["snapshot"] for row in basis.reference.provinces.values()),
    )


def _report(
    workbooks: list[Workbook],
    judged: Sequence[Staged],
    out: Path,
    runner: Runner,
    cache: Cache | None,
    facts: ReportFacts,
) -> None:
    targets: dict[str, Path] = {}
    for staged in judged:
        targets[staged.workbook] = report_of(staged.emptied, out, targets.values())

    def write(workbook: Workbook) -> None:
        staged = workbook.staged
        if not staged:
            return
        target = targets[staged.workbook]
        if not (cache and cache.report(staged, facts, target)):
            findings, verdicts = staged.frame("findings"), staged.frame("verdicts")
            write_report(staged.reading(), findings, verdicts, target, facts, workbook.adopted)
            if cache:
                cache.keep_report(staged, facts, target)
        workbook.report = target.relative_to(out).as_posix()

    workbooks[:] = runner.map(_guarded(write), workbooks, "report")
