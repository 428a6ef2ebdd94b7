"""The page of trends: the figures of the tables, alone in its file, and quiet in a real browser."""

import csv
import io
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from histories import night
from lxml import html

from data.synthetic.filings import filings, plant, write
from data.synthetic.history import invent
from flows.cli import main
from flows.steps.history import History, queries
from flows.steps.history.tables import HEADINGS, labelled

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
CI = os.environ.get("CI") == "true"


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    invent(folder / "history", nights=40, filings=80)
    return folder


@pytest.fixture(scope="module")
def page(data) -> Path:
    assert main(["trends", "--data", str(data), "--out", str(data / "trends.html")]) == 0
    return data / "trends.html"


def table(page: Path, section: str) -> list[dict[str, str]]:
    """The rows of a section's table by the headings' keys."""
    keys = {words.zh: key for key, words in reversed(HEADINGS.items())}
    found = html.parse(str(page)).xpath(f"//section[@id='{section}']//table")[0]
    names = [keys[heading.text_content()] for heading in found.xpath(".//th")]
    return [dict(zip(names, (cell.text_content() for cell in row.xpath("td")), strict=True))
            for row in found.xpath(".//tbody/tr")]  # fmt: skip


def shown(name: str, text: str) -> str:
    """A cell of the CSV as the page shows it."""
    if not text:
        return ""
    if name.endswith("_share"):
        return f"{float(text):.1%}"
    if name in ("seconds", "median_days", "slow_days"):
        return f"{float(text):,.1f}"
    return f"{int(text):,}" if text.isdigit() else text


@pytest.mark.parametrize(
    ("section", "by"),
    [("nights", None), ("reasons", "reason"), ("rules", "rule"), ("provinces", "province"), ("senders", "sender")],
)
def test_figures_are_those_of_the_command(page, data, capsys, section, by):
    main(["history", "--data", str(data), "--csv", *(["--by", by] if by else [])])
    printed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    rows = table(page, section)
    if section == "nights":
        printed.reverse()  # the page begins with the last night
    assert len(rows) == min(30, len(printed)) > 5
    for row, line in zip(rows, printed, strict=False):
        assert {name: value for name, value in row.items() if name not in ("reason", "main_reason")} == {
            name: shown(name, text) for name, text in line.items() if name not in ("reason", "main_reason")
        }
        for name in {"reason", "main_reason"} & set(line):
            assert row[name].split(" ")[0] == line[name]


def test_the_other_tables_are_the_answers(page, data):
    history = History(data / "history")
    for section, frame in (
        ("days_to_fix", queries.days_to_fix(history)),
        ("repeated", queries.repeated(history).head(30)),
        ("causes", queries.causes(history).iloc[::-1]),
    ):
        rows = table(page, section)
        assert len(rows) == len(frame) > 0
        words = labelled(frame, "zh")
        for name in words.columns.intersection(["mended", "open", "distinct_filings", "improved", "worsened", "cause"]):
            assert [row[name].replace(",", "") for row in rows] == words[name].astype(str).tolist(), name


def test_the_page_is_one_file_without_script(page):
    text = page.read_text(encoding="utf-8")
    tree = html.fromstring(text)
    assert not tree.xpath("//script | //iframe | //object | //link[not(starts-with(@href, 'data:'))]")
    assert not [one for one in tree.xpath("//@src | //@href") if not one.startswith(("#", "data:"))]
    assert "@import" not in text and "url(" not in text.replace("url(#", "")
    assert len(tree.xpath("//section")) == 10 and len(tree.xpath("//section//*[local-name()='svg']")) == 9
    assert "联系电话" in text and len(text) < 2_000_000


def test_what_a_name_holds_stays_text(tmp_path):
    night(tmp_path / "history", 0, {"filing": 1, "fails": [7], "sender": "<script>alert(1)</script> & 公司"})
    assert main(["trends", "--data", str(tmp_path), "--out", str(tmp_path / "t.html"), "--lang", "en"]) == 0
    text = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert "<script" not in text and "&lt;script&gt;" in text


def test_an_empty_history_says_so(tmp_path):
    assert main(["trends", "--data", str(tmp_path), "--out", str(tmp_path / "deep" / "t.html")]) == 0
    assert "还没有任何一次检查" in (tmp_path / "deep" / "t.html").read_text(encoding="utf-8")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["t.html"]


@pytest.mark.parametrize("night_of", [[{"filing": 1}], [{"filing": None, "states": "u" * 11}], []])
def test_a_history_without_any_error_is_drawn(tmp_path, night_of):
    night(tmp_path / "history", 0, *night_of)
    for language in ("zh", "en"):
        assert main(["trends", "--data", str(tmp_path), "--out", str(tmp_path / "t.html"), "--lang", language]) == 0
    for by in queries.DIMENSIONS:
        assert main(["history", "--data", str(tmp_path), "--by", by]) == 0


