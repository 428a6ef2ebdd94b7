"""Every setting in one place: the command line first, then ``ICP_PREFLIGHT_…``, then the file, then the default.

The file is ``icp-preflight.toml`` in the working folder (or where ``ICP_PREFLIGHT_CONFIG`` says), with a
table ``[tool.icp-preflight]``. A setting is called ``review_days`` here, ``ICP_PREFLIGHT_REVIEW_DAYS`` in the
environment, ``review-days`` or ``review_days`` in the file.

Two variables are no settings: ``ICP_PREFLIGHT_KEY``, the secret of the stores' digests
(:mod:`flows.steps.digest`), and ``ICP_PREFLIGHT_DEBUG``, which shows the traceback of a fault of ours.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PREFIX = "ICP_PREFLIGHT_"
REGISTER_FILE = "register.sqlite"
"""The store of the filings on file, in the data folder."""
CHOICES = {"lang": ("zh", "en"), "statement": ("required", "by-province", "off"), "runner": ("local", "dask")}


class BadSetting(ValueError):  # noqa: N818 - a sender's mistake, not a fault of ours
    """A setting that cannot be used, in words that say where it stands and what was expected."""


def now() -> datetime:
    """By the clock of China, whose days everything here goes by."""
    return datetime.now(ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Settings:
    """How one run works. Paths are as given, relative ones to the working folder."""

    lang: str = "zh"
    """Of reports and of what is printed: ``zh`` or ``en``."""
    as_of: date | None = None
    """The day to judge by; today in China where nobody says otherwise."""
    out: Path = Path("reports")
    """Where ``check`` writes reports; a night writes into the data folder."""
    data: Path = Path("data")
    """The folder of inbox, reports, archive, history, stores and their key."""
    register: str | None = None
    """A file of filings on file (xlsx, csv), or their store: a .sqlite file or a database URL."""
    attachments: Path | None = None
    """The folder of the attached pictures; where none is named, what rests on them is unchecked."""
    reference: Path | None = None
    """A folder of reference tables of your own, laid over ours row by row."""
    previous: Path | None = None
    """Reports of an earlier run to compare with; where none is named, the history."""
    data_docs: Path | None = None
    """Where Great Expectations' Data Docs are built, a site for each workbook."""
    history: Path | None = None
    """Where a run is recorded; the night records in ``history`` of the data folder where nothing is said."""
    statement: str = "by-province"
    """Where the paper authenticity statement is due: ``required`` everywhere, ``by-province`` or ``off``."""
    review_days: int = 20
    """How long a review may take, in days: what expires meanwhile is a warning."""
    mask: bool = False
    """Whether the added sheets hide identity numbers and mobiles."""
    read_seconds: int = 300
    """Wall time for reading one workbook, then it is refused; small files get less."""
    read_megabytes: int = 6144
    """Address space of the process that reads workbooks, in MiB."""
    max_cells: int = 150_000_000
    """Cells of the smallest rectangle around all those of a sheet; beyond it the workbook is refused."""
    inbox: Path | None = None
    """Where senders put workbooks for the night; ``inbox`` of the data folder where nothing is said."""
    ledger: str | None = None
    """The ledger of contacts across nights: a SQLite file or a database URL; in the data folder by default."""
    ledger_days: int = 30
    """How long a filing counts as pending, in days after the night that saw it last."""
    wait_seconds: int = 600
    """How long a night waits for files that are still being written."""
    keep_days: int = 14
    """How long results are kept to be used again for unchanged workbooks."""
    runner: str = "local"
    """What a night's steps run in: ``local`` processes or a ``dask`` cluster."""
    scheduler: str | None = None
    """Address of a Dask scheduler, ``tcp://…``, for the runner ``dask``."""
    workers: int = 0
    """Processes of the local runner; 0 decides by the number of cores and the size of the work."""
    webhook: str | None = None
    """Where a night says how it ended: a webhook of WeCom, DingTalk, Feishu or Slack."""

    @property
    def day(self) -> date:
        """The day to judge by: the one asked for, else today."""
        return self.as_of or now().date()


def load(overrides: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force; ``overrides`` are those of the command line, None where not given.

    Raises:
        BadSetting: a file or variable that names no setting or holds no such value.
    """
    file = environ.get(f"{PREFIX}CONFIG")
    path = Path(file) if file else Path("icp-preflight.toml")
    settings = Settings()
    if file or path.is_file():
        settings = replace(settings, **_from_file(path))
    settings = replace(settings, **_from_environment(environ))
    return replace(settings, **{name: value for name, value in overrides.items() if value is not None})


def check_folders(settings: Settings) -> None:
    """Find out before hours of judging that a folder of the settings cannot be used.

    Raises:
        BadSetting: one that is read from is missing, or the one written to is a file.
    """
    if settings.attachments is not None and not settings.attachments.is_dir():
        raise BadSetting(f"attachments: {settings.attachments} 不是文件夹 / is no folder")
    if settings.previous is not None and not (settings.previous / "findings.parquet").is_file():
        raise BadSetting(
            f"previous: {settings.previous} 不是报告文件夹，其中没有 findings.parquet / "
            "is no folder of reports, it holds no findings.parquet"
        )
    if settings.out.exists() and not settings.out.is_dir():
        raise BadSetting(f"out: {settings.out} 是文件，不是文件夹 / is a file, no folder")


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadSetting(f"{path}: 无法读取设置 / the settings cannot be read: {why}") from error
    found = table.get("tool", {}).get("icp-preflight")
    if table and found is None:
        raise BadSetting(f"{path}: 缺少 [tool.icp-preflight] / there is no table [tool.icp-preflight]")
    return {
        _known(name.replace("-", "_"), str(path)): _value(name.replace("-", "_"), value, f"{path}: {name}")
        for name, value in (found or {}).items()
    }


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    names = {field.name for field in fields(Settings)}
    return {
        name: _value(name, environ[PREFIX + name.upper()], PREFIX + name.upper())
        for name in names
        if environ.get(PREFIX + name.upper())
    }


def _known(name: str, where: str) -> str:
    if name not in {field.name for field in fields(Settings)}:
        raise BadSetting(f"{where}: 没有名为 {name} 的设置 / there is no setting called {name}")
    return name


def _value(name: str, value: Any, where: str) -> Any:
    """The value in the setting's own type."""
    kind = next(str(field.type).removesuffix(" | None") for field in fields(Settings) if field.name == name)
    expected = " | ".join(CHOICES[name]) if name in CHOICES else _EXPECTED[kind]
    try:
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError
        return _READ[kind](value)
    except (ValueError, KeyError, TypeError) as error:
        raise BadSetting(f"{where}: {value!r} 不可用，应为 / cannot be used, expected: {expected}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: Any) -> int:
    number = int(str(value))
    if number < 0:
        raise ValueError
    return number


_READ: dict[str, Callable[[Any], Any]] = {
    "str": _text,
    "int": _count,
    "bool": lambda value: {"1": True, "true": True, "0": False, "false": False}[str(value).lower()],
    "date": lambda value: date.fromisoformat(str(value)),
    "Path": Path,
}
_EXPECTED = {
    "str": "文字 / text",
    "int": "0, 1, 2, …",
    "bool": "true | false",
    "date": "YYYY-MM-DD",
    "Path": "路径 / a path",
}
