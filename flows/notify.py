"""How a night ended, in a few lines: for the terminal, and for the chat of those who look after it.

Only counts, names of files and causes; no cell of any workbook. The webhook's address is a secret and
reaches no log.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from expectations.words import VERDICTS, Words
from flows.steps.faults import cause

if TYPE_CHECKING:
    from flows.night import Outcome
    from flows.settings import Settings

_LOG = logging.getLogger("icp_preflight")
_TRIES, _PAUSE, _SECONDS = 3, 2.0, 10.0
_NAMED = 10
_MOST = 2000
"""Bytes of a text: WeCom takes no message with more than 2048."""
_COUNTS = {"filings": Words("共", "filings"), **VERDICTS}


def told(settings: Settings, do: Callable[[], Outcome]) -> Outcome:
    """Do the night and tell the webhook how it ended, if there is one; the failure goes on after it is told."""
    try:
        outcome = do()
    except Exception as error:
        head = Words("ICP 备案预检失败", "ICP pre-check failed")(settings.lang)
        send(settings.webhook, f"{head}\n{cause(error)(settings.lang)}")
        raise
    send(settings.webhook, "\n".join(lines(outcome, settings.lang)))
    return outcome


def lines(outcome: Outcome, language: str) -> list[str]:
    """The night in lines: the totals, where the reports lie, what could not be checked."""
    title = Words("ICP 备案预检", "ICP pre-check")(language)
    if not outcome.runs:
        found = [f"{title} {outcome.day}  {Words('收件箱为空', 'the inbox is empty')(language)}"]
    else:
        counts = "  ".join(f"{words(language)} {outcome.count(name)}" for name, words in _COUNTS.items())
        found = [f"{title} {outcome.day}  {counts}"]
        places = sorted({str(run["reports"]) for run in outcome.runs})
        found += [f"→ {place}" for place in [*places, outcome.trends] if place]
        if all(run["from_cache"] for run in outcome.runs):
            found.append(Words("与之前相同，沿用已有结果", "as before: earlier results were taken")(language))
    status = Words("未能检查", "refused")(language)
    unusable = [
        f"{entry['workbook']}  {status}: {entry['reason']}"
        for run in outcome.runs
        for entry in run["workbooks"]
        if entry["status"] == "refused"
    ]
    unusable += [f"{one['workbook']}  {status}: {one['reason']}" for one in outcome.left if one["status"] == "refused"]
    beside = Words("已有人工修改，新报告另存为", "was edited, the new report lies beside it:")(language)
    unusable += [f"{name}  {beside} {place}" for run in outcome.runs for name, place in run["beside"].items()]
    more = [f"… +{len(unusable) - _NAMED}"] if len(unusable) > _NAMED else []
    return found + unusable[:_NAMED] + more


def body(url: str, text: str) -> dict[str, Any]:
    """The message as the service takes it: Slack and its likes, Feishu; WeCom and DingTalk agree."""
    parts = urlsplit(url)
    if "slack.com" in parts.netloc or "/slack" in parts.path:
        return {"text": text}
    if "feishu" in parts.netloc or "larksuite" in parts.netloc:
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def send(url: str | None, text: str) -> bool:
    """Send a text; a chat that cannot be reached never stops a night."""
    if not url:
        return False
    if not url.startswith(("http://", "https://")):
        _LOG.warning("webhook: http:// or https:// is expected")
        return False
    text = text if len(text.encode()) <= _MOST else text.encode()[:_MOST].decode("utf-8", "ignore") + "…"
    data = json.dumps(body(url, text), ensure_ascii=False).encode()
    request = Request(url, data, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310 - checked above
    for turn in range(_TRIES):
        try:
            with urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310
                kind = _refusal(reply.read(10_000))
            if not kind:
                return True
        except (URLError, OSError) as error:
            kind = type(error).__name__
        if turn + 1 < _TRIES:
            time.sleep(_PAUSE)
    _LOG.warning("webhook at %s: %s", urlsplit(url).hostname, kind)
    return False


def _refusal(reply: bytes) -> str:
    """WeCom, DingTalk and Feishu refuse a message with a code in an answer that is otherwise fine."""
    try:
        answer = json.loads(reply)
    except ValueError:
        return ""
    code = (answer.get("errcode") or answer.get("code") or 0) if isinstance(answer, dict) else 0
    return f"refused with code {code}" if code else ""
