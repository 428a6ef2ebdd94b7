"""Traditional characters and the simplified ones certificates of the mainland print."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC

_convert = OpenCC("t2s").convert


def simplified(text: str) -> str:
    """``text`` in simplified characters."""
    return _convert(text)


@cache
def characters() -> str:
    """Every common character that has another, simplified form; in any other text there is nothing to simplify."""
    every = "".join(map(chr, range(0x4E00, 0x9FA6)))
    return "".join(one for one, short in zip(every, map(simplified, every), strict=True) if one != short)
