"""One night: what stands in the inbox is checked together, reported, remembered and put away.

    lock → finish what an earlier night left → claim → check → publish → remember → archive

Every step can be done again: it gives the same and adds nothing. What is written appears whole or not at
all, and inputs leave the inbox last. So a night may be killed at any moment and started again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

from expectations.words import Words
from flows.settings import Settings, now
from flows.steps import durable, journal, publishing, stores
from flows.steps.cache import Cache
from flows.steps.digest import Digest, load_key
from flows.steps.intake import Found
from flows.steps.journal import BadNight
from flows.steps.ledger import Ledger
from flows.steps.manifest import Claimed, Manifest, claim, discover, unchanged, unfinished

Progress = Callable[[str, int, int], None]
Result = TypeVar("Result")
_TRIES = 3


class Call(Protocol):
    """Calls a step by its name; ``again`` says that it may be tried again after an error of the file system."""

    def __call__(self, name: str, step: Callable[[], Result], *, again: bool = False) -> Result: ...


def plainly(name: str, step: Callable[[], Result], *, again: bool = False) -> Result:
    return step()


@dataclass
class Outcome:
    """What a night did: a summary for each run of it, and files of the inbox left where they are."""

    day: date
    exit_code: int = 0
    runs: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)
    trends: Path | None = None
    """The page of trends, where it was made."""

    def count(self, name: str) -> int:
        return sum(int(run[name]) for run in self.runs)


def reached(point: str) -> None:
    """Called between the steps; tests end the process here."""


def night(settings: Settings, call: Call = plainly, progress: Progress = lambda name, done, total: None) -> Outcome:
    """Do one night over the inbox.

    Raises:
        BadNight: another night is at work, or files keep changing.
        BadLedger, BadRegister, BadReference …: what the night rests on cannot be used; the inbox stands as it was.
        OSError: something could not be written; the next night goes on from there.
    """
    outcome = Outcome(settings.day)
    settings.data.mkdir(parents=True, exist_ok=True)
    with journal.alone(settings.data), journal.entry(settings.data, outcome.day) as entry:
        reached("begun")
        found = _work(settings, outcome, call, progress)
        outcome.left = [
            {"workbook": one.workbook, "status": one.status, "reason": one.words(settings.lang) if one.words else ""}
            for one in found
            if one.status != "workbook"
        ]
        refused = any(one["status"] == "refused" for one in outcome.left)
        outcome.exit_code = max([2 if refused else 0, *(run["exit"] for run in outcome.runs)])
        _prune(settings)
        entry.update(_entry(outcome))
    return outcome


def _work(settings: Settings, outcome: Outcome, call: Call, progress: Progress) -> list[Found]:
    """Finish what earlier nights left, then do what stands in the inbox; gives every file met there."""
    inbox, runs = inbox_of(settings), settings.data / "runs"
    inbox.mkdir(parents=True, exist_ok=True)
    digest = Digest(load_key(settings.data))
    ledger = stores.open_ledger(settings, digest)
    try:
        for manifest in unfinished(runs):
            outcome.runs.append(_Run(settings, manifest, ledger, digest, call, progress).finish())
        found = call("discover", lambda: discover(inbox, settings.wait_seconds), again=True)
        reached("discovered")
        claimed = call("claim", lambda: claim(found, inbox, runs, outcome.day), again=True)
        reached("claimed")
        if claimed:
            outcome.runs.append(_Run(settings, claimed, ledger, digest, call, progress).finish())
    finally:
        ledger.close()
    return found


def _entry(outcome: Outcome) -> dict[str, Any]:
    """What the journal keeps of a night that came to its end."""
    met = [entry for run in outcome.runs for entry in run["workbooks"]]
    status = Counter(entry["status"] for entry in [*met, *outcome.left])
    return {
        "exit": outcome.exit_code,
        "workbooks": {name: status[name] for name in ("judged", "refused", "skipped")},
        **{name: outcome.count(name) for name in ("filings", "rejected", "review", "ready")},
        "reports": sorted({str(run["reports"]) for run in outcome.runs if run["filings"]}),
        "faults": [[entry["workbook"], entry["fault"]] for entry in met if entry["fault"]],
    }


def with_trends(outcome: Outcome, settings: Settings, call: Call = plainly) -> Outcome:
    """After a night that checked something, the page of trends anew: ``trends.html`` in the data folder."""
    if outcome.runs:
        from flows.steps import trends  # charts, for those who need them

        history, target = stores.history_of(settings), settings.data / "trends.html"
        outcome.trends = call("trends", lambda: trends.after_night(history, target, settings.lang))
    return outcome


def inbox_of(settings: Settings) -> Path:
    return settings.inbox or settings.data / "inbox"


class _Run:
    """One run of a night, from its manifest to the archive."""

    def __init__(
        self, settings: Settings, manifest: Manifest, ledger: Ledger, digest: Digest, call: Call, progress: Progress
    ) -> None:
        self.settings = replace(settings, as_of=manifest.day)
        self.manifest, self.ledger, self.digest = manifest, ledger, digest
        self.call, self.progress = call, progress
        self.cache = Cache(settings.data / "cache")
        self.day = manifest.day.isoformat()
        self.inbox = inbox_of(settings)

    def finish(self) -> dict[str, Any]:
        """Everything that is still to be done; gives what ``done.json`` says of the run."""
        start = time.perf_counter()
        if not self.manifest.judged.exists():
            self.call("check", self._check)
        reached("judged")
        result = durable.read_json(self.manifest.judged / "result.json")
        reports = self.settings.data / "reports" / self.day
        made = self.manifest.judged / "out"
        beside = {}
        if result["files"]:
            notes = self.manifest.folder.parent / "written.json"
            beside = self.call("publish", lambda: publishing.publish(made, reports, notes), again=True)
            reached("published")
            self.call("remember", lambda: self._remember(result), again=True)
            reached("remembered")
        places = self.call("archive", lambda: self._archive(result), again=True)
        reached("archived")
        done = {name: result[name] for name in ("exit", "filings", "rejected", "review", "ready", "from_cache")}
        done |= {"run": self.manifest.run, "day": self.day, "reports": str(reports), "beside": beside}
        done |= {"finished": now().isoformat(timespec="seconds")}
        done |= {"seconds": round(time.perf_counter() - start, 1)}
        done["workbooks"] = [
            {**entry, "report": beside.get(entry["report"], entry["report"]), "put": places.get(entry["workbook"], "")}
            for entry in result["workbooks"]
        ]
        self.manifest.finish(done)
        reached("finished")
        return done

    # ── check ────────────────────────────────────────────────────────────────────────────────────

    def _check(self) -> None:
        for _ in range(_TRIES):
            standing = self.manifest.standing(self.inbox)
            if len(standing) != len(self.manifest.claimed):
                # Taken back or sent anew meanwhile: what stands there now is claimed by the next run.
                self.manifest = replace(self.manifest, claimed=tuple(standing))
                self.manifest.save()
            scratch = self.manifest.folder / f"judged{durable.ASIDE}"
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            key, result = self._judge(scratch)
            if self.manifest.standing(self.inbox) == standing:
                result["files"] = durable.files(scratch / "out")
                durable.write_json(scratch / "result.json", result)
                durable.sync_tree(scratch)
                reached("checked")
                scratch.rename(self.manifest.judged)
                durable.sync_folder(self.manifest.folder)
                if key and result["exit"] < 2:
                    with contextlib.suppress(OSError):
                        self.cache.keep_run(key, {"judged": os.fspath(self.manifest.judged), "files": result["files"]})
                return
        raise BadNight(
            Words(
                f"{self.inbox}: 文件在检查期间不断变化，请稍后再试",
                f"{self.inbox}: files keep changing while they are checked, try later",
            )
        )

    def _judge(self, scratch: Path) -> tuple[str, dict[str, Any]]:
        claimed = self.manifest.claimed
        if not claimed:
            return "", _NOTHING | {"files": {}}
        key = stores.run_key(self.settings, self.ledger, self.digest, self.manifest.day, _contents(claimed))
        known = self.cache.run(key)
        if known and _whole(Path(known["judged"]), known["files"]):
            shutil.copytree(known["judged"], scratch, dirs_exist_ok=True)
            return key, durable.read_json(scratch / "result.json") | {"from_cache": True}
        return key, self._run(claimed, scratch)

    def _run(self, claimed: tuple[Claimed, ...], scratch: Path) -> dict[str, Any]:
        from flows.run import run
        from flows.runners import runner

        found: list[Path | Found] = [Found(self.inbox / one.path, one.workbook, "workbook") for one in claimed]
        content = content_of(self.manifest)
        memory = stores.RunMemory(self.settings, self.ledger, self.digest, self.manifest.day, content, scratch)
        size = sum(one.size for one in claimed)
        with runner(self.settings, len(claimed), size, self._progress) as chosen:
            outcome = run(
                found, replace(self.settings, out=scratch / "out"), chosen,
                scratch=scratch, memory=memory, cache=self.cache,
            )  # fmt: skip
        summary = outcome.summary
        workbooks = [
            {
                **{name: entry[name] for name in ("workbook", "status", "reason", "rows")},
                **{name: entry[name] for name in ("rejected", "review", "ready", "report")},
                "fault": workbook.fault,
                "words": [workbook.words.zh, workbook.words.en] if workbook.words else [],
            }
            for entry, workbook in zip(summary["workbooks"], outcome.workbooks, strict=True)
        ]
        counts = {name: summary[name] for name in ("filings", "rejected", "review", "ready")}
        return {**counts, "exit": outcome.exit_code, "workbooks": workbooks, "from_cache": False}

    def _progress(self, name: str, done: int, total: int) -> None:
        reached(f"{name} {done}")
        self.progress(name, done, total)

    # ── after ────────────────────────────────────────────────────────────────────────────────────

    def _remember(self, result: dict[str, Any]) -> None:
        """History and ledger; both put this run in the place of what they knew of it."""
        from flows.steps.staging import load

        stores.record_history(self.settings, self.manifest.judged, self.manifest.run)
        reached("history")
        if not (self.manifest.judged / stores.LEDGER_ROWS).exists():
            return  # nothing could be read
        content = content_of(self.manifest)
        if result["from_cache"] and self.ledger.holds(content, self.manifest.day):
            return  # no other night recorded since, or the run would have been judged anew
        kept = load(self.manifest.judged / stores.LEDGER_ROWS).to_pandas().astype("str")
        today = now().date()
        oldest = min(self.manifest.day, today) - timedelta(days=self.settings.ledger_days)
        self.ledger.record(self.manifest.run, content, self.manifest.day, kept, oldest)

    def _archive(self, result: dict[str, Any]) -> dict[str, str]:
        """Put the inputs away: judged ones to the archive, refused ones into quarantine with the reason."""
        data, places = self.settings.data, {}
        outcomes = {entry["workbook"]: entry for entry in result["workbooks"]}
        for number, one in enumerate(self.manifest.claimed):
            outcome, source = outcomes[one.workbook], self.inbox / one.path
            kind = "archive" if outcome["status"] == "judged" else "quarantine"
            if not source.exists() and (data / kind / self.day / one.path).exists():
                places[one.workbook] = f"{kind}/{self.day}/{one.path}"  # put away before we were interrupted
            if outcome["fault"] or not unchanged(source, one):
                continue  # a fault of ours: it stays, for the day that it is mended; or another file came
            if kind == "quarantine":
                note = data / kind / self.day / one.path
                note = note.with_name(durable.fitting(note.name, ".txt"))
                durable.write_text(note, f"{one.workbook}\n" + "".join(f"{text}\n" for text in outcome["words"]))
            target = publishing.put_away(source, data / kind / self.day, one.path)
            places[one.workbook] = target.relative_to(data).as_posix()
            reached(f"archive {number + 1}")
        return places


_NOTHING = dict.fromkeys(("exit", "filings", "rejected", "review", "ready"), 0) | {"workbooks": [], "from_cache": False}


def _contents(claimed: tuple[Claimed, ...]) -> list[tuple[str, str]]:
    return [(one.workbook, one.digest) for one in claimed]


def content_of(manifest: Manifest) -> str:
    """Tells runs over the same workbooks."""
    return stores.content_key(_contents(manifest.claimed))


def _whole(judged: Path, files: dict[str, str]) -> bool:
    """Whether what an earlier run made is still there as it was."""
    return (judged / "result.json").exists() and durable.files(judged / "out") == files


def _prune(settings: Settings) -> None:
    """What was kept to be used again and was not for long goes; manifests and summaries stay."""
    Cache(settings.data / "cache").prune(settings.keep_days)
    oldest = time.time() - settings.keep_days * 86_400
    for folder in (settings.data / "runs").glob("*/[0-9]*/judged"):
        if (folder.parent / "done.json").exists() and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
