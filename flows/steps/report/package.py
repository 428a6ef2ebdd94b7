"""An Office package: parts copied as the raw bytes they are stored in, but for the few that change."""

from __future__ import annotations

import posixpath
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from flows.steps.report.markup import MAIN, RELATIONSHIPS

CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SAME_DAY = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1 << 20

Writer = Callable[[bytes], object]


class Unpatchable(Exception):  # noqa: N818 - no error of the program: another way to write is taken
    """The package is built in a way that cannot be patched without risk; ``args[0]`` says why."""


def parse(content: bytes) -> etree._Element:
    """A part's root; nothing outside the part is ever fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unpatchable("a part is no well-formed XML") from error
    if root.getroottree().docinfo.doctype:
        raise Unpatchable("a part declares a document type")
    return root


def child_of(parent: etree._Element, name: str, before: Collection[str]) -> etree._Element:
    """The child ``name``, put before the first of ``before`` if there is none."""
    found = parent.find(f"{{{MAIN}}}{name}")
    if found is None:
        found = etree.Element(f"{{{MAIN}}}{name}")
        for place, other in enumerate(parent):
            if isinstance(other.tag, str) and etree.QName(other).localname in before:
                parent.insert(place, found)
                return found
        parent.append(found)
    return found


def serialise(root: etree._Element) -> bytes:
    """A part as the bytes of a package."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def relations_of(part: str) -> str:
    """Where the relations of ``part`` stand."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolve(part: str, target: str) -> str:
    """The part a relation of ``part`` points to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


