"""What earlier nights saw counts for reason 9, on SQLite and on PostgreSQL; a ledger gone is an error."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import postgres
import pytest
import sqlalchemy as sa

from data.synthetic.filings import filings, write
from expectations import specimen
from expectations.catalogue import catalogue
from expectations.rows import ledger_columns, ledger_entries
from flows.night import night
from flows.settings import Settings
from flows.steps import ledger_rows
from flows.steps.digest import Digest
from flows.steps.ledger import BadLedger, Ledger

DIGEST = Digest(b"a key for tests only")
DAY = date(2026, 1, 15)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Callable[[str], None]]]:
    with postgres.server() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request, tmp_path) -> Iterator[Ledger]:
    if request.param == "sqlite":
        url: str | Path = tmp_path / "ledger.sqlite"
    else:
        url = request.getfixturevalue("server")[0]
        empty(url)
    ledger = Ledger(url, DIGEST)
    ledger.open(expected=False)
    yield ledger
    ledger.close()


def company(
    serial: int, mobile: str, person: tuple[str, str] = ("样例甲", "330000198501010032"), **changes: str
) -> dict:
    both = {"name": person[0], "certificate_number": person[1], "mobile": mobile}
    roles = {f"{role}_{key}": value for role in ("principal", "site_principal") for key, value in both.items()}
    subject = {"subject_certificate_number": f"91330000MA00{serial:04d}1X", "subject_name": f"样例{serial}号有限公司"}
    return {**subject, **roles, "domain": f"d{serial}-sample.cn", "filing_no": f"BA-{serial:06d}", **changes}


def empty(url: str) -> None:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for table in ("ledger_contact", "ledger_entry", "ledger_run", "ledger_key", "ledger_version"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    engine.dispose()


OTHER = ("样例乙", "330000198602020037")
INDIVIDUAL = {"subject_nature": "个人", "principal_mobile": "13805719009"}


def entries(*rows: dict, workbook: str = "批次.xlsx") -> pd.DataFrame:
    catalogue()
    frame, _ = specimen.batch([dict(row) for row in rows])
    located = specimen.filings(frame)
    located.frame["workbook"] = workbook
    return ledger_entries(located)


def record(ledger: Ledger, run: str, day: date, *rows: dict, workbook: str = "批次.xlsx") -> None:
    kept = ledger_rows.kept(entries(*rows, workbook=workbook), DIGEST)
    ledger.record(run, run, day, kept, DAY - timedelta(days=400))


def judged(ledger: Ledger, *rows: dict, day: date = DAY, days: int = 30, content: str = "") -> pd.Series:
    """The ledger's column of contacts for these filings."""
    ours = entries(*rows)
    kept = ledger_rows.kept(ours, DIGEST)
    earlier = ledger_rows.revealed(ledger.earlier(kept, day, days, content), ours, kept, DIGEST)
    both = pd.concat([ours, earlier], ignore_index=True)
    return ledger_columns(both)["ledger.contact_mobiles"].iloc[: len(ours)]


def test_another_persons_mobile_of_an_earlier_night_is_told_with_place_and_subject(ledger):
    record(ledger, "2026-01-10/001", date(2026, 1, 10), company(1, "13805719001", OTHER), workbook="代理甲/旧.xlsx")
    column = judged(ledger, company(2, "13805719001"), company(3, "13805719002"))
    assert "other_person" in column[0] and "代理甲/旧.xlsx (2026-01-10) › 备案 › 2 · 样例1号有限公司" in column[0]
    assert column[1] == ""


def test_same_person_and_same_subject_are_told_apart(ledger):
    record(ledger, "a", date(2026, 1, 10), company(1, "13805719001"), company(4, "13805719004", OTHER))
    column = judged(ledger, company(2, "13805719001"), company(4, "13805719004", domain="other-sample.cn"))
    assert "same_person" in column[0] and "other_person" not in column[0]
    assert column[1] == "" or "within_subject" in column[1]


def test_individuals_are_masked_and_known_again(ledger):
    record(ledger, "a", date(2026, 1, 10), INDIVIDUAL)
    name, number = specimen.INDIVIDUAL_FILING["subject_name"], specimen.INDIVIDUAL_FILING["subject_certificate_number"]
    other = judged(ledger, company(2, "13805719009"))[0]
    assert "other_person" in other and f"· {name[0]}**" in other and name not in other
    own = judged(ledger, company(3, "13805719009", (name, number)))[0]
    assert "own_filing" in own and "other_person" not in own


def test_same_filing_handed_in_again_does_not_accuse_itself(ledger):
    record(ledger, "a", date(2026, 1, 10), company(1, "13805719001", OTHER))
    mended = company(1, "13805719001")  # another principal, of the same subject and domain
    assert judged(ledger, mended).tolist() == [""]
    new_number = company(1, "13805719001", subject_certificate_number="91330000MA0099991X")  # the order is the same
    assert judged(ledger, new_number).tolist() == [""]


