"""Why something failed, in words that people may be shown.

The message of a fault of ours may quote a cell: of one only its kind and place are told.
"""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from expectations.words import Words

_SYSTEM = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "文件系统只读",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "文件或文件夹不存在",
    errno.EEXIST: "已存在",
    errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EIO: "读写出错",
    errno.EMFILE: "打开的文件过多",
    errno.ENAMETOOLONG: "文件名过长",
}


class FaultError(RuntimeError):
    """A fault of ours of which only ``words`` go on: raised where others log what they meet."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def cause(error: BaseException) -> Words:
    """Why it failed, in one line of each language; names of files, never a cell."""
    words = getattr(error, "words", None)
    if words is not None:
        return Words(_line(words("zh")), _line(words("en")))
    if isinstance(error, OSError):
        told = system(error)
        return Words(*(_line(f"{error.filename}: {text}") for text in told)) if error.filename else told
    return Words(*[_line(str(error)) if tellable(error) else place(error)] * 2)


def tellable(error: BaseException) -> bool:
    """Whether its words are meant for people: the system's, or ours of what somebody has to mend."""
    ours = type(error).__module__.startswith(("flows.", "expectations."))
    return isinstance(error, OSError) or (ours and isinstance(error, ValueError))


def place(error: BaseException) -> str:
    """``KeyError @ reading.py:120``: its kind, and where in the code."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} @ {Path(frames[-1].filename).name}:{frames[-1].lineno}"


def system(error: OSError) -> Words:
    """What the system says of a file, without the file's name."""
    if not error.strerror:
        return Words(*[_line(str(error))] * 2)
    known = _SYSTEM.get(error.errno or 0)
    # The system's own words stay beside ours: they are what one searches for.
    return Words(f"{known}（{error.strerror}）" if known else error.strerror, error.strerror)


def _line(text: str) -> str:
    return " ".join(text.split())
