"""Traditional characters and the simplified ones certificates of the mainland print."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache


@cache
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC  # a dictionary, for those who need it

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def simplified(text: str) -> str:
    """``text`` in simplified characters."""
    return _converter()(text)


def simplified_label(text: str) -> str:
    """A header or a choice in simplified characters, as ours are.

    GB 2312 cannot write any of ours in traditional characters: what it can write needs no converter.
    """
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return simplified(text)
    return text


@cache
def characters() -> str:
    """Every common character that has another, simplified form; in any other text there is nothing to simplify."""
    every = "".join(map(chr, range(0x4E00, 0x9FA6)))
    return "".join(one for one, short in zip(every, map(simplified, every), strict=True) if one != short)