def test_each_night_makes_the_page_and_none_fails_for_it(tmp_path, capsys, caplog):
    def night(day: str) -> list[str]:
        (tmp_path / "inbox").mkdir(exist_ok=True)
        write(filings(2, seed=7), tmp_path / "inbox" / "a.xlsx")
        os.utime(tmp_path / "inbox" / "a.xlsx", (1_700_000_000, 1_700_000_000))
        assert main(["nightly", "--data", str(tmp_path), "--as-of", day]) == 0
        return capsys.readouterr().out.splitlines()

    assert night("2026-01-15")[-1] == f"→ {tmp_path / 'trends.html'}"
    assert [row["run_date"] for row in table(tmp_path / "trends.html", "nights")] == ["2026-01-15"]
    for path in (tmp_path / "history").rglob("filings.parquet"):
        path.write_bytes(b"PAR1")
    assert night("2026-01-16")[-1].startswith("→ ") and "filings.parquet" in caplog.text
    assert [row["run_date"] for row in table(tmp_path / "trends.html", "nights")] == ["2026-01-15"]


def test_data_docs_hold_no_cell_and_stand_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = filings(12, seed=21)
    plant(rows, 0.8, seed=21)
    write(rows, Path("a.xlsx"))
    main(["check", "a.xlsx", "--out", "out", "--as-of", "2026-01-15", "--data-docs", "docs", "--quiet"])
    pages = [path.read_text(encoding="utf-8", errors="replace") for path in Path("docs").rglob("*.html")]
    assert len(pages) > 5 and any("ICP0001" in text for text in pages)
    cells = {str(value) for row in rows for value in row.values() if len(str(value)) > 5}
    known = {"单位门户网站", "居民身份证"}  # words of the form, which rules name, too
    for text in pages:
        assert not [cell for cell in cells - known if cell in text]
        assert "http" not in text.replace("http-equiv", "") and "<script" not in text
    index = html.parse("docs/a.xlsx/index.html")
    links = [Path("docs/a.xlsx", link) for link in index.xpath("//a/@href")]
    assert len(links) == 2 * 11 and all(link.is_file() for link in links)
    assert len({path for path in Path("docs").rglob("*.html") if "validations" in path.parts}) == 11


# In a browser


class Tab:
    """One tab of a headless Chromium, over its debugging protocol."""

    def __init__(self, socket) -> None:
        self.socket, self.numbers, self.events = socket, itertools.count(1), []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **given) -> dict:
        number = next(self.numbers)
        session = {"sessionId": self.session} if getattr(self, "session", None) else {}
        self.socket.send(json.dumps({"id": number, "method": method, "params": given, **session}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def open(self, path: Path) -> None:
        self.events.clear()
        self.ask("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(json.loads(self.socket.recv(timeout=60)))
        time.sleep(0.5)
        self.value("1")

    def value(self, expression: str):
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]

    def complaints(self) -> list[dict]:
        """Console messages, exceptions, and what the browser itself logs."""
        names = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}
        return [event for event in self.events if event.get("method") in names]

    def requested(self) -> list[str]:
        sent = [event for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]


@contextmanager
def chromium(folder: Path) -> Iterator[Tab]:
    from websockets.sync.client import connect

    flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--window-size=1200,900", "--remote-debugging-port=0", f"--user-data-dir={folder}")  # fmt: skip
    with subprocess.Popen([CHROMIUM, *flags, "about:blank"], stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            port = folder / "DevToolsActivePort"
            for _ in range(300):
                if port.exists() and len(port.read_text().splitlines()) == 2:
                    break
                time.sleep(0.1)
            number, path = port.read_text().splitlines()
            with connect(f"ws://127.0.0.1:{number}{path}", max_size=None, proxy=None) as socket:
                yield Tab(socket)
        finally:
            process.terminate()


@pytest.mark.skipif(not CHROMIUM and not CI, reason="no Chromium is installed: the page was not opened in a browser")
def test_a_browser_opens_the_page_in_silence_and_asks_for_nothing_else(page, tmp_path):
    assert CHROMIUM, "no Chromium is installed, and CI must not go without"
    with chromium(tmp_path / "profile") as tab:
        noisy = tmp_path / "noisy.html"
        noisy.write_text("<img src='http://127.0.0.1:9/x.png'><script>console.error('x')</script>")
        tab.open(noisy)
        assert tab.complaints() and len(tab.requested()) == 2, "the test itself sees what it looks for"
        tab.open(page)
        assert tab.complaints() == []
        assert [url for url in tab.requested() if not url.startswith("data:")] == [page.as_uri()]
        assert tab.value("document.querySelectorAll('section svg').length") == 9
        assert tab.value("document.documentElement.scrollWidth <= innerWidth")
        widths = "[...document.querySelectorAll('section svg')].map(one => one.getBoundingClientRect().width)"
        assert min(tab.value(widths)) > 400
        tab.value("document.querySelectorAll('details').forEach(one => { one.open = true }); 1")
        for width in (1200, 390):  # a desk, a phone
            tab.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
            assert tab.value("innerWidth") == width and tab.value("document.documentElement.scrollWidth") <= width
            assert min(tab.value(widths)) > 400, "what a phone cannot show at once is scrolled, not shrunk"
