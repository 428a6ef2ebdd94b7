"""The register: reading, keeping and asking it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
import xlsxwriter

from expectations import specimen
from flows.steps import digest as digests
from flows.steps.digest import BadKey, Digest, load_key
from flows.steps.register import BadRegister, Register, Store, import_register, read, show
from flows.steps.register import store as stores
from flows.steps.register.entries import ENTRY_COLUMNS, NEEDS
from flows.steps.register.reading import COLUMN_KEYS, REGISTER_COLUMNS

KEY = b"a key for tests only"
DIGEST = Digest(KEY)
LABELS = [REGISTER_COLUMNS[key].zh for key in COLUMN_KEYS]
COMPANY = {
    "主办单位证件类型": "营业执照", "主办单位证件号码": "91330000MA0000007W",
    "主办单位名称": "杭州晨光样例图书有限公司", "主体备案号": "浙ICP备12345678号",
    "主办单位所属省份": "浙江省", "域名": "WWW.Chenguang-Sample.cn",
    "网站备案号": "浙ICP备12345678号-1", "是否本接入商": "是", "主体负责人姓名": "林示例",
    "主体负责人证件号码": "330000198501010016", "主体负责人联系方式1": "+86 138-0571-0001", "网站负责人姓名": "林示例",
    "网站负责人证件号码": "330000198501010016", "网站负责人联系方式1": "13805710001", "状态": "已备案",
}  # fmt: skip
PERSON = COMPANY | {
    "主办单位证件类型": "居民身份证", "主办单位证件号码": "33000019900202002X", "主办单位名称": "陈样例",
    "主体备案号": "浙ICP备87654321号", "域名": "mofang-sample.cn", "网站备案号": "浙ICP备87654321号-1",
    "主体负责人姓名": "陈样例", "主体负责人证件号码": "", "主体负责人联系方式1": "13805710003", "网站负责人姓名": "",
    "网站负责人证件号码": "", "网站负责人联系方式1": "", "是否本接入商": "否",
}  # fmt: skip


def csv_file(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    pd.DataFrame(rows, columns=LABELS).to_csv(path, index=False, encoding=encoding)
    return path


def xlsx_file(path: Path, rows: list[list[str]], sheets: tuple[str, ...] = ("备案",)) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        for name in sheets:
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows if name == sheets[-1] else [["说明"], ["仅供内部使用"]]):
                sheet.write_row(number, 0, row)
    return path


def filings(*changes: dict[str, str]) -> pd.DataFrame:
    return specimen.batch(changes)[0]


@pytest.fixture
def register_file(tmp_path: Path) -> Path:
    return csv_file(tmp_path / "register.csv", COMPANY, PERSON)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def test_sheet_and_csv_in_either_encoding_read_the_same(tmp_path: Path, register_file: Path):
    rows = [[], ["备案库 2026-01"], [*LABELS, "备注"], [*COMPANY.values(), "x"], [""] * 16, [*PERSON.values(), ""]]
    expected = read(register_file)
    assert expected.shape == (2, len(COLUMN_KEYS))
    assert expected["domain"].tolist() == ["www.chenguang-sample.cn", "mofang-sample.cn"]
    assert expected["principal_mobile"].tolist() == ["13805710001", "13805710003"]
    assert expected["province"].tolist() == ["浙江", "浙江"]
    for other in (
        csv_file(tmp_path / "a.csv", COMPANY, PERSON, encoding="gb18030"),
        csv_file(tmp_path / "b.csv", COMPANY, PERSON, encoding="utf-8-sig"),
        xlsx_file(tmp_path / "c.xlsx", rows, ("封面", "备案")),
    ):
        pd.testing.assert_frame_equal(read(other), expected)


def test_columns_may_stand_in_any_order_under_english_labels(tmp_path: Path):
    frame = pd.DataFrame([COMPANY, PERSON], columns=LABELS)
    frame.columns = [REGISTER_COLUMNS[key].en for key in COLUMN_KEYS]
    frame.iloc[:, ::-1].to_csv(tmp_path / "en.csv", index=False)
    frame.columns = LABELS
    assert read(tmp_path / "en.csv").equals(read(csv_file(tmp_path / "zh.csv", COMPANY, PERSON)))


def test_digits_and_leading_zeros_stay(tmp_path: Path):
    path = csv_file(tmp_path / "r.csv", COMPANY | {"主办单位证件号码": "012345678901234", "域名": "12306.cn"})
    assert read(path)["subject_certificate_number"].tolist() == ["012345678901234"]


def test_several_domains_of_a_site_are_several_entries(tmp_path: Path):
    path = csv_file(tmp_path / "r.csv", COMPANY | {"域名": "a-sample.cn；b-sample.cn"})
    assert read(path)["domain"].tolist() == ["a-sample.cn", "b-sample.cn"]


def test_statuses_are_read_in_the_words_of_other_systems(tmp_path: Path):
    words = ("已备案", "备案成功", "Filed", "管局审核中", "Under review", "注销", "已注销")
    path = csv_file(tmp_path / "r.csv", *(COMPANY | {"状态": word} for word in words))
    assert read(path)["status"].tolist() == ["已备案"] * 3 + ["审核中"] * 2 + ["已注销"] * 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"状态": "作废"}, ("第 3 行", "「状态」", "「作废」", "已备案 / 审核中 / 已注销")),
        ({"状态": ""}, ("第 3 行", "「状态」", "「」")),
        ({"是否本接入商": "可能"}, ("第 3 行", "「是否本接入商」", "「可能」")),
    ],
)
def test_a_cell_that_cannot_stand_is_named(tmp_path: Path, change: dict[str, str], words: tuple[str, ...]):
    path = csv_file(tmp_path / "r.csv", COMPANY, PERSON | change)
    with pytest.raises(BadRegister) as caught:
        read(path)
    for word in (str(path), *words):
        assert word in caught.value.words.zh


@pytest.mark.parametrize("missing", LABELS)
def test_every_column_is_needed_and_named(tmp_path: Path, missing: str):
    frame = pd.DataFrame([COMPANY], columns=LABELS).drop(columns=missing)
    frame.to_csv(tmp_path / "r.csv", index=False)
    with pytest.raises(BadRegister, match=f"缺少列：{missing} "):
        read(tmp_path / "r.csv")
    xlsx_file(tmp_path / "r.xlsx", [list(frame.columns), list(frame.iloc[0])])
    with pytest.raises(BadRegister, match=f"备案.*缺少列：{missing} "):
        read(tmp_path / "r.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nothing", b"\xff\xfe\x00", b"one line"])
def test_what_is_no_register_is_refused_by_name(tmp_path: Path, content: bytes):
    (tmp_path / "r.csv").write_bytes(content)
    with pytest.raises(BadRegister, match=r"r\.csv"):
        read(tmp_path / "r.csv")
    with pytest.raises(BadRegister, match="absent"):
        read(tmp_path / "absent.csv")


# ── facts ────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_answers_as_a_store_does(tmp_path: Path, register_file: Path):
    asked = filings(
        {}, {"subject_nature": "个人"}, {"principal_mobile": "13805710003"}, {"domain": "mofang-sample.cn"},
        {"subject_certificate_number": "", "domain": ""}, {"domain": "a.cn;chenguang-sample.cn"},
    )  # fmt: skip
    from_file = Register.of_file(register_file, DIGEST).facts(asked)
    import_register([register_file], tmp_path / "register.sqlite", KEY)
    from_store = Register.of_store(tmp_path / "register.sqlite", DIGEST).facts(asked)
    pd.testing.assert_frame_equal(from_file, from_store)
    assert from_file["register.subject"].tolist() == ["已备案", "已备案", "已备案", "已备案", "", "已备案"]
    assert from_file["register.domain"].tolist() == ["已备案", "已备案", "已备案", "已备案", "", ""]
    assert from_file["register.same_subject"].tolist() == ["是", "是", "是", "否", "", ""]
    assert from_file["register.domain_owner"].tolist()[3] == "陈**（浙ICP备87654321号）"
    assert from_file["register.subject_name_same"].tolist()[:2] == ["是", "是"]


@pytest.mark.parametrize(
    ("changes", "used_by", "same"),
    [
        ({}, "无", "无"),
        ({"principal_mobile": "13805710003"}, "陈**（浙ICP备87654321号）", "否"),
        (
            {"principal_mobile": "13805710003", "principal_certificate_number": "33000019900202002X"},
            "陈**（浙ICP备87654321号）",
            "是",
        ),
        ({"principal_mobile": "13805710003", "principal_certificate_number": ""}, "陈**（浙ICP备87654321号）", ""),
        ({"principal_mobile": "13805710008"}, "无", "无"),
        ({"principal_mobile": "13805710003;13805710008"}, "", ""),
        ({"principal_mobile": ""}, "", ""),
        (
            {"subject_certificate_number": "91330000MA0000010X", "subject_name": "他样例有限公司"},
            "杭州晨光样例图书有限公司（浙ICP备12345678号）",
            "是",
        ),
        ({"subject_certificate_number": "330100000012345"}, "无", "无"),
    ],
)
def test_who_else_uses_a_mobile(register_file: Path, changes: dict[str, str], used_by: str, same: str):
    facts = Register.of_file(register_file, DIGEST).facts(filings(changes))
    assert facts["register.principal_mobile_used_by"].tolist() == [used_by]
    assert facts["register.principal_mobile_same_person"].tolist() == [same]


def test_of_several_users_another_person_is_named_first(tmp_path: Path):
    mobile = {"主体负责人联系方式1": "13805710001", "域名": ""}
    same = (
        COMPANY
        | mobile
        | {"主办单位证件号码": "91330000MA0000011X", "主体备案号": "浙ICP备00000001号", "主办单位名称": "甲"}
    )
    other = PERSON | mobile | {"主体备案号": "浙ICP备99999999号"}
    gone = other | {"主办单位证件号码": "33000019900202003X", "主体备案号": "浙ICP备00000000号", "状态": "已注销"}
    path = csv_file(tmp_path / "r.csv", same, other, gone)
    facts = Register.of_file(path, DIGEST).facts(filings({}))
    assert facts["register.principal_mobile_used_by"].tolist() == ["陈**（浙ICP备99999999号）"]
    assert facts["register.principal_mobile_same_person"].tolist() == ["否"]


def test_facts_need_not_have_every_column(register_file: Path):
    facts = Register.of_file(register_file, DIGEST).facts(
        pd.DataFrame({"domain": ["chenguang-sample.cn"]}, dtype="str")
    )
    assert facts["register.domain"].tolist() == ["已备案"]
    assert facts["register.same_subject"].tolist() == [""]
    assert set(NEEDS) <= specimen.ORGANISATION.keys() | {"subject_icp_number"}


def test_no_filings_have_no_facts(register_file: Path):
    assert len(Register.of_file(register_file, DIGEST).facts(filings({}).iloc[:0])) == 0


# ── the store, on both databases ─────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A server of our own on the loopback, thrown away at the end."""
    programs = [shutil.which("initdb"), shutil.which("pg_ctl")]
    pytest.importorskip("psycopg")
    if not all(programs):
        pytest.skip("no PostgreSQL here")
    account = {"user": "nobody", "group": Path(tempfile.gettempdir()).stat().st_gid} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="register-postgresql-"))
    password = secrets.token_hex(16)
    (folder / "password").write_text(password)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if account:
        for path in (folder, folder / "password"):
            shutil.chown(path, "nobody")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"

    def run(*command: str | Path | None) -> None:
        subprocess.run(  # noqa: S603 - programs of our own choosing
            [str(part) for part in command], check=True, cwd=folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **account,
        )  # fmt: skip

    data = folder / "data"
    initialise = ["-D", data, "-U", "tests", "-A", "scram-sha-256", "--pwfile", folder / "password"]
    try:
        run(programs[0], *initialise, "--no-locale", "-E", "UTF8")
        run(programs[1], "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder)
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield f"postgresql://tests:{password}@127.0.0.1:{port}/postgres"
    run(programs[1], "-D", data, "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "store" / "register.sqlite")
        return
    address = request.getfixturevalue("postgresql")
    yield address
    engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS register_entry, register_snapshot")
    engine.dispose()


def test_import_is_idempotent_and_replaces_the_snapshot(url: str, tmp_path: Path, register_file: Path):
    first = import_register([register_file], url, KEY)
    again = import_register([register_file], url, KEY)
    assert (first.entries, first.subjects, first.domains, first.changed) == (2, 2, 2, True)
    assert (again.entries, again.changed) == (2, False)
    moved = csv_file(tmp_path / "later.csv", COMPANY | {"域名": "later-sample.cn"})
    assert import_register([moved], url, KEY).entries == 1
    assert show(url, KEY, domain="chenguang-sample.cn") == []
    assert [row["domain"] for row in show(url, KEY, domain="later-sample.cn")] == ["later-sample.cn"]
    assert import_register([register_file, moved], url, KEY).entries == 3


def test_entries_are_shown_by_domain_number_and_name(url: str, register_file: Path):
    import_register([register_file], url, KEY)
    company = [
        {
            "status": "已备案", "subject_name": "杭州晨光样例图书有限公司", "certificate_type": "营业执照",
            "subject_icp_number": "浙ICP备12345678号", "province": "浙江", "domain": "chenguang-sample.cn",
            "site_icp_number": "浙ICP备12345678号-1", "here": "是",
        }
    ]  # fmt: skip
    assert show(url, KEY, domain="www.Chenguang-sample.cn") == company
    for subject in ("91330000ma0000007w", "浙ICP备12345678号", "杭州晨光样例图书有限公司"):
        assert show(url, KEY, subject=subject) == company
    assert [row["subject_name"] for row in show(url, KEY, subject="33000019900202002X")] == ["陈**"]
    assert show(url, KEY) == []


def test_no_personal_data_is_kept_in_clear(tmp_path: Path, register_file: Path):
    path = tmp_path / "register.sqlite"
    import_register([register_file], path, KEY)
    with sqlite3.connect(path) as connection:
        kept = "\n".join(connection.iterdump())
    connection.close()
    assert "杭州晨光样例图书有限公司" in kept
    for secret in ("91330000MA0000007W", "330000198501010016", "33000019900202002X", "1380571000", "林示例", "陈样例"):
        assert secret not in kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_text_that_looks_like_markup_of_the_copy_survives(url: str, tmp_path: Path):
    name = 'a\\b\\N"c'
    import_register([csv_file(tmp_path / "r.csv", COMPANY | {"主办单位名称": name})], url, KEY)
    assert [row["subject_name"] for row in show(url, KEY, domain="chenguang-sample.cn")] == [name]


def test_failed_import_leaves_the_old_snapshot(url: str, tmp_path: Path, register_file: Path):
    import_register([register_file], url, KEY)
    bad = csv_file(tmp_path / "bad.csv", COMPANY | {"状态": "?"})
    good = csv_file(tmp_path / "good.csv", COMPANY | {"域名": "later-sample.cn"})
    with pytest.raises(BadRegister, match=r"bad\.csv"):
        import_register([good, bad], url, KEY)
    assert len(show(url, KEY, domain="chenguang-sample.cn")) == 1
    assert show(url, KEY, domain="later-sample.cn") == []
    assert import_register([good], url, KEY).changed


def test_killed_import_leaves_the_old_snapshot(url: str, tmp_path: Path, register_file: Path):
    import_register([register_file], url, KEY)
    later = csv_file(tmp_path / "later.csv", COMPANY | {"域名": "later-sample.cn"})
    script = textwrap.dedent(f"""
        import os
        from pathlib import Path
        from flows.steps.register import import_register, store
        insert = store._insert
        def dying(connection, table, frame):
            insert(connection, table, frame)
            os._exit(9)
        store._insert = dying
        import_register([Path({str(later)!r})], {url!r}, {KEY!r})
    """)
    killed = subprocess.run([sys.executable, "-c", script], check=False, cwd=Path.cwd())  # noqa: S603 - our own
    assert killed.returncode == 9
    assert len(show(url, KEY, domain="chenguang-sample.cn")) == 1
    assert import_register([later], url, KEY).changed


def test_readers_see_the_old_snapshot_while_an_import_runs(
    url: str, tmp_path: Path, register_file: Path, monkeypatch: pytest.MonkeyPatch
):
    import_register([register_file], url, KEY)
    seen = []
    insert = stores._insert

    def looking(connection: sa.Connection, table: str, frame: pd.DataFrame) -> None:
        insert(connection, table, frame)
        seen.extend(show(url, KEY, domain="chenguang-sample.cn"))

    monkeypatch.setattr(stores, "_insert", looking)
    import_register([csv_file(tmp_path / "later.csv", COMPANY | {"域名": "later-sample.cn"})], url, KEY)
    assert [row["domain"] for row in seen] == ["chenguang-sample.cn"]


def test_second_import_at_once_is_refused(
    url: str, tmp_path: Path, register_file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stores, "_BUSY_SECONDS", 0.05)
    import_register([register_file], url, KEY)
    later = csv_file(tmp_path / "later.csv", COMPANY | {"域名": "later-sample.cn"})
    insert = stores._insert
    refused = []

    def competing(connection: sa.Connection, table: str, frame: pd.DataFrame) -> None:
        monkeypatch.setattr(stores, "_insert", insert)
        with pytest.raises(BadRegister) as caught:
            import_register([later], url, KEY)
        refused.append(caught.value.words.zh)
        insert(connection, table, frame)

    monkeypatch.setattr(stores, "_insert", competing)
    import_register([later], url, KEY)
    assert len(refused) == 1
    assert "正被另一个导入占用" in refused[0]


def test_store_of_another_key_is_refused(url: str, register_file: Path):
    import_register([register_file], url, KEY)
    with pytest.raises(BadRegister, match="另一个密钥"):
        show(url, b"another key altogether", domain="chenguang-sample.cn")
    assert import_register([register_file], url, b"another key altogether").changed


def test_empty_store_asks_for_an_import(postgresql: str, tmp_path: Path):
    (tmp_path / "empty.sqlite").touch()
    for url in (postgresql, str(tmp_path / "empty.sqlite")):
        with pytest.raises(BadRegister, match="还没有数据"):
            show(url, KEY, domain="a.cn")


def test_missing_store_is_named_and_not_made(tmp_path: Path):
    path = tmp_path / "register.sqlite"
    with pytest.raises(BadRegister, match=r"找不到备案库 .*register\.sqlite"):
        Register.of_store(path, DIGEST).facts(filings({}))
    assert not path.exists()


@pytest.mark.parametrize("keep", [100, 4096, 8192])
def test_damaged_store_is_named_and_kept(tmp_path: Path, keep: int):
    path = tmp_path / "register.sqlite"
    rows = [COMPANY | {"域名": f"sample-{number}.cn"} for number in range(500)]
    import_register([csv_file(tmp_path / "r.csv", *rows)], path, KEY)
    content = path.read_bytes()
    path.write_bytes(content[:keep] + b"\x5a" * (len(content) - keep))
    damaged = path.read_bytes()
    with pytest.raises(BadRegister, match=r"register\.sqlite"):
        Register.of_store(path, DIGEST).facts(filings({"domain": "sample-7.cn"}))
    assert path.read_bytes() == damaged
    (tmp_path / "text.sqlite").write_text("not a database " * 100)
    with pytest.raises(BadRegister, match="已损坏"):
        import_register([csv_file(tmp_path / "r.csv", COMPANY)], tmp_path / "text.sqlite", KEY)


def test_store_out_of_reach_is_named_without_its_password():
    with pytest.raises(BadRegister) as caught:
        show("postgresql://me:secret@127.0.0.1:1/register", KEY, domain="a.cn")
    assert "127.0.0.1:1" in str(caught.value)
    assert "secret" not in str(caught.value)
    with pytest.raises(BadRegister, match="postgresql://"):
        Store("mysql://me:secret@localhost/register", DIGEST)


def test_import_of_nothing_is_refused(tmp_path: Path):
    with pytest.raises(BadRegister):
        import_register([], tmp_path / "register.sqlite", KEY)


def test_entries_keep_what_the_contract_says(register_file: Path):
    assert len(ENTRY_COLUMNS) == len(set(ENTRY_COLUMNS)) == len(COLUMN_KEYS)


# ── keys and digests ─────────────────────────────────────────────────────────────────────────────


def test_digests_are_equal_under_one_key_only():
    numbers = pd.Series(["330000198501010016", "", "13805710001", "330000198501010016"], dtype="str")
    ours, theirs = DIGEST.of(numbers), Digest(b"another key altogether").of(numbers)
    assert ours.tolist()[0] == ours.tolist()[3] != theirs.tolist()[0]
    assert ours.tolist()[1] == theirs.tolist()[1] == ""
    assert ours.str.fullmatch("[A-Za-z0-9_-]{22}").tolist() == [True, False, True, True]
    assert repr(KEY) not in repr(DIGEST)


def test_digest_is_hmac_sha256_cut_to_128_bits():
    # RFC 4231, test case 2
    value = Digest(b"Jefe").of(pd.Series(["what do ya want for nothing?"], dtype="str")).iloc[0]
    assert digests.base64.urlsafe_b64decode(value + "==").hex() == "5bdcc146bf60754e6a042426089575c7"


def test_joined_digests_do_not_confuse_their_parts():
    left = DIGEST.joined(pd.Series(["ab", "a"], dtype="str"), pd.Series(["c", "bc"], dtype="str"))
    assert left.nunique() == 2
    assert DIGEST.joined(pd.Series(["a"], dtype="str"), pd.Series([""], dtype="str")).tolist() == [""]


def test_key_file_is_made_once_and_for_the_owner_only(tmp_path: Path):
    key = load_key(tmp_path / "data", {})
    assert load_key(tmp_path / "data", {}) == key
    assert len(key) == 32
    assert [path.name for path in (tmp_path / "data").iterdir()] == [digests.KEY_FILE]
    assert stat.S_IMODE((tmp_path / "data" / digests.KEY_FILE).stat().st_mode) == 0o600
    assert load_key(tmp_path, {digests.KEY_SETTING: "a setting of some length"}) == b"a setting of some length"


@pytest.mark.parametrize(
    ("content", "mode"), [(b"", 0o600), (b"zz" * 32, 0o600), (b"ab" * 31, 0o600), (b"ab" * 32, 0o640)]
)
def test_key_file_that_cannot_be_trusted_is_refused(tmp_path: Path, content: bytes, mode: int):
    path = tmp_path / digests.KEY_FILE
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(BadKey, match=digests.KEY_FILE):
        load_key(tmp_path, {})
    assert path.read_bytes() == content
    with pytest.raises(BadKey, match=digests.KEY_SETTING):
        load_key(tmp_path, {digests.KEY_SETTING: "short"})
