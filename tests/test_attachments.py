"""Attachments: every file is found or refused by its name, opened once, and judged by what it shows."""

import io
import os
import random
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image

from data.synthetic.pictures import KINDS, Recipe, blurred_recipe, jpeg, picture, sharp_recipe
from expectations import findings, specimen
from expectations.catalogue import of_reason
from expectations.facts.documents import FILE_COLUMNS, LEAST_SHARPNESS, Picture, faults
from flows.steps.attachments import columns, inspect, join
from flows.steps.attachments import picture as opening

SMALL = Recipe(long_side=1200)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def sharp() -> bytes:
    return jpeg(SMALL, rng())


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def faults_of(content: bytes, folder: Path, name: str = "licence.jpg", key: str = "attachment_subject_certificate"):
    (folder / name).write_bytes(content)
    facts = inspect([name], folder)
    return [part.partition("=")[0] for part in faults(Picture(**facts.loc[name]), name, key)]


def image_of(recipe: Recipe) -> Image.Image:
    return Image.fromarray(picture(recipe, rng())[:, :, ::-1])


@pytest.mark.parametrize(
    ("name", "format_"), [("a.jpg", "JPEG"), ("a.jpeg", "JPEG"), ("a.PNG", "PNG"), ("a.gif", "GIF")]
)
def test_accepted_formats_pass(tmp_path: Path, name: str, format_: str):
    assert faults_of(encoded(image_of(SMALL), format_), tmp_path, name) == []


@pytest.mark.parametrize(
    ("format_", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "L"),
     ("GIF", "P")],
)  # fmt: skip
def test_every_colour_mode_is_measured(tmp_path: Path, format_: str, mode: str):
    image = image_of(SMALL)
    made = image.convert("L").convert("I;16") if mode == "I;16" else image.convert(mode)
    if mode == "I;16":
        made = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    found = faults_of(encoded(made, format_), tmp_path, f"a.{format_.lower()}")
    assert found == (["grey"] if mode in ("LA", "1", "I;16", "L") else [])


@pytest.mark.parametrize("format_", ["BMP", "TIFF", "WEBP", "PDF"])
def test_other_formats_are_known_by_content(tmp_path: Path, format_: str):
    assert faults_of(encoded(image_of(SMALL), format_), tmp_path, "a.jpg") == ["format"]


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"hello", b"<html></html>", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_no_picture_at_all(tmp_path: Path, content: bytes):
    assert faults_of(content, tmp_path) == ["format"]


def test_right_picture_under_a_wrong_extension(tmp_path: Path, sharp: bytes):
    for name in ("licence.png", "licence.bmp", "licence"):
        assert faults_of(sharp, tmp_path, name) == ["extension"]