class Relations:
    """The relations of one part."""

    def __init__(self, part: str, content: bytes | None) -> None:
        self.part = part
        self.root = parse(content) if content else etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS})

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Id, last word of the type, part of every internal relation."""
        for relation in self.root:
            if relation.get("TargetMode") != "External" and isinstance(relation.tag, str):
                kind = relation.get("Type", "").rpartition("/")[2]
                yield relation.get("Id", ""), kind, resolve(self.part, relation.get("Target", ""))

    def first(self, kind: str) -> str | None:
        """The part of the first relation of a kind."""
        return next((part for _, found, part in self if found == kind), None)

    def by_id(self) -> dict[str, str]:
        return {identity: part for identity, _, part in self}

    def add(self, kind: str, part: str) -> str:
        """Relate to ``part``; gives the new id."""
        used = {relation.get("Id") for relation in self.root}
        identity = next(name for name in (f"rIdPre{count}" for count in range(1, len(used) + 2)) if name not in used)
        relation = etree.SubElement(self.root, f"{{{_RELS}}}Relationship")
        relation.set("Id", identity)
        relation.set("Type", f"{RELATIONSHIPS}/{kind}")
        relation.set("Target", "/" + part)
        return identity

    def remove(self, part: str) -> None:
        """Take away every relation to ``part``."""
        for relation in list(self.root):
            if relation.get("TargetMode") != "External" and resolve(self.part, relation.get("Target", "")) == part:
                self.root.remove(relation)


class Package:
    """A sender's package and what is to change in it. Part names are matched without regard to case."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise Unpatchable("the file is no package") from error
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in self._zip.infolist():
            if entry.flag_bits & 0x1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Unpatchable("a part is encrypted or packed in an unusual way")
            if entry.filename.lower() in self._entries:
                raise Unpatchable("two parts have the same name")
            self._entries[entry.filename.lower()] = entry
        self._changed: dict[str, bytes | Callable[[Writer], None]] = {}
        self._last: dict[str, Callable[[], bytes]] = {}
        self._removed: set[str] = set()
        self.types = parse(self.read(CONTENT_TYPES))
        root = Relations("", self._content("_rels/.rels"))
        self.workbook = self._name(root.first("officeDocument") or "")
        self.relations = self.relations_for(self.workbook)

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._entries and part.lower() not in self._removed

    def _name(self, part: str) -> str:
        if part not in self:
            raise Unpatchable("a part is missing")
        return self._entries[part.lower()].filename

    def _content(self, part: str) -> bytes | None:
        return self.read(part) if part in self else None

    def read(self, part: str) -> bytes:
        """A part's content as the sender made it."""
        try:
            return self._zip.read(self._name(part))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Unpatchable("a part is damaged") from error

    def blocks(self, part: str) -> Iterator[bytes]:
        """A part's content, a megabyte at a time."""
        try:
            with self._zip.open(self._name(part)) as file:
                while block := file.read(_BLOCK):
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Unpatchable("a part is damaged") from error

    def relations_for(self, part: str) -> Relations:
        return Relations(part, self._content(relations_of(part)))

    def put(self, part: str, content: bytes | Callable[[Writer], None], kind: str = "") -> None:
        """Replace or add a part; a callable writes it block by block. ``kind`` is a new part's content type."""
        self._changed[part] = content
        self._removed.discard(part.lower())
        if kind and part.lower() not in self._overrides():
            override = etree.SubElement(self.types, f"{{{_TYPES}}}Override")
            override.set("PartName", "/" + part)
            override.set("ContentType", kind)

    def forget(self, part: str) -> None:
        """Undo what was put, but for the content type."""
        self._changed.pop(part, None)

    def put_last(self, part: str, content: Callable[[], bytes]) -> None:
        """A part that is only known when all others are written."""
        self._last[part] = content

    def put_relations(self, relations: Relations) -> None:
        self.put(relations_of(relations.part), serialise(relations.root))

    def default(self, extension: str, kind: str) -> None:
        """The content type of an extension, unless the package has one."""
        defaults = self.types.findall(f"{{{_TYPES}}}Default")
        if extension.lower() not in {default.get("Extension", "").lower() for default in defaults}:
            default = etree.Element(f"{{{_TYPES}}}Default")
            default.set("Extension", extension)
            default.set("ContentType", kind)
            self.types.insert(0, default)

    def _overrides(self) -> dict[str, etree._Element]:
        return {
            override.get("PartName", "").lstrip("/").lower(): override
            for override in self.types.findall(f"{{{_TYPES}}}Override")
        }

    def remove(self, part: str) -> None:
        """Take a part away, with its relations and its content type."""
        for name in (part, relations_of(part)):
            self._removed.add(name.lower())
            override = self._overrides().get(name.lower())
            if override is not None:
                self.types.remove(override)

    def free_name(self, pattern: str) -> str:
        """The first name of ``pattern`` (with ``{}`` for a number) no part has."""
        taken = (self._entries.keys() - self._removed) | {name.lower() for name in self._changed}
        return next(
            name for name in (pattern.format(count) for count in range(1, len(taken) + 2)) if name.lower() not in taken
        )

    def save(self, target: Path, level: int = 6) -> None:
        """Write the package; untouched parts are copied as they lie, without unpacking."""
        self.put(CONTENT_TYPES, serialise(self.types))
        self.default("rels", "application/vnd.openxmlformats-package.relationships+xml")
        changed = {part.lower(): part for part in (*self._changed, *self._last)}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as out:
            for name, entry in self._entries.items():
                if name in changed and name not in self._removed and changed[name] in self._changed:
                    self._write(out, changed.pop(name), entry.filename)
                elif name not in changed and name not in self._removed:
                    self._copy(out, entry)
            for part in changed.values():
                if part in self._changed:
                    self._write(out, part, part)
            for part in self._last:
                self._write(out, part, part)

    def _write(self, out: zipfile.ZipFile, part: str, name: str) -> None:
        entry = zipfile.ZipInfo(name, _SAME_DAY)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        entry.create_system = 3
        content = self._changed[part] if part in self._changed else self._last[part]()
        if isinstance(content, bytes):
            out.writestr(entry, content)
            return
        with out.open(entry, "w", force_zip64=True) as file:
            content(file.write)

    def _copy(self, out: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        # zipfile has no public way to copy packed bytes; these four attributes are what append mode uses.
        source: BinaryIO = self._zip.fp  # type: ignore[assignment]
        source.seek(entry.header_offset)
        header = source.read(30)
        if header[:4] != b"PK\x03\x04":
            raise Unpatchable("the package's directory is damaged")
        source.seek(sum(struct.unpack("<HH", header[26:30])), 1)
        copy = zipfile.ZipInfo(entry.filename, entry.date_time)
        for name in ("compress_type", "CRC", "compress_size", "file_size", "external_attr", "create_system"):
            setattr(copy, name, getattr(entry, name))
        file: BinaryIO = out.fp  # type: ignore[assignment]
        file.seek(out.start_dir)
        copy.header_offset = file.tell()
        file.write(copy.FileHeader())
        left = entry.compress_size
        while left:
            block = source.read(min(left, _BLOCK))
            if not block:
                raise Unpatchable("the package is cut off")
            file.write(block)
            left -= len(block)
        out.filelist.append(copy)
        out.NameToInfo[copy.filename] = copy
        out.start_dir = file.tell()
        out._didModify = True  # type: ignore[attr-defined]


def replace_file(scratch: Path, target: Path) -> None:
    """Put a finished file in its place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(scratch, target)


def check_main(root: etree._Element) -> None:
    """Refuse what is not the common (transitional) dialect."""
    if etree.QName(root).namespace != MAIN:
        raise Unpatchable("the workbook is in the strict dialect of the format")
