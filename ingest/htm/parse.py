"""Bytes become an element tree, or a typed error: no network, no entity expansion, bounded size and depth."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from html.entities import name2codepoint

from lxml import etree

from ingest.errors import DamagedFileError, OversizedFileError, UnsupportedFileError
from ingest.filing import ReadingWarning

MAX_BYTES = 64 * 1024 * 1024
"""The longest file that is read; the longest EDGAR reports stay below half of it."""

MAX_TAGS = 1_500_000
"""The most ``<`` in a file; a file of MAX_BYTES with ordinary markup has four fifths of it."""

MAX_OF = {
    "cells": (400_000, (b"<td", b"<th")),
    "lines": (200_000, (b"<p", b"<div", b"<br", b"<li")),
    "rows": (80_000, (b"<tr",)),
    "tables": (10_000, (b"<table",)),
}
"""The most of each that are read, and how they begin; a file of MAX_BYTES like other reports has half as many."""

MAX_ATTRIBUTES = 5_000
"""The most attributes of one element, for they are compared with one another; a report has a dozen."""

_KEPT = 0.4
"""The elements that a repair must keep per ``<``; in a whole file there are two ``<`` to an element."""

_TAG = re.compile(rb"<[A-Za-z!?]")
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{50000,}")
_ATTRIBUTE = re.compile(rb"\s[\w:.-]+\s*=")
_NAMED_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_WRAPPER = re.compile(rb"\A\s*<(?:SEC-)?DOCUMENT>.*?<TEXT>\s*(?:<XBRL>\s*)?", re.DOTALL)
_OWN_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]{0,500}\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedHtml:
    """The root element, free of comments and processing instructions, and what was wrong with the file."""

    root: etree._Element
    warnings: tuple[ReadingWarning, ...]


def parse_html(data: bytes) -> ParsedHtml:
    """Parse HTML or XHTML of any age.

    Well-formed XHTML is read as XML, which alone keeps the case of inline XBRL names; the rest as HTML. A
    file that is cut off or malformed is read as far as it goes, with a warning. Raises
    UnsupportedFileError where there is no markup, DamagedFileError where nothing can be made of it and
    OversizedFileError above ``MAX_BYTES``, ``MAX_TAGS``, one of ``MAX_OF``, ``MAX_ATTRIBUTES`` or 2048 levels of
    nesting.
    """
    _check_kind(data)
    data = _unwrap(_to_single_bytes(data))
    warnings: list[ReadingWarning] = []
    head = data[:4096].lower()
    if b"<html" in head and b"</html" not in data[-4096:].lower():
        warnings.append(ReadingWarning("the file ends before its closing </html> tag: its end may be missing"))
    root: etree._Element | None = None
    if head.lstrip().startswith(b"<?xml") or b"inlinexbrl" in head or b"1999/xhtml" in head:
        root = _parse_xml(data, warnings)
    if root is None:
        root = _parse_as_html(data)
    return ParsedHtml(root, tuple(warnings))


def _check_kind(data: bytes) -> None:
    if not data.strip():
        raise DamagedFileError("the file is empty: fetch it again")
    if len(data) > MAX_BYTES:
        raise OversizedFileError(f"the file has {len(data)} bytes, more than {MAX_BYTES}: split it")
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    start = data[:65536]
    if not utf16 and (start.count(0) > len(start) // 1000 or not _TAG.search(data)):
        raise UnsupportedFileError("the file holds no HTML markup: give an .htm, .html or .xhtml file")
    tags = data.count(b"<")
    if tags > MAX_TAGS:
        raise OversizedFileError(f"the file has {tags} tags, more than {MAX_TAGS}: split it")
    for name, (most, beginnings) in MAX_OF.items():
        count = sum(data.count(each) + data.count(each.upper()) for each in beginnings) if tags > most else 0
        if count > most:
            raise OversizedFileError(f"the file has {count:,} {name}, more than {most:,}: split it")
    for tag in _LONG_TAG.finditer(data):
        count = sum(1 for _ in _ATTRIBUTE.finditer(tag[0]))
        if count > MAX_ATTRIBUTES:
            raise OversizedFileError(
                f"an element has {count:,} attributes, more than {MAX_ATTRIBUTES:,}: no report has"
            )


def _to_single_bytes(data: bytes) -> bytes:
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"")
    text = data.decode("utf-16", errors="replace")
    return re.sub(r"\A\s*<\?xml[^>]*\?>", "", text).encode("utf-8")


def _unwrap(data: bytes) -> bytes:
    """Take the HTML out of EDGAR's SGML wrapper, where a file still has it."""
    wrapper = _WRAPPER.match(data[:8192])
    if wrapper is None:
        return data
    end = data.rfind(b"</TEXT>")
    inner = data[wrapper.end() : end if end > 0 else len(data)].strip()
    return inner.removesuffix(b"</XBRL>") or data