def test_a_filing_counts_while_it_is_pending(ledger):
    record(ledger, "a", date(2026, 1, 10), company(1, "13805719001", OTHER))
    ours = company(2, "13805719001")
    for day, days, counts in ((DAY, 30, True), (DAY, 5, False), (date(2026, 1, 9), 30, False)):
        assert (judged(ledger, ours, day=day, days=days)[0] != "") == counts


def test_recording_twice_or_anew_doubles_nothing(ledger):
    for _ in range(2):
        record(ledger, "a", date(2026, 1, 10), company(1, "13805719001"), company(2, "13805719002"))
    assert ledger.counts() == {"run": 1, "entry": 2, "contact": 4}
    record(ledger, "b", date(2026, 1, 11), company(2, "13805719003"))
    assert ledger.counts() == {"run": 2, "entry": 2, "contact": 4}
    record(ledger, "c", date(2026, 1, 12))
    ledger.record("d", "d", DAY, ledger_rows.kept(entries(company(5, "13805719005")), DIGEST), date(2026, 1, 12))
    assert ledger.counts()["entry"] == 1


def test_nothing_personal_is_kept_in_clear(tmp_path):
    ledger = Ledger(tmp_path / "l.sqlite", DIGEST)
    ledger.open(expected=False)
    record(ledger, "a", date(2026, 1, 10), company(1, "13805719001", OTHER), INDIVIDUAL)
    ledger.close()
    text = (tmp_path / "l.sqlite").read_bytes().decode("utf-8", "replace")
    for value in ("13805719001", OTHER[0], OTHER[1], specimen.INDIVIDUAL_FILING["subject_name"], "13905710002"):
        assert value not in text
    assert "样例1号有限公司" in text
    assert oct((tmp_path / "l.sqlite").stat().st_mode)[-3:] == "600"


def test_a_ledger_that_cannot_be_used_says_so(tmp_path):
    path = tmp_path / "l.sqlite"
    with pytest.raises(BadLedger, match="missing"):
        Ledger(path, DIGEST).open(expected=True)
    path.write_bytes(b"")
    with pytest.raises(BadLedger, match="missing or empty"):
        Ledger(path, DIGEST).open(expected=True)
    Ledger(path, DIGEST).open(expected=False)
    with pytest.raises(BadLedger, match="another key"):
        Ledger(path, Digest(b"another key altogether")).open(expected=True)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ledger_version SET version_num = '9999'")
    with pytest.raises(BadLedger, match="newer"):
        Ledger(path, DIGEST).open(expected=True)
    connection.close()
    with pytest.raises(BadLedger, match="postgresql://"):
        Ledger("mysql://somewhere/x", DIGEST)


def test_a_locked_ledger_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.steps.ledger._BUSY_SECONDS", 0.2)
    ledger = Ledger(tmp_path / "l.sqlite", DIGEST)
    ledger.open(expected=False)
    holder = sqlite3.connect(tmp_path / "l.sqlite", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(BadLedger, match="in use"):
        ledger.counts()
    holder.close()


# ── through the night ────────────────────────────────────────────────────────────────────────────


def deliver(data: Path, name: str, rows: list) -> None:
    (data / "inbox").mkdir(parents=True, exist_ok=True)
    write(rows, data / "inbox" / name)
    os.utime(data / "inbox" / name, (1_700_000_000, 1_700_000_000))


def test_a_mobile_of_last_night_is_found_tonight_and_postgresql_may_die(tmp_path, server):
    url, control = server
    empty(url)
    rows = [row for row in filings(12, seed=31) if row["subject_nature"] == "企业"][:2]
    rows[1]["principal_mobile"] = rows[1]["site_principal_mobile"] = rows[0]["principal_mobile"]
    settings = {"data": tmp_path, "ledger": url, "workers": 1}
    deliver(tmp_path, "一月十四.xlsx", rows[:1])
    assert night(Settings(as_of=date(2026, 1, 14), **settings)).exit_code == 0
    deliver(tmp_path, "一月十五.xlsx", rows[1:])

    def dies(name, step, *, again=False):
        if name == "remember":
            control("stop")
        return step()

    with pytest.raises(BadLedger):
        night(Settings(as_of=DAY, **settings), dies)
    control("start")
    assert (tmp_path / "inbox" / "一月十五.xlsx").exists()
    assert night(Settings(as_of=DAY, **settings)).exit_code == 1
    found = pd.read_parquet(tmp_path / "reports" / "2026-01-15" / "findings.parquet")
    message = found.loc[found["reason"] == 9, "message"].iloc[0]
    assert "一月十四.xlsx (2026-01-14)" in message and str(rows[0]["subject_name"]) in message
    book = openpyxl.load_workbook(tmp_path / "reports" / "2026-01-15" / "一月十五.report.xlsx", read_only=True)
    assert "一月十四.xlsx" in str([cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row])
    book.close()
    deliver(tmp_path, "一月十五.xlsx", rows[1:])  # once more: still the same finding, none against itself
    assert night(Settings(as_of=date(2026, 1, 16), **settings)).exit_code == 1
    again = pd.read_parquet(tmp_path / "reports" / "2026-01-16" / "findings.parquet")
    assert "一月十五" not in "".join(again["message"])
