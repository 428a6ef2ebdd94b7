"""Great Expectations' Data Docs made to stand alone: as built they load styles, scripts and a logo from afar."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

from lxml import html

_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.6 'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif }
body { max-width: 1000px; margin: 24px auto; padding: 0 16px }
table { border-collapse: collapse; margin: 6px 0 }
td, th { border: 1px solid #8885; padding: 4px 10px; text-align: left; vertical-align: top }
a { color: #2c6fbb } .text-danger { color: #c0392b } .text-success { color: #3d9970 } ol, ul { padding-left: 20px }
.fa-check-circle::after { content: '✓' } .fa-times::after { content: '✗' }
.fa-exclamation-triangle::after { content: '!' }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_HEAD = (
    f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><link rel="icon" href="data:,">'
    f"<style>{_STYLE}</style>"
)
_FROM_AFAR = "//script | //link | //style | //img | //footer | //button | //*[contains(@class, 'modal')]"
_DEAD = "//div[contains(@class, 'card')][.//input] | //a[starts-with(@href, 'http')]"
"""What does nothing without a script."""


def stand_alone(folder: Path, title: str, suites: list[tuple[str, str, int, int]]) -> None:
    """Rewrite the site at ``folder`` so that it opens without a network and without a script.

    Args:
        suites: the name of each, its title, how many expectations it has and how many were not met.
    """
    for path in folder.rglob("*.html"):
        tree = html.fromstring(path.read_text(encoding="utf-8"))
        for node in [*tree.xpath(_FROM_AFAR), *tree.xpath(_DEAD)]:
            node.drop_tree()
        head = tree.xpath("//head")[0]
        head.clear()
        head.extend(html.fragments_fromstring(_HEAD))
        path.write_text("<!doctype html>\n" + html.tostring(tree, encoding="unicode"), encoding="utf-8")
    shutil.rmtree(folder / "static", ignore_errors=True)
    rows = "".join(_row(folder, *suite) for suite in suites)
    text = f"<!doctype html>\n<html><head>{_HEAD}<title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>"
    (folder / "index.html").write_text(f"{text}<table>{rows}</table></body></html>\n", encoding="utf-8")


def _row(folder: Path, name: str, title: str, expectations: int, failed: int) -> str:
    page = next((folder / "validations" / name).rglob("*.html"))
    mark = f'<span class="text-danger">✗ {failed}</span>' if failed else '<span class="text-success">✓</span>'
    results = f'<a href="{page.relative_to(folder).as_posix()}">{escape(title)}</a>'
    suite = f'<a href="expectations/{name}.html">{expectations}</a>'
    return f"<tr><td>{mark}</td><td>{results}</td><td>{suite}</td></tr>"
