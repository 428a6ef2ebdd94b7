"""Every setting in one place: the command line first, then ``ICP_PREFLIGHT_…``, then the file, then the default.

The file is ``icp-preflight.toml`` in the working folder (or where ``ICP_PREFLIGHT_CONFIG`` says), with a
table ``[tool.icp-preflight]``.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

PREFIX = "ICP_PREFLIGHT_"
REGISTER_FILE = "register.sqlite"
"""The store of the filings on file, in the data folder."""
CHOICES = {"lang": ("zh", "en"), "statement": ("required", "by-province", "off"), "runner": ("local", "dask")}


class BadSetting(ValueError):  # noqa: N818 - a sender's mistake, not a fault of ours
    """A setting that cannot be used, in words that say where it stands and what was expected."""


@dataclass(frozen=True)
class Settings:
    """How one run works. Paths are as given; ``as_of`` is today where nobody says otherwise."""

    lang: str = "zh"
    as_of: date | None = None
    out: Path = Path("reports")
    data: Path = Path("data")
    register: str | None = None
    """A file of filings on file (xlsx, csv), or their store: a .sqlite file or a database URL."""
    attachments: Path | None = None
    reference: Path | None = None
    previous: Path | None = None
    data_docs: Path | None = None
    history: Path | None = None
    """Where a run is recorded; the night records in ``history`` of the data folder where nothing is said."""
    statement: str = "by-province"
    review_days: int = 20
    mask: bool = False
    read_seconds: int = 300
    read_megabytes: int = 6144
    max_cells: int = 150_000_000
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
    scheduler: str | None = None
    """Address of a Dask scheduler, ``tcp://…``, for the runner ``dask``."""
    workers: int = 0
    """Processes of the local runner; 0 decides by the number of cores and the size of the work."""
    webhook: str | None = None
    """Where a night says how it ended: a webhook of WeCom, DingTalk, Feishu or Slack."""


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


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"{path}: {error}") from error
    found = table.get("tool", {}).get("icp-preflight", {})
    return {
        _known(name.replace("-", "_"), str(path)): _value(name.replace("-", "_"), value, f"{path}: {name}")
        for name, value in found.items()
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
    kind = next(field.type for field in fields(Settings) if field.name == name)
    try:
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"{value!r} not in {CHOICES[name]}")
        if "Path" in str(kind):
            return Path(value)
        if "date" in str(kind):
            return value if isinstance(value, date) else date.fromisoformat(value)
        if kind == "int":
            return int(value)
        if kind == "bool":
            return value if isinstance(value, bool) else {"1": True, "true": True, "0": False, "false": False}[value]
    except (ValueError, KeyError, TypeError) as error:
        raise BadSetting(f"{where}: {error}") from error
    return value
