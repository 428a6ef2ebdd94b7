"""``icp-preflight``: the command line. Imports next to nothing until it knows what is wanted."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from flows.run import Outcome
    from flows.settings import Settings
    from flows.steps.history import History

OK, REJECTED, UNUSABLE, FAULT = 0, 1, 2, 3
"""Exit codes: all ready · some filing rejected · usage error or unreadable workbook · a fault of ours."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; never raises for what a user can cause."""
    # Nothing of ours may reach out, whoever starts us.
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return _complain("已中断 / interrupted")
    except BrokenPipeError:
        return OK
    except (OSError, ValueError) as error:
        return _unusable(error, getattr(options, "lang", None))
    except Exception as error:  # a fault of ours: told as one, without a traceback that might quote a cell
        return _fault(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="icp-preflight",
        description="批量 ICP 备案预检：在提交之前找出会被驳回的每一行 / "
        "find what a reviewer would reject in bulk ICP filings, before they are sent",
    )
    parser.add_argument("--version", action="store_true", help="版本 / version")
    parser.set_defaults(run=lambda options: _version() if options.version else _usage(parser))
    commands = parser.add_subparsers(title="命令 / commands", metavar="COMMAND")
    _check_parser(commands)
    template = commands.add_parser("template", help="生成空白填报模板 / write an empty workbook to fill in")
    template.add_argument("--out", type=Path, default=Path("icp-filings.xlsx"), help="默认 / default: %(default)s")
    template.add_argument("--lang", choices=("zh", "en"))
    template.set_defaults(run=_template)
    _night_parsers(commands)
    _history_parsers(commands)
    _register_parser(commands)
    rules = commands.add_parser("rules", help="列出规则 / list the rules, or explain one")
    rules.add_argument("rule", nargs="*", help="例如 / such as ICP0901")
    rules.add_argument("--lang", choices=("zh", "en"))
    rules.set_defaults(run=_rules)
    return parser


def _night_parsers(commands: Any) -> None:
    nightly = commands.add_parser("nightly", help="检查收件箱一次 / check what stands in the inbox, once")
    status = commands.add_parser("status", help="最近几次夜间检查 / the last nights")
    for command in (nightly, status):
        command.add_argument("--data", type=Path, help="数据文件夹，默认 data / the data folder")
        command.add_argument("--lang", choices=("zh", "en"))
    nightly.add_argument("--as-of", metavar="YYYY-MM-DD", help="按哪一天判断，默认今天 / judge as of this day")
    nightly.add_argument("--runner", choices=("local", "dask"), help="本机进程或 Dask 集群 / local processes or Dask")
    nightly.add_argument("--scheduler", metavar="tcp://…", help="Dask 调度器地址 / address of the Dask scheduler")
    nightly.add_argument("--quiet", action="store_true", help="只用退出码说话 / say nothing but the exit code")
    nightly.set_defaults(run=_nightly)
    status.add_argument("--last", type=int, default=10, help="几次 / how many, default: %(default)s")
    status.set_defaults(run=_status)


def _history_parsers(commands: Any) -> None:
    history = commands.add_parser("history", help="历次检查的统计表 / tables over all recorded runs")
    trends = commands.add_parser("trends", help="生成趋势网页 / write the page of trends")
    for command in (history, trends):
        command.add_argument("--since", metavar="YYYY-MM-DD", help="从哪一天起 / from this day on")
        command.add_argument("--data", type=Path, help="数据文件夹，默认 data / the data folder")
        command.add_argument("--lang", choices=("zh", "en"))
    history.add_argument(
        "--by",
        choices=("reason", "rule", "province", "sender", "nature", "filing_type"),
        help="按什么统计，默认按日期 / what to count by, by default the date",
    )
    history.add_argument("--csv", action="store_true", help="输出 CSV / as CSV")
    history.set_defaults(run=_history)
    trends.add_argument("--out", type=Path, default=Path("trends.html"), help="默认 / default: %(default)s")
    trends.set_defaults(run=_trends)


def _check_parser(commands: Any) -> None:
    check = commands.add_parser("check", help="检查工作簿并生成报告 / check workbooks and write reports")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="工作簿或文件夹 / workbooks or folders")
    check.add_argument("--out", type=Path, help="报告文件夹，默认 reports / where reports go")
    check.add_argument("--register", help="已备案主体名单 / register of filed subjects (xlsx, csv)")
    check.add_argument("--attachments", type=Path, help="附件文件夹 / folder of the attached images")
    check.add_argument("--reference", type=Path, help="自定义规则表文件夹 / folder of your own reference tables")
    check.add_argument(
        "--previous", type=Path, help="上一次的报告文件夹 / reports of the previous run, to show what changed"
    )
    check.add_argument("--as-of", metavar="YYYY-MM-DD", help="按哪一天判断，默认今天 / judge as of this day")
    check.add_argument("--lang", choices=("zh", "en"), help="报告语言，默认 zh / language of the report")
    check.add_argument("--statement", choices=("required", "by-province", "off"), help="纸质核验单 / paper statement")
    check.add_argument(
        "--mask", action="store_true", default=None, help="附加表中隐去证件号和手机号 / mask personal numbers"
    )
    check.add_argument(
        "--data-docs", type=Path, metavar="DIR", help="生成 GX Data Docs / build Great Expectations Data Docs"
    )
    check.add_argument(
        "--history", type=Path, metavar="DIR", help="把本次结果记入历史 / record the run in this history"
    )
    check.add_argument("--quiet", action="store_true", help="只用退出码说话 / say nothing but the exit code")
    check.set_defaults(run=_check)


def _register_parser(commands: Any) -> None:
    register = commands.add_parser("register", help="已备案主体名单：导入、查询 / filings on file: import, show")
    register.set_defaults(run=lambda options: _usage(register))
    actions = register.add_subparsers(metavar="ACTION")
    bring = actions.add_parser("import", help="用这些文件替换名单 / replace the register by these files")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.set_defaults(run=_register_import)
    show = actions.add_parser("show", help="查询某个域名或主体 / what is on file of a domain or subject")
    show.add_argument("--domain", default="", help="域名 / domain")
    show.add_argument("--subject", default="", help="证件号码或名称 / certificate number or name")
    show.set_defaults(run=_register_show)
    for action in (bring, show):
        action.add_argument("--data", type=Path, help="数据文件夹，默认 data / data folder")
        action.add_argument(
            "--register", help="数据库文件或 URL，默认在数据文件夹 / store, by default in the data folder"
        )
        action.add_argument("--lang", choices=("zh", "en"))


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
        print_outcome(outcome, settings)
    return outcome.exit_code


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
        print("\n".join(lines(outcome, settings.lang)))
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


def _version() -> int:
    from importlib.metadata import version

    print(f"icp-preflight {version('icp-preflight')}")
    return OK


def _usage(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return UNUSABLE


def _unusable(error: Exception, language: str | None) -> int:
    """What a user gave cannot be used; an error without words for them is a fault of ours."""
    from flows.steps.faults import cause, tellable

    if not tellable(error):
        return _fault(error)
    return _complain(cause(error)(language or os.environ.get("ICP_PREFLIGHT_LANG", "zh")))


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