def test_size_limits(tmp_path: Path, sharp: bytes):
    limit = 4 * 1024 * 1024
    assert faults_of(sharp + bytes(limit - len(sharp) - 1), tmp_path) == []
    assert faults_of(sharp + bytes(limit - len(sharp)), tmp_path) == ["large"]
    domain = "attachment_domain_certificate"
    assert faults_of(sharp, tmp_path, key=domain) == (["light"] if len(sharp) < 200_000 else [])
    assert faults_of(sharp + bytes(204_800), tmp_path, key=domain) == []
    assert faults_of(jpeg(replace(SMALL, quality=45, noise=0), rng()), tmp_path, key=domain) == ["light"]


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF"])
def test_empty_truncated_and_damaged(tmp_path: Path, format_: str):
    content = encoded(image_of(SMALL), format_)
    name = f"a.{format_.lower()}"
    assert faults_of(b"", tmp_path, name) == ["empty"]
    assert faults_of(content[: len(content) // 2], tmp_path, name) in (["truncated"], ["broken"])
    assert faults_of(content[:40], tmp_path, name) in (["truncated"], ["broken"])


def test_bytes_at_random_never_raise(tmp_path: Path, sharp: bytes):
    names = []
    dice = random.Random(5)
    png = encoded(image_of(replace(SMALL, long_side=500)), "PNG")
    for number in range(60):
        content = bytearray(dice.choice([sharp, png]))
        for _ in range(dice.randrange(1, 30)):
            content[dice.randrange(min(len(content), 3000))] = dice.randrange(256)
        names.append(f"{number}.jpg")
        (tmp_path / names[-1]).write_bytes(bytes(content))
    assert set(inspect(names, tmp_path)["state"]) <= {"ok", "truncated", "broken", "bomb"}


def bomb(side: int) -> bytes:
    """A small PNG that decodes to side × side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(side + 1)) for _ in range(200)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9_100, 10_000, 30_000])
def test_decompression_bombs_are_refused_unopened(tmp_path: Path, side: int):
    assert faults_of(bomb(side), tmp_path, "a.png") == ["bomb"]


def test_blank_small_grey(tmp_path: Path, sharp: bytes):
    noise = np.clip(rng().normal(240, 3, (700, 1000, 3)), 0, 255).astype(np.uint8)
    assert faults_of(encoded(Image.fromarray(noise), "JPEG"), tmp_path) == ["blank"]
    assert faults_of(encoded(Image.new("RGB", (1000, 700), "red"), "PNG"), tmp_path, "a.png") == ["blank"]
    assert faults_of(encoded(image_of(SMALL).resize((400, 280)), "JPEG"), tmp_path) == ["small"]
    assert faults_of(encoded(image_of(SMALL).resize((200, 140)), "JPEG"), tmp_path) == ["small"]
    assert faults_of(encoded(image_of(SMALL).resize((199, 140)), "JPEG"), tmp_path) == ["illegible"]
    assert faults_of(encoded(Image.new("RGB", (1, 1)), "PNG"), tmp_path, "b.png") == ["blank"]
    assert faults_of(jpeg(replace(SMALL, colour=False), rng()), tmp_path) == ["grey"]
    assert faults_of(sharp, tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_blur_is_seen_and_faint_print_is_not_blur(tmp_path: Path, kind: str):
    recipe = Recipe(kind=kind, long_side=2000)
    assert faults_of(jpeg(replace(recipe, blur=5), rng()), tmp_path) == ["blurred"]
    assert "blurred" not in faults_of(jpeg(replace(recipe, contrast=0.4, noise=6, quality=45), rng()), tmp_path)


PICTURES = 24


def test_rates_of_the_blur_measure(capsys: pytest.CaptureFixture[str]):
    dice = rng(20260115)
    made = {"sharp": sharp_recipe, "blurred": blurred_recipe}
    measured = {name: [sharpness(recipe(dice), dice) for _ in range(PICTURES)] for name, recipe in made.items()}
    false_alarms = np.mean(np.array(measured["sharp"]) < LEAST_SHARPNESS)
    detected = np.mean(np.array(measured["blurred"]) < LEAST_SHARPNESS)
    with capsys.disabled():
        print(f"\nblur, of {PICTURES} pictures each: false alarms {false_alarms:.1%}, seen {detected:.0%}")  # noqa: T201
    assert false_alarms == 0
    assert detected >= 0.6


def sharpness(recipe: Recipe, dice: np.random.Generator) -> float:
    small = replace(recipe, long_side=min(recipe.long_side, 1800))
    return opening._decoded(jpeg(small, dice)).sharpness


# ── names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path, sharp: bytes) -> Path:
    (tmp_path / "secret.jpg").write_bytes(sharp)
    inside = tmp_path / "attachments"
    (inside / "BA-0001").mkdir(parents=True)
    (inside / "BA-0001" / "Licence.JPG").write_bytes(sharp)
    (inside / "法人（副本）.jpg").write_bytes(sharp)
    (inside / "link.jpg").symlink_to(inside / "BA-0001" / "Licence.JPG")
    (inside / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (inside / "outdir").symlink_to(tmp_path)
    (inside / "dangling.jpg").symlink_to(inside / "gone.jpg")
    (inside / "twice.jpg").write_bytes(sharp)
    (inside / "TWICE.jpg").write_bytes(sharp)
    os.mkfifo(inside / "pipe.jpg")
    return inside


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("BA-0001/Licence.JPG", "ok"), ("BA-0001\\licence.jpg", "ok"), ("./ba-0001//LICENCE.jpg", "ok"),
        ("ＢＡ-0001/licence.jpg", "ok"), ("法人（副本）.jpg", "ok"), ("法人(副本).jpg", "ok"), ("link.jpg", "ok"),
        ("twice.jpg", "ok"), ("Twice.jpg", "missing"),
        ("gone.jpg", "missing"), ("BA-0001", "missing"), ("dangling.jpg", "missing"), ("pipe.jpg", "missing"),
        ("a\x00b.jpg", "missing"), ("x" * 5000, "missing"), ("http://sample.cn/a.jpg", "missing"), (".", "missing"),
        ("../secret.jpg", "outside"), ("BA-0001/../../secret.jpg", "outside"), ("/etc/passwd", "outside"),
        ("C:\\备案\\licence.jpg", "outside"), ("\\\\server\\share\\a.jpg", "outside"), ("out.jpg", "outside"),
        ("outdir/secret.jpg", "outside"), ("OUTDIR/SECRET.jpg", "outside"),
    ],
)  # fmt: skip
def test_names(folder: Path, name: str, state: str):
    assert inspect([name], folder)["state"].tolist() == [state]


def test_each_file_is_opened_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    opened: list[Path] = []
    real = opening.open_picture
    monkeypatch.setattr(opening, "open_picture", lambda path: opened.append(path) or real(path))
    names = ["BA-0001/Licence.JPG", "ba-0001/licence.jpg", "link.jpg", "BA-0001\\Licence.JPG", "gone.jpg"]
    facts = inspect([*names, *names], folder)
    assert facts.index.tolist() == names
    assert len(opened) == 1
    assert facts["sha256"].nunique() == 2


def test_folder_must_be_one(tmp_path: Path):
    with pytest.raises(NotADirectoryError):
        inspect(["a.jpg"], tmp_path / "nowhere")


# ── from files to findings ───────────────────────────────────────────────────────────────────────


def judged(rows: list[dict[str, str]], folder: Path) -> pd.DataFrame:
    frame = pd.DataFrame([specimen.filing(row) for row in rows], dtype="str").fillna("")
    present = [key for key in FILE_COLUMNS if key in frame]
    names = {name for key in present for cell in frame[key] for name in cell.split(";") if name}
    filings = specimen.filings(pd.concat([frame, columns(frame[present], inspect(sorted(names), folder))], axis=1))
    return findings.all_findings(filings, {rule.id: rule.outcome(filings) for rule in of_reason(5)})


def test_a_finding_lists_all_bad_files_of_its_cells(tmp_path: Path, sharp: bytes):
    for name in ("good.jpg", "blank.png"):
        (tmp_path / name).write_bytes(sharp if name == "good.jpg" else encoded(Image.new("RGB", (900, 600)), "PNG"))
    row = {"attachment_subject_certificate": "good.jpg;gone.jpg;lost.jpg", "attachment_principal_id": "blank.png"}
    found = judged([row], tmp_path).set_index("rule")
    assert found.index.tolist() == ["ICP0520", "ICP0530"]
    assert "gone.jpg、lost.jpg" in found.loc["ICP0520", "message"]
    assert found.loc["ICP0520", "columns"] == "attachment_subject_certificate"
    assert found.loc["ICP0530", "columns"] == "attachment_principal_id"


def test_the_same_picture_under_two_subjects(tmp_path: Path, sharp: bytes):
    for name in ("one.jpg", "copy.jpg"):
        (tmp_path / name).write_bytes(sharp)
    (tmp_path / "id.jpg").write_bytes(jpeg(replace(SMALL, kind="card"), rng(2)))
    (tmp_path / "other.jpg").write_bytes(jpeg(SMALL, rng(3)))
    second = {"subject_certificate_number": "91330000MA0000015H", "subject_name": "杭州样例乙有限公司"}
    own = {"attachment_subject_certificate": "one.jpg", "attachment_principal_id": "id.jpg"}
    found = judged([own, {**own, **second, "attachment_subject_certificate": "copy.jpg"}], tmp_path)
    assert found["rule"].tolist() == ["ICP0532", "ICP0532"]
    assert "杭州样例乙有限公司" in found["message"].iloc[0]
    # The same person may be principal of both.
    assert judged([own, {**own, **second, "attachment_subject_certificate": "other.jpg"}], tmp_path).empty


def test_blank_cells_and_absent_columns(tmp_path: Path):
    frame = pd.DataFrame({"attachment_subject_certificate": ["", "gone.jpg"]}, dtype="str")
    made = columns(frame, inspect(["gone.jpg"], tmp_path))
    assert made["attachment.subject_certificate"].tolist() == ["", "missing=gone.jpg"]
    assert made["attachment.checked"].tolist() == ["yes", "yes"]
    assert made["attachment.pictures"].tolist() == ["", ""]


class Workbook:
    """As much of a staged workbook as the join needs."""

    def __init__(self, **cells: list[str]) -> None:
        self.filings, self.joined = pa.table(cells), pd.DataFrame()

    def reading(self) -> "Workbook":
        return self

    def put(self, name: str, frame: pd.DataFrame) -> None:
        assert name == "attachments"
        self.joined = frame


def test_join_opens_the_files_of_all_workbooks(tmp_path: Path, sharp: bytes):
    (tmp_path / "a.jpg").write_bytes(sharp)
    one = Workbook(domain=["a.cn", "b.cn"], attachment_statement=["a.jpg;gone.jpg", ""])
    two = Workbook(domain=["c.cn"])
    join([one, two], tmp_path)
    assert one.joined["attachment.statement"].tolist() == ["missing=gone.jpg", ""]
    assert one.joined["attachment.pictures"].str.startswith("statement=").tolist() == [True, False]
    assert two.joined["attachment.checked"].tolist() == ["yes"]
