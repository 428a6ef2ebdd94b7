"""A PostgreSQL server of a test's own: on the loopback, thrown away at the end."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def server() -> Iterator[tuple[str, Callable[[str], None]]]:
    """Its address, and what starts and stops it; skips the test where there is none to start."""
    programs = [shutil.which("initdb"), shutil.which("pg_ctl")]
    pytest.importorskip("psycopg")
    if not all(programs):
        pytest.skip("no PostgreSQL here")
    account = {"user": "nobody", "group": Path(tempfile.gettempdir()).stat().st_gid} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="tests-postgresql-"))
    password = secrets.token_hex(16)
    (folder / "password").write_text(password)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if account:
        for path in (folder, folder / "password"):
            shutil.chown(path, "nobody")
    data, options = folder / "data", f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"

    def run(*command: object) -> None:
        subprocess.run(  # noqa: S603 - programs of our own choosing
            [str(part) for part in command], check=True, cwd=folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **account,
        )  # fmt: skip

    def control(action: str) -> None:
        extra = ["-o", options, "-l", folder / "log"] if action == "start" else []
        run(programs[1], "-D", data, *extra, "-m", "immediate", "-w", action)

    users = ["-U", "tests", "-A", "scram-sha-256", "--pwfile", folder / "password"]
    try:
        run(programs[0], "-D", data, *users, "--no-locale", "-E", "UTF8")
        control("start")
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder)
        pytest.skip(f"PostgreSQL does not start here: {error}")
    try:
        yield f"postgresql://tests:{password}@127.0.0.1:{port}/postgres", control
    finally:
        control("stop")
        shutil.rmtree(folder)