def _encoding(data: bytes) -> str:
    """UTF-8 where the bytes are valid UTF-8, else what the file declares, else Windows-1252 as browsers do."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
        name = declared.group(1).decode("ascii").lower() if declared else "windows-1252"
        if name in ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1"):
            return "windows-1252"
        try:
            known = codecs.lookup(name).name
            etree.HTMLParser(encoding=known)  # knows fewer than Python does: no idna
        except LookupError:
            return "windows-1252"
        return known
    return "utf-8"


def _parse_xml(data: bytes, warnings: list[ReadingWarning]) -> etree._Element | None:
    """Parse as XML, or answer None where the HTML parser should try.

    A file that declares entities of its own never comes here: expanding them is how a small file
    becomes an enormous one.
    """
    if b"<!ENTITY" in data:
        warnings.append(ReadingWarning("the file declares entities of its own, which are not expanded"))
        return None
    try:
        root = etree.fromstring(data, _xml_parser())
        if next(root.iter(etree.Entity), None) is None:
            return root
        reason = "it names entities that are declared elsewhere"
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        reason = str(error)
    repaired = _NAMED_ENTITY.sub(_as_character_reference, data)
    try:
        return _without_entities(etree.fromstring(repaired, _xml_parser(_encoding(repaired))), warnings)
    except (etree.XMLSyntaxError, LookupError, ValueError):
        if b"inlinexbrl" not in data[:65536].lower():
            return None
    parser = _xml_parser(_encoding(repaired), recover=True)
    try:
        root = etree.fromstring(repaired, parser)
    except (etree.XMLSyntaxError, LookupError, ValueError):
        return None
    if root is None or _too_deep(parser) or sum(1 for _ in root.iter()) < _KEPT * repaired.count(b"<"):
        return None
    warnings.append(ReadingWarning(f"the file is not well-formed and was read as far as it goes: {reason}"))
    return root


def _without_entities(root: etree._Element, warnings: list[ReadingWarning]) -> etree._Element:
    """Take out the references to entities that only another file declares, for that file is not read."""
    if next(root.iter(etree.Entity), None) is not None:
        warnings.append(ReadingWarning("the file names entities that another file declares, which were left out"))
        etree.strip_elements(root, etree.Entity, with_tail=False)
    return root


def _xml_parser(encoding: str | None = None, *, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _as_character_reference(match: re.Match[bytes]) -> bytes:
    name = match.group(1)
    if name in _XML_ENTITIES:
        return match.group(0)
    code = name2codepoint.get(name.decode("ascii"))
    return match.group(0) if code is None else b"&#%d;" % code


def _too_deep(parser: etree.XMLParser | etree.HTMLParser) -> bool:
    return any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)


def _parse_as_html(data: bytes) -> etree._Element:
    data = _OWN_DOCTYPE.sub(b"", data, count=1)
    # huge_tree lifts the nesting limit from 256 to 2048, which sloppy pages with unclosed tags need; an
    # HTML parser expands no entities, so the guard that it lifts as well has nothing to guard.
    parser = etree.HTMLParser(
        encoding=_encoding(data), no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFileError(f"the file cannot be read as HTML ({error}): fetch it again") from error
    if _too_deep(parser):
        raise OversizedFileError("the file nests its elements more than 2048 deep: it is not a filing")
    if root is None:
        raise DamagedFileError("the file holds no HTML elements: fetch it again")
    # What follows a </html> that comes too early is parsed into siblings of the root.
    for sibling in list(root.itersiblings()):
        root.append(sibling)
    return root
