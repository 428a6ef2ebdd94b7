"""From a finished run to the rows of the history; personal data ends here.

Only values of closed lists are kept as they are (provinces, natures, types, codes of rules and columns);
anything else a cell may hold becomes ``其他``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from expectations.filing import COLUMNS, choices
from expectations.reasons import REASONS
from expectations.rows import LOCATION, Basis
from flows.steps import judging
from flows.steps.digest import Digest
from flows.steps.history import store
from flows.steps.staging import Staged

BLANK, OTHER = "未填", "其他"
LETTERS = {"pass": "p", "unchecked": "u", "warning": "w", "error": "e"}
_CHANGE = re.compile(r"new_filing|(fixed|new|regressed|unchanged):[0-9]+")
_CHANGES = {"fixed", "new", "regressed", "unchanged", "new_filing"}
_AGENCY = re.compile(
    r"公司|集团|代理|科技|网络|信息|数据|传媒|软件|工作室|中心|部门|团队|平台|服务|渠道|接入|备案|机房|分部|分局|客服|运营"
    r"|(阿里|腾讯|华为|百度|京东|金山|天翼|移动|联通|电信|火山)云?|^(华[东南北中]|[东西][南北]|东北|西北)"
    r"|\b(agency|agent|cloud|network|tech|idc|isp|hosting|ltd|inc|team|dept|center|support|media|group)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[\s()（）\[\]【】,，、;；:：/|]+")
_PERSONAL = re.compile(r"@|[0-9][0-9 -]{5,}")


@dataclass(frozen=True)
class Part:
    """What the history keeps of some workbooks: ``filings`` and ``findings`` as in :data:`store.TABLES`, undated."""

    filings: pa.Table
    findings: pa.Table


def parts(workbooks: Sequence[Staged], basis: Basis, digest: Digest) -> list[Part]:
    """What the history keeps of judged workbooks, in their order."""
    return [_part(lot, basis, digest) for lot in judging.together(workbooks)]


def _part(workbooks: Sequence[Staged], basis: Basis, digest: Digest) -> Part:
    filings = judging.filings(workbooks, basis)
    verdicts, findings = (
        pd.concat([one.frame(name) for one in workbooks], ignore_index=True) for name in ("verdicts", "findings")
    )
    per_filing: dict[str, pd.Series | pa.Array] = {
        "filing": bits(verdicts["filing_key"]),
        "content": bits(verdicts["content"]),
        "province": _listed(filings["province"], filings.basis.reference.provinces),
        "nature": _listed(filings["subject_nature"], [one.value for one in choices()["subject_nature"]]),
        "filing_type": _listed(filings["filing_type"], [one.value for one in choices()["filing_type"]]),
        "sender": _senders(filings["workbook"], filings["submitted_by"], digest),
        "verdict": verdicts["verdict"],
        "states": _states(verdicts),
        "change": _known(verdicts, "change", lambda part: bool(_CHANGE.fullmatch(part))),
    }
    table = pa.table({name: pa.array(values) for name, values in per_filing.items()})
    places = pd.MultiIndex.from_frame(verdicts[[*LOCATION]])
    at = places.get_indexer(pd.MultiIndex.from_frame(findings[[*LOCATION]])) if len(filings) else []
    found = table.select(["filing", "province", "nature", "filing_type", "sender"]).take(pa.array(at, pa.int64()))
    for name in ("reason", "rule", "severity"):
        found = found.append_column(name, pa.array(findings[name]))
    columns = {one: ";".join(key for key in one.split(";") if key in COLUMNS) for one in findings["columns"].unique()}
    found = found.append_column("columns", pa.array(findings["columns"].map(columns).astype("str")))
    found = found.append_column("change", pa.array(_known(findings, "change", _CHANGES.__contains__)))
    # A table without rows knows no types of its own.
    return Part(store.upgraded(table, store.TABLES["filings"]), store.upgraded(found, store.TABLES["findings"]))


def record(folder: Path, summary: Mapping[str, Any], parts: Iterable[Part], key: str = "") -> str:
    """Put a finished run into the history at ``folder``: once, however often it is called.

    Args:
        summary: the content of summary.json, seconds included.
        parts: of the judged workbooks, in their order.
        key: tells runs of one day apart; a run of the same day and key replaces the one recorded. Made of
            the content where not given.

    Returns:
        The key.

    Raises:
        OSError: the folder cannot be written; the history is as it was.
    """
    run_date = date.fromisoformat(summary["as_of"])
    parts = list(parts)
    tables = {}
    for name in ("filings", "findings"):
        undated = [store.upgraded(getattr(one, name), store.TABLES[name]) for one in parts]
        tables[name] = pa.concat_tables(undated) if undated else store.TABLES[name].empty_table()
    status = [entry["status"] for entry in summary["workbooks"]]
    run = {
        "schema": store.SCHEMA,
        "run_date": run_date,
        "generation": 0,
        "rules": summary["fingerprints"]["rules"],
        "reference": summary["fingerprints"]["reference"],
        "versions": json.dumps(summary["versions"]),
        "grounds": json.dumps(summary.get("grounds", {})),
        "seconds": json.dumps(summary.get("seconds", {})),
        **{name: status.count(name) for name in ("judged", "refused", "skipped")},
        "filings": len(tables["filings"]),
    }
    fingerprint = _fingerprint(run, tables)
    key = key or fingerprint[:16]
    row = run | {"run_key": key, "fingerprint": fingerprint, "recorded": datetime.now(UTC)}
    tables = {name: dated(table, run_date, key) for name, table in tables.items()}
    store.append(folder, run_date, key, {"run": pa.Table.from_pylist([row], store.TABLES["run"]), **tables})
    with suppress(store.HistoryError):  # who reads it is told; what was recorded now is safe
        store.compact(folder, run_date)
    return key


def dated(table: pa.Table, run_date: date, key: str) -> pa.Table:
    """The rows of one run with its date and key, as the history keeps them."""
    size = len(table)
    table = table.drop_columns([name for name in ("run_date", "run_key") if name in table.column_names])
    table = table.append_column("run_date", pa.repeat(pa.scalar(run_date, pa.date32()), size))
    return table.append_column("run_key", pa.repeat(pa.scalar(key), size))


def _fingerprint(run: Mapping[str, object], tables: Mapping[str, pa.Table]) -> str:
    """Of everything but the seconds: the same run gives the same."""
    digest = hashlib.sha256(repr({**run, "seconds": None}).encode())
    for name in sorted(tables):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, tables[name].schema) as writer:
            writer.write_table(tables[name].combine_chunks())
        digest.update(sink.getvalue())
    return digest.hexdigest()


def bits(digests: pd.Series) -> pa.Array:
    """The first 64 bits of each digest, null for none: of ten million filings two meet once in 370,000 histories."""
    texts = digests.tolist()
    # Twelve letters of base64 are nine bytes; all are decoded at once.
    decoded = base64.urlsafe_b64decode("".join(text[:12] or "A" * 12 for text in texts))
    numbers = np.ascontiguousarray(np.frombuffer(decoded, np.uint8).reshape(-1, 9)[:, :8]).view(">i8").ravel()
    return pa.array(numbers.astype(np.int64), mask=np.array([not text for text in texts], dtype=bool))


def _listed(values: pd.Series, known: Iterable[str]) -> pd.Series:
    allowed = {value: value for value in known} | {"": BLANK}
    return values.map(allowed).fillna(OTHER).astype("str")


def _known(frame: pd.DataFrame, name: str, allowed: Any) -> pd.Series:
    """A column of codes joined by ``;``, without any that are not known."""
    if name not in frame:
        return pd.Series("", index=frame.index, dtype="str")
    values = frame[name].fillna("").astype("str")
    return values.map({text: ";".join(filter(allowed, text.split(";"))) for text in values.unique()}).astype("str")


def _states(verdicts: pd.DataFrame) -> pd.Series:
    letters = [verdicts[f"reason_{reason.number}"].map(LETTERS) for reason in REASONS]
    return letters[0].str.cat(letters[1:]).astype("str")


def _senders(workbook: pd.Series, submitted_by: pd.Series, digest: Digest) -> pd.Series:
    """The sub-folder the workbook came in, else who the sheet says submits."""
    folders = workbook.map({name: name.partition("/")[0] if "/" in name else "" for name in workbook.unique()})
    senders = folders.where(folders != "", submitted_by)
    return senders.map({name: sender_label(name, digest) for name in senders.unique()}).astype("str")


def sender_label(name: str, digest: Digest) -> str:
    """An agency's name as it is; what may be a person's, a label that is always the same for them.

    An agency is known by a word in its name. In doubt it is a label: a label reads worse, a name leaks.
    """
    if not name.strip():
        return BLANK
    # 示例公司张三: what follows may be a person.
    pieces = ["".join(piece.partition("公司")[:2]) for piece in _SEPARATOR.split(name)]
    agency = [piece for piece in pieces if _AGENCY.search(piece) and len(piece) <= 40]
    if agency and not _PERSONAL.search(name):
        return agency[0]
    return f"提交人 {digest.of(pd.Series([name.strip()], dtype='str')).iloc[0][:6]}"
