"""Workbooks are read in child processes: a file that aborts, hangs or eats all memory is one refusal.

Children are used again, one at a time by whoever holds it. A request is a line of JSON; the answer is
JSON and an anonymous file of Arrow, passed as a descriptor and mapped, never pickled. A workbook that
killed its child is not tried again.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import mmap
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from expectations.words import Words
from flows.steps.workbook import refusals
from flows.steps.workbook.merged import Merged
from flows.steps.workbook.model import Limits, Reading, Refused, Sheet

_ROOT = str(Path(__file__).resolve().parents[3])
# Arrow imports pandas on sight, which costs more than reading a small workbook: it is not to be found.
_BOOT = """
import json, sys

class NoPandas:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, NoPandas())
sys.path[:] = json.loads(sys.argv[2])
from flows.steps.workbook.child import main
main(int(sys.argv[1]))
"""
# One thread and the system's allocator: what a child takes must be foreseeable under its limit.
_ENVIRONMENT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "RUST_BACKTRACE": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_START_SECONDS = 120
_PREFIX = 8
"""Bytes that say how long the answer's JSON is."""


class _Died(Exception):  # noqa: N818
    """The child is gone."""


class _Child:
    """A process that reads workbooks until it is told to stop, or told to be the last of its life."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.errors = _anonymous_file()
        path = [_ROOT, *(entry for entry in sys.path if entry and entry != _ROOT)]
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-S", "-c", _BOOT, str(theirs.fileno()), json.dumps(path)],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **_ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.errors,
                start_new_session=True,
            )
        self.socket = ours
        self.ready = False
        self.last_words = ""

    def wait_ready(self) -> None:
        """Wait until the child has imported what it needs.

        Raises:
            RuntimeError: it could not: a fault of ours.
        """
        if not self.ready:
            self.socket.settimeout(_START_SECONDS)
            with contextlib.suppress(OSError):
                self.ready = self.socket.recv(1) == b"R"
            if not self.ready:
                self.stop()
                raise RuntimeError(f"the reading process did not start: {self.last_words}")

    def ask(self, request: bytes, seconds: float) -> tuple[dict[str, Any], int | None]:
        """The answer to a request, and the descriptor of its tables.

        Raises:
            TimeoutError: it took longer than ``seconds``.
            _Died: the child is gone.
        """
        deadline = time.monotonic() + seconds
        descriptors: list[int] = []
        try:
            self.socket.settimeout(seconds)
            self.socket.sendall(request + b"\n")
            head, descriptors, _, _ = socket.recv_fds(self.socket, _PREFIX, 1)
            size = int.from_bytes(head + self._exactly(_PREFIX - len(head), deadline), "big")
            answer: dict[str, Any] = json.loads(self._exactly(size, deadline))
        except TimeoutError:
            _close(descriptors)
            raise
        except (OSError, EOFError) as error:
            _close(descriptors)
            raise _Died from error
        return answer, descriptors[0] if descriptors else None

    def _exactly(self, size: int, deadline: float) -> bytes:
        parts = []
        while size:
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            part = self.socket.recv(min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def stop(self) -> int | None:
        """End the child, at once if it works; its exit code, ``last_words`` being what it said of it."""
        self.socket.close()
        self.process.kill()
        code = self.process.wait()
        if not self.errors.closed:
            size = self.errors.seek(0, os.SEEK_END)
            self.errors.seek(max(0, size - 4000))
            self.last_words = self.errors.read().decode("utf-8", "replace")
            self.errors.close()
        return code


def _anonymous_file() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("errors"), "w+b")
    return tempfile.TemporaryFile()


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


class _Children:
    """Idle children. Each thread that reads holds one of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._owner = os.getpid()

    def take(self) -> _Child:
        with self._lock:
            if self._owner != os.getpid():  # forked: these children answer to another process
                self._idle, self._owner = [], os.getpid()
            if self._idle:
                return self._idle.pop()
        return _Child()

    def give_back(self, child: _Child) -> None:
        with self._lock:
            self._idle.append(child)

    def stop(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        if self._owner == os.getpid():
            for child in idle:
                child.stop()


_children = _Children()
atexit.register(_children.stop)


def start_child() -> None:
    """Start a child that will be ready when it is needed."""
    if hasattr(socket, "recv_fds"):
        _children.give_back(_Child())


def stop_children() -> None:
    """End all idle children."""
    _children.stop()


def read_in_child(path: Path, workbook: str, limits: Limits) -> Reading:
    """Read a workbook in a child process.

    Raises:
        Refused: it cannot be read; or its reader crashed, hung or ran out of memory.
    """
    if not hasattr(socket, "recv_fds"):  # no way to pass descriptors on this system
        from flows.steps.workbook.reading import read

        return read(path, workbook, limits)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused(refusals.GONE, type(error).__name__) from error
    request = json.dumps({"path": os.fsencode(path.absolute()).hex(), "workbook": workbook, "limits": asdict(limits)})
    child = _alive()
    try:
        answer, descriptor = child.ask(request.encode(), limits.patience(size))
    except TimeoutError as error:
        child.stop()
        raise Refused(refusals.TOO_LONG) from error
    except _Died as error:
        code = child.stop()
        words = child.last_words
        if "memory allocation" in words or "MemoryError" in words or code == -signal.SIGKILL:
            raise Refused(refusals.TOO_MUCH_MEMORY, f"exit code {code}") from error
        raise Refused(refusals.CRASHED, f"exit code {code}") from error
    except BaseException:
        child.stop()
        raise
    if answer["last"]:
        child.stop()
    else:
        _children.give_back(child)
    return _reading(answer, descriptor, path)


def _alive() -> _Child:
    """A child that is ready; one that was idle may have been ended by others meanwhile."""
    while True:
        child = _children.take()
        if child.process.poll() is None or not child.ready:
            child.wait_ready()
            return child
        child.stop()


def _sheet(hidden_columns: list[str], merged: dict[str, list[list[int]]], **told: Any) -> Sheet:
    areas = tuple((column, top, bottom) for column, top, bottom in merged["areas"])
    return Sheet(**told, hidden_columns=tuple(hidden_columns), merged=Merged(areas))


def _reading(answer: dict[str, Any], descriptor: int | None, path: Path) -> Reading:
    if descriptor is None:
        raise Refused(Words(*answer["words"]), answer["detail"])
    import pyarrow as pa

    try:
        mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(descriptor)
    table = pa.ipc.open_stream(pa.py_buffer(mapped)).read_all()
    names = [name for name in table.column_names if not name.startswith("typed:")]
    typed = {
        key: table[f"typed:{key}"] if f"typed:{key}" in table.column_names else table[key] for key in answer["typed"]
    }
    return Reading(
        path=path,
        workbook=answer["workbook"],
        format=answer["format"],
        sheets=tuple(_sheet(**told) for told in answer["sheets"]),
        skipped=tuple((name, Words(*words)) for name, words in answer["skipped"]),
        filings=table.select(names),
        typed=pa.table(typed),
        notes=tuple(Words(*words) for words in answer["notes"]),
    )
