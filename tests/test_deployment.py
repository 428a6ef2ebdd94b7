"""The deployment as the README tells it: a server, a pool, a worker, and a night that comes by its schedule."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from data.synthetic.filings import filings, write

ROOT = Path(__file__).parents[1]
PREFECT = [sys.executable, "-m", "prefect"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    """A working folder with a server of its own; everything started is stopped at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder, port = folder, free_port()
        self.api = f"http://127.0.0.1:{port}/api"
        settings = dict(
            line.split("=", 1)
            for line in (ROOT / "deploy/prefect.env").read_text().splitlines()
            if line[:1] == "P" or line[:1] == "D"
        )
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
            **settings,
            "PREFECT_HOME": str(folder / "prefect"), "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_API_PORT": str(port), "PREFECT_UI_URL": self.api.removesuffix("/api"),
            "PREFECT_PROFILES_PATH": str(folder / "profiles.toml"), "PYTHONPATH": str(ROOT),
            "ICP_PREFLIGHT_HOME": str(folder), "ICP_PREFLIGHT_WORKERS": "1", "NO_COLOR": "1",
        }  # fmt: skip
        self.started: list[subprocess.Popen] = []

    def start(self, *command: str) -> subprocess.Popen:
        log = (self.folder / f"{command[0]}.log").open("w")
        process = subprocess.Popen(  # noqa: S603
            [*PREFECT, *command], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        log.close()
        self.started.append(process)
        return process

    def prefect(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603
            [*PREFECT, *command], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, check=False,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, path: str, body: dict | None = None) -> list[dict]:
        data = json.dumps(body or {}).encode()
        request = urllib.request.Request(self.api + path, data, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310
            return json.load(reply)

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.api}/health", timeout=2) as reply:  # noqa: S310
                return reply.status == 200
        except OSError:
            return False

    def stop(self) -> None:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for process in self.started:
                if process.poll() is None or sign == signal.SIGKILL:
                    try:
                        os.killpg(process.pid, sign)
                    except ProcessLookupError:
                        continue
            for process in self.started:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    continue


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.start("server", "start")
    try:
        until(site.healthy, 90)
        yield site
    finally:
        site.stop()


def until(holds, seconds: float):
    """What ``holds`` gives as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} s")


def test_deployment_file_says_what_was_agreed():
    deployment = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"][0]
    assert deployment["entrypoint"] == "flows.nightly.nightly"
    assert [(one["cron"], one["timezone"]) for one in deployment["schedules"]] == [("30 1 * * *", "Asia/Shanghai")]
    assert deployment["concurrency_limit"]["limit"] == 1
    from prefect.flows import load_flow_from_entrypoint

    assert load_flow_from_entrypoint(deployment["entrypoint"]).name == deployment["name"]


@pytest.mark.long
def test_scheduled_night_completes_through_a_worker(site):
    """The lines of the README, on the loopback; the cron of every night, and one a few seconds ahead."""
    inbox = site.folder / "data" / "inbox" / "代理甲"
    inbox.mkdir(parents=True)
    rows = filings(3, seed=3)
    rows[0]["principal_mobile"] = "12345"
    write(rows, inbox / "a.xlsx")
    deployment = yaml.safe_load((ROOT / "prefect.yaml").read_text())
    deployment["deployments"][0]["schedules"].append(
        {"interval": 60, "slug": "soon", "parameters": {"as_of": "2026-01-15"}}
    )
    (site.folder / "prefect.yaml").write_text(yaml.safe_dump(deployment, allow_unicode=True))
    site.prefect("work-pool", "create", "icp-preflight", "--type", "process")
    site.prefect("--no-prompt", "deploy", "--all")
    site.prefect("automation", "create", "--from-file", str(ROOT / "deploy" / "automations.yaml"))
    site.start("worker", "start", "--pool", "icp-preflight", "--type", "process")

    def scheduled() -> bool:
        # 01:30 in Shanghai is 17:30 of the day before in UTC.
        return any("T17:30:00" in run["expected_start_time"] for run in site.ask("/flow_runs/filter"))

    until(scheduled, 60)

    def ended() -> list[dict]:
        runs = site.ask(
            "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
        )
        return [run for run in runs if run["auto_scheduled"]]

    run = until(ended, 150)[0]
    log = (site.folder / "worker.log").read_text()
    assert run["state_type"] == "COMPLETED", log
    assert run["name"] == "nightly-2026-01-15" and "nightly" in run["tags"]
    reports = site.folder / "data" / "reports" / "2026-01-15"
    assert (reports / "代理甲" / "a.report.xlsx").is_file()
    assert (site.folder / "data" / "archive" / "2026-01-15" / "代理甲" / "a.xlsx").is_file()
    artifacts = site.ask("/artifacts/filter")
    assert {one["key"] for one in artifacts} == {"night-summary", "night-reports", "night-progress", "night-trends"}
    told = json.dumps(artifacts, ensure_ascii=False) + log
    for row in rows:
        for cell in ("principal_mobile", "principal_certificate_number", "principal_name"):
            assert str(row[cell]) not in told
    if keep := os.environ.get("ICP_PREFLIGHT_LOOK"):  # somebody wants to look at the pages
        shutil.copytree(site.folder / "prefect", keep, dirs_exist_ok=True)
