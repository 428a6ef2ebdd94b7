"""The options of ``icp-preflight``, command by command, each explained in both languages."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Do = Callable[[argparse.Namespace], int]
"""What a command does; gives the exit code."""


def parser(do: Mapping[str, Do]) -> argparse.ArgumentParser:
    """The parser of the command line; ``do`` has what each command does, by its name."""
    found = argparse.ArgumentParser(
        prog="icp-preflight",
        description="批量 ICP 备案预检：在提交之前找出会被驳回的每一行\n"
        "find what a reviewer would reject in bulk ICP filings, before they are sent",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--version", action="store_true", help="显示版本 / show the version")
    found.set_defaults(run=lambda options: do["version"](options) if options.version else _usage(found))
    commands = found.add_subparsers(title="命令 / commands", metavar="COMMAND")
    _check_parser(commands, do)
    template = _command(commands, "template", "生成空白填报模板 / write an empty workbook to fill in", do["template"])
    _out_file(template, "icp-filings.xlsx", "，不覆盖已有文件", ", never over a file that is there")
    _language(template)
    _night_parsers(commands, do)
    _history_parsers(commands, do)
    _register_parser(commands, do)
    rules = _command(commands, "rules", "列出规则，或说明其中几条 / list the rules, or explain some", do["rules"])
    rules.add_argument(
        "rule",
        nargs="*",
        metavar="RULE",
        help="规则编号，如 ICP0901；不给则列出全部 / its id; without one, all are listed",
    )
    _language(rules)
    return found


_EPILOG = """\
退出码 / exit codes:
  0  全部可以提交 / every filing is ready
  1  有备案会被驳回 / some filing would be rejected
  2  用法错误，或有工作簿无法读取 / usage error, or a workbook could not be read
  3  程序自身出错 / a fault of ours

设置 / settings: ICP_PREFLIGHT_…, icp-preflight.toml [tool.icp-preflight]
"""


def _command(commands: Any, name: str, words: str, do: Do) -> Any:
    command = commands.add_parser(name, help=words, description=words)
    command.set_defaults(run=do)
    return command


def _language(command: Any) -> None:
    command.add_argument("--lang", choices=("zh", "en"), help="语言，默认 zh / language, default zh")


def _data(command: Any) -> None:
    command.add_argument("--data", type=Path, metavar="DIR", help="数据文件夹，默认 data / data folder, default data")


def _as_of(command: Any) -> None:
    command.add_argument(
        "--as-of", metavar="YYYY-MM-DD", help="按哪一天判断，默认今天 / judge as of this day, default today"
    )


def _quiet(command: Any) -> None:
    command.add_argument(
        "--quiet", action="store_true", help="不输出结果，只给退出码 / print no results, only exit with a code"
    )


def _out_file(command: Any, default: str, zh: str = "", en: str = "") -> None:
    words = f"写到哪里，默认 %(default)s{zh} / where to, default %(default)s{en}"
    command.add_argument("--out", type=Path, metavar="FILE", default=Path(default), help=words)


def _night_parsers(commands: Any, do: Mapping[str, Do]) -> None:
    nightly = _command(commands, "nightly", "检查收件箱一次 / check what stands in the inbox, once", do["nightly"])
    status = _command(commands, "status", "最近几次夜间检查 / how the last nights ended", do["status"])
    for command in (nightly, status):
        _data(command)
        _language(command)
    _as_of(nightly)
    nightly.add_argument(
        "--runner",
        choices=("local", "dask"),
        help="本机进程或 Dask 集群，默认 local / local processes or a Dask cluster, default local",
    )
    nightly.add_argument("--scheduler", metavar="tcp://…", help="Dask 调度器地址 / address of the Dask scheduler")
    _quiet(nightly)
    status.add_argument(
        "--last", type=_positive, metavar="N", default=10, help="几次，默认 / how many, default %(default)s"
    )


def _history_parsers(commands: Any, do: Mapping[str, Do]) -> None:
    history = _command(commands, "history", "历次检查的统计表 / tables over all recorded runs", do["history"])
    trends = _command(commands, "trends", "生成趋势网页 / write the page of trends", do["trends"])
    for command in (history, trends):
        command.add_argument(
            "--since", metavar="YYYY-MM-DD", help="从哪一天起，默认全部 / from this day on, default all"
        )
        _data(command)
        _language(command)
    history.add_argument(
        "--by",
        choices=("reason", "rule", "province", "sender", "nature", "filing_type"),
        help="按什么统计，默认按日期 / what to count by, default the date",
    )
    history.add_argument("--csv", action="store_true", help="输出 CSV / print CSV")
    _out_file(trends, "trends.html")


def _check_parser(commands: Any, do: Mapping[str, Do]) -> None:
    check = _command(commands, "check", "检查工作簿并生成报告 / check workbooks and write reports", do["check"])
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="工作簿或文件夹 / workbooks or folders")
    for option, name, words in (
        ("out", "DIR", "报告写到哪个文件夹，默认 reports / folder the reports go to, default reports"),
        ("attachments", "DIR", "附件文件夹 / folder of the attached pictures"),
        ("reference", "DIR", "自己的参考表文件夹 / folder of reference tables of your own"),
        ("previous", "DIR", "上一次的报告文件夹，用来比较 / reports of an earlier run, to show what changed"),
        ("history", "DIR", "把本次检查记入这个历史文件夹 / record the run in this history"),
        ("data-docs", "DIR", "生成 GX Data Docs / build Great Expectations' Data Docs"),
    ):
        check.add_argument(f"--{option}", type=Path, metavar=name, help=words)
    check.add_argument(
        "--register",
        metavar="FILE",
        help="备案库：表格文件、.sqlite 或数据库 URL，默认用已导入的 / "
        "filings on file: a sheet, a .sqlite file or a database URL, default what was imported",
    )
    _as_of(check)
    check.add_argument(
        "--statement",
        choices=("required", "by-province", "off"),
        help="哪里须交真实性核验单，默认 by-province / where the paper statement is due, default by-province",
    )
    check.add_argument(
        "--mask",
        action="store_true",
        default=None,
        help="附加表中隐去证件号和手机号 / hide identity numbers and mobiles on the added sheets",
    )
    _language(check)
    _quiet(check)


def _register_parser(commands: Any, do: Mapping[str, Do]) -> None:
    words = "备案库：导入、查询 / filings on file: import, look up"
    register = _command(commands, "register", words, lambda options: _usage(register))
    actions = register.add_subparsers(title="操作 / actions", metavar="ACTION")
    bring = _command(
        actions, "import", "用这些文件替换备案库 / replace what is on file by these files", do["register import"]
    )
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE", help="备案库表格 / sheets of filings on file")
    show = _command(actions, "show", "查询某个域名或主体 / what is on file of a domain or subject", do["register show"])
    show.add_argument("--domain", default="", help="域名 / domain")
    show.add_argument("--subject", default="", help="证件号码或名称 / certificate number or name")
    for action in (bring, show):
        _data(action)
        action.add_argument(
            "--register",
            metavar="STORE",
            help=".sqlite 文件或数据库 URL，默认在数据文件夹 / a .sqlite file or database URL, default in that folder",
        )
        _language(action)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: 应为正整数 / a whole number above 0 is expected")
    return int(text)


def _usage(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return 2
