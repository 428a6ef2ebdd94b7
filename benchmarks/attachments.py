"""How fast attachments are checked, against merely decoding them with the same library on all cores.

    python -m benchmarks.attachments [--files 400]

Prints seconds for both, and the ratio decode ÷ inspect (1 = as fast as decoding; the aim is 0.8).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from data.synthetic.pictures import KINDS, Recipe, jpeg
from flows.steps.attachments import inspect


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3, help="the fastest of each counts")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        names = generate(Path(folder), arguments.files)
        size = sum((Path(folder) / name).stat().st_size for name in names) / len(names) / 1e6
        inspect(names[:4], Path(folder))  # imports
        decoding, inspecting = [], []
        for _ in range(arguments.rounds):
            decoding.append(seconds(lambda: decode([Path(folder) / name for name in names])))
            inspecting.append(seconds(lambda: inspect(names, Path(folder))))
    decoded, inspected = min(decoding), min(inspecting)
    print(f"{len(names)} JPEG files of {size:.2f} MB, {os.cpu_count()} cores")
    print(f"decode only  {decoded:7.2f} s  {len(names) / decoded:6.1f} files/s")
    print(f"inspect      {inspected:7.2f} s  {len(names) / inspected:6.1f} files/s")
    print(f"ratio        {decoded / inspected:7.2f}  (speed of inspect ÷ speed of decoding; aim ≥ 0.8)")


def generate(folder: Path, files: int) -> list[str]:
    """Distinct files of about 1 MB; a few pictures, each with its own bytes at the end."""
    rng = np.random.default_rng(20260115)
    recipes = [Recipe(kind=kind, long_side=3200, noise=4, quality=quality) for kind in KINDS for quality in (82, 88)]
    contents = [jpeg(recipe, rng) for recipe in recipes]
    names = [f"{number:05}.jpg" for number in range(files)]
    for number, name in enumerate(names):
        (folder / name).write_bytes(contents[number % len(contents)] + number.to_bytes(8, "big"))
    return names


def decode(paths: list[Path]) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_decode, paths))


def _decode(path: Path) -> None:
    with Image.open(path) as image:
        image.load()


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
