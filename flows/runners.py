"""Ways to call a step for each workbook: one after the other, in processes of this machine, in a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from flows.settings import BadSetting, Settings

Work = TypeVar("Work")
_ENOUGH = 8_000_000
"""Bytes of workbooks below which processes cost more than they spare: each imports for seconds."""
_NO_DASK = "dask: pip install 'icp-preflight[dask]'"
Progress = Callable[[str, int, int], None]


class Runner(Protocol):
    """Calls a step for each workbook, or some workbooks together, and gives them back in their order.

    ``here`` says whether steps are called in this process; elsewhere, they get and give copies, in
    ``processes`` at once.
    """

    here: bool
    processes: int

    def map(self, step: Callable[[Work], Work], works: Sequence[Work], name: str) -> Iterator[Work]:
        """Each of ``works`` after the step, in their order; ``name`` is what people call the step.

        Raises:
            WorkerLost: a process of ours was killed.
        """


class InTurn:
    """One after the other, in this process."""

    here = True
    processes = 1

    def __init__(self, progress: Callable[[str, int, int], None] = lambda name, done, total: None) -> None:
        self.progress = progress

    def map(self, step: Callable[[Work], Work], works: Sequence[Work], name: str) -> Iterator[Work]:
        self.progress(name, 0, len(works))
        for done, work in enumerate(works, start=1):
            yield step(work)
            self.progress(name, done, len(works))


def _call(step: bytes, work: Work) -> Work:
    import cloudpickle  # type: ignore[import-untyped]

    called: Callable[[Work], Work] = cloudpickle.loads(step)
    return called(work)


class Elsewhere:
    """Calls a step in other processes; copies of the workbooks go there and back, their tables lie on disk."""

    here = False

    def __init__(self, submit: Callable[..., Any], processes: int, progress: Progress) -> None:
        self._submit, self.processes, self._progress = submit, processes, progress

    def map(self, step: Callable[[Work], Work], works: Sequence[Work], name: str) -> Iterator[Work]:
        import cloudpickle

        packed = cloudpickle.dumps(step)
        self._progress(name, 0, len(works))
        futures = [self._submit(_call, packed, work) for work in works]
        try:
            for done, future in enumerate(futures, start=1):
                yield future.result()
                self._progress(name, done, len(works))
        except BrokenProcessPool as error:
            raise WorkerLost(
                "工作进程意外终止（可能内存不足），本次未写任何报告；请减少 workers 或增加内存后重试 / "
                "a worker process was killed (out of memory?): nothing was written; "
                "allow fewer workers or more memory and run again"
            ) from error
        finally:
            for future in futures:
                future.cancel()


class WorkerLost(OSError):  # noqa: N818 - it happens to us
    """A process that worked for us is gone; the run may be started again."""


@contextmanager
def runner(settings: Settings, workbooks: int, size: int, progress: Progress) -> Iterator[Runner]:
    """The runner the settings ask for.

    Args:
        workbooks, size: how many there are to judge, and their bytes together.

    Raises:
        BadSetting: no scheduler is named, or none answers.
    """
    if settings.runner == "dask":
        with _dask(settings, progress) as cluster:
            yield cluster
        return
    processes = settings.workers or (_cores() if size >= _ENOUGH else 1)
    processes = min(processes, workbooks)
    if processes < 2:
        yield InTurn(progress)
        return
    # A fresh interpreter each: a fork would inherit locks held by threads of Arrow and SQLite.
    pool: Executor = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
    try:
        yield Elsewhere(pool.submit, processes, progress)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _dask(settings: Settings, progress: Progress) -> Iterator[Runner]:
    if not settings.scheduler:
        raise BadSetting("--runner dask: 请用 --scheduler tcp://… 指定调度器 / name a scheduler, --scheduler tcp://…")
    try:
        from distributed import Client
    except ImportError as error:
        raise BadSetting(_NO_DASK) from error
    try:
        client = Client(settings.scheduler, timeout=20)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise BadSetting(f"{settings.scheduler}: 没有应答 / no scheduler answers there") from error
    try:

        def submit(function: Callable[..., Any], *arguments: Any) -> Any:
            return client.submit(function, *arguments, pure=False, retries=2)

        yield Elsewhere(submit, max(1, sum(client.nthreads().values())), progress)  # type: ignore[no-untyped-call]
    except Exception as error:
        if type(error).__name__ == "KilledWorker":
            raise WorkerLost(f"Dask 工作进程反复终止 / workers of the cluster died again and again: {error}") from error
        raise
    finally:
        client.close()  # type: ignore[no-untyped-call]
