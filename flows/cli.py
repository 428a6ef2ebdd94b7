"""``icp-preflight``: the command line. Imports next to nothing until it knows what is wanted."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.options import parser

if TYPE_CHECKING:
    from datetime import date

    from flows.outcome import Outcome
    from flows.settings import Settings
    from flows.steps.history import History

OK, REJECTED, UNUSABLE, FAULT = 0, 1, 2, 3
"""Exit codes: all ready · some filing rejected · usage error or unreadable workbook · a fault of ours."""
INTERRUPTED = 130
"""As shells say it of a program that Ctrl-C ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; never raises for what a user can cause."""
    # Nothing of ours may reach out, whoever starts us.
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    options = parser(
        {
            "check": _check,
            "template": _template,
            "nightly": _nightly,
            "status": _status,
            "history": _history,
            "trends": _trends,
            "register import": _register_import,
            "register show": _register_show,
            "rules": _rules,
            "version": _version,
        }
    ).parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        _complain("已中断 / interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _silence()
        return OK
    except (OSError, ValueError) as error:
        return _unusable(error, getattr(options, "lang", None))
    except Exception as error:  # a fault of ours: told as one, without a traceback that might quote a cell
        return _fault(error)


def _register_store(options: argparse.Namespace) -> tuple[str | Path, bytes, str]:
    """The store, the key of its digests, and the language."""
    from flows.settings import load
    from flows.steps.digest import load_key
    from flows.steps.register import STORE_FILE

    settings = load({"data": options.data, "register": options.register, "lang": options.lang})
    return settings.register or settings.data / STORE_FILE, load_key(settings.data), settings.lang


def _register_import(options: argparse.Namespace) -> int:
    from flows.show import print_imported
    from flows.steps.register import import_register

    store, key, language = _register_store(options)
    print_imported(import_register(options.files, store, key), language)
    return OK


def _register_show(options: argparse.Namespace) -> int:
    from flows.show import print_entries
    from flows.steps.register import show

    store, key, language = _register_store(options)
    if not (options.domain or options.subject):
        return _complain("--domain 或 --subject 至少给一个 / give --domain or --subject")
    return print_entries(show(store, key, domain=options.domain, subject=options.subject), language)


def _check(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from flows.show import print_outcome, progress

    with progress(settings.lang, quiet=options.quiet) as advance:
        outcome = _run(options.paths, settings, advance)
    if not options.quiet:
        _tell(lambda: print_outcome(outcome, settings))
    return outcome.exit_code


def _tell(say: Callable[[], None]) -> None:
    """Print; where nobody reads on, the exit code is the answer all the same."""
    try:
        say()
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()


def _silence() -> None:
    """What is still buffered must not fail when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(paths: Sequence[Path], settings: Settings, advance: Any) -> Outcome:
    """In Prefect where a server answers, else plainly: never through a server of its own."""
    url = os.environ.get("PREFECT_API_URL")
    if url and _answers(url):
        from flows.check import check_filings

        return check_filings(list(paths), settings)
    from flows.run import run
    from flows.runners import InTurn

    return run(paths, settings, InTurn(advance))


def _nightly(options: argparse.Namespace) -> int:
    settings = _settings(options)
    from flows.notify import lines, told

    url = os.environ.get("PREFECT_API_URL")
    if url and _answers(url):
        from flows.nightly import tracked

        outcome = tracked(settings)
    else:
        from flows.night import night, with_trends

        outcome = told(settings, lambda: with_trends(night(settings), settings))
    if not options.quiet:
        _tell(lambda: print("\n".join(lines(outcome, settings.lang))))
    return outcome.exit_code


def _status(options: argparse.Namespace) -> int:
    from itertools import islice

    from flows.show import print_nights
    from flows.steps import journal

    settings = _settings(options)
    at_work = journal.at_work(settings.data)  # asked first: a night that ends meanwhile is not called interrupted
    return print_nights(list(islice(journal.entries(settings.data), options.last)), settings.lang, at_work)


def _answers(url: str) -> bool:
    from urllib.request import urlopen

    if not url.startswith(("http://", "https://")):
        return False
    try:
        with urlopen(f"{url.rstrip('/')}/health", timeout=1.5) as reply:  # noqa: S310 - scheme checked above
            return bool(reply.status == 200)
    except OSError:
        return False


def _settings(options: argparse.Namespace) -> Settings:
    from dataclasses import fields

    from flows.settings import Settings, load

    given = {field.name: getattr(options, field.name, None) for field in fields(Settings)}
    if given["as_of"] is not None:
        given["as_of"] = _day(given["as_of"], "--as-of")
    return load(given)


def _history(options: argparse.Namespace) -> int:
    from flows.show import print_history

    history, language = _recorded(options)
    return print_history(history, options.by, language, csv=options.csv)


def _trends(options: argparse.Namespace) -> int:
    from flows.steps.trends import write_trends

    history, language = _recorded(options)
    write_trends(history, options.out, language)
    print(options.out)
    return OK


def _recorded(options: argparse.Namespace) -> tuple[History, str]:
    """The history asked for, and the language."""
    from flows.settings import load
    from flows.steps.history import History

    settings = load({"data": options.data, "lang": options.lang})
    # A folder named on the command line goes before a setting.
    folder = settings.history if settings.history and options.data is None else settings.data / "history"
    return History(folder, _day(options.since, "--since") if options.since else None), settings.lang


def _day(text: str, option: str) -> date:
    from datetime import date

    from flows.settings import BadSetting

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadSetting(f"{option}: {text} 不是 YYYY-MM-DD 日期 / is no date YYYY-MM-DD") from error


def _template(options: argparse.Namespace) -> int:
    from flows.steps.template import write_template

    write_template(options.out, _settings_language(options))
    print(options.out)
    return OK


def _rules(options: argparse.Namespace) -> int:
    from flows.show import print_rules

    return print_rules([name.upper() for name in options.rule], _settings_language(options))


def _settings_language(options: argparse.Namespace) -> str:
    from flows.settings import load

    return load({"lang": options.lang}).lang


def _version(options: argparse.Namespace) -> int:
    from importlib.metadata import version

    print(f"icp-preflight {version('icp-preflight')}")
    return OK


def _unusable(error: Exception, language: str | None) -> int:
    """What a user gave cannot be used; an error without words for them is a fault of ours."""
    from flows.steps.faults import cause, tellable

    if not tellable(error):
        return _fault(error)
    return _complain(cause(error)(language or _language_set()))


def _language_set() -> str:
    from flows.settings import BadSetting, load

    try:
        return load({}).lang
    except BadSetting:
        return "zh"  # what is wrong with a setting is said in both languages


def _complain(words: str) -> int:
    print(f"icp-preflight: {words}", file=sys.stderr)
    return UNUSABLE


def _fault(error: Exception) -> int:
    import traceback

    from flows.steps.faults import place

    if os.environ.get("ICP_PREFLIGHT_DEBUG"):
        traceback.print_exception(error)
    print(f"icp-preflight: 程序自身出错 / a fault of ours: {place(error)}", file=sys.stderr)
    return FAULT


if __name__ == "__main__":
    sys.exit(main())
