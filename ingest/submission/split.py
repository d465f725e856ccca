"""Splits a full EDGAR submission into its header and its documents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.errors import DamagedFileError, OversizedFileError

MAX_DOCUMENTS = 5000
"""The most documents in a submission; the fullest of EDGAR's have some hundreds."""

_BEGINS = re.compile(
    rb"\A\s*(?:-----BEGIN PRIVACY-ENHANCED MESSAGE-----.{0,4000}?)?\s*"
    rb"<(?:SEC-DOCUMENT|IMS-DOCUMENT|SUBMISSION|SEC-HEADER|IMS-HEADER|DOCUMENT>\s*<TYPE)\b",
    re.DOTALL,
)
_PRIVACY = b"-----BEGIN PRIVACY-ENHANCED MESSAGE-----"
_ESCAPED = re.compile(rb"^- (?=-)", re.MULTILINE)
_DOCUMENT = re.compile(rb"<DOCUMENT>\s*(?=<TYPE>)")
_TEXT = re.compile(rb"<TEXT>[ \t]*\r?\n?")
_FIELD = re.compile(rb"<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>([^\r\n<]*)")
_WRAPPER = re.compile(rb"\A\s*<(XBRL|XML|PDF)>\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a submission. ``wrapper`` is ``XML``, ``XBRL`` or ``PDF`` where a tag says what it holds."""

    type: str
    sequence: str
    file_name: str
    description: str
    wrapper: str
    data: bytes

    @property
    def is_exhibit(self) -> bool:
        """Whether its type names it an exhibit."""
        return self.type.startswith("EX-")


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission as it stands in its file: the header, undigested, and the documents in order."""

    header: bytes
    parts: tuple[Part, ...]


def is_submission(data: bytes) -> bool:
    """Whether the bytes begin as a full submission does, or as documents cut out of one."""
    return _BEGINS.match(data[:8192]) is not None


def split(data: bytes) -> Submission:
    """Split a submission. Raises DamagedFileError where it has no document, OversizedFileError where too many."""
    if _PRIVACY in data[:1024]:
        # Privacy-enhanced mail puts "- " before every line that begins with a dash (RFC 1421, 4.3.2.4).
        data = _ESCAPED.sub(b"", data)
    starts = [match.start() for match in _DOCUMENT.finditer(data)]
    if not starts:
        raise DamagedFileError("the submission holds no <DOCUMENT>: it is cut off; fetch it again")
    if len(starts) > MAX_DOCUMENTS:
        raise OversizedFileError(f"the submission holds {len(starts)} documents, more than {MAX_DOCUMENTS}: split it")
    ends = [*starts[1:], len(data)]
    return Submission(data[: starts[0]], tuple(_part(data[a:b]) for a, b in zip(starts, ends, strict=True)))


def _part(data: bytes) -> Part:
    text = _TEXT.search(data)
    head = data[: text.start()] if text else data[:2000]
    fields = {m.group(1).decode("ascii"): _plain(m.group(2)) for m in _FIELD.finditer(head)}
    body = data[text.end() :] if text else b""
    body = body[: body.rfind(b"</TEXT>")] if b"</TEXT>" in body else body.replace(b"</DOCUMENT>", b"")
    wrapper = _WRAPPER.match(body)
    name = wrapper.group(1).decode("ascii") if wrapper else ""
    if wrapper:
        body = body[wrapper.end() :].rstrip().removesuffix(b"</" + wrapper.group(1) + b">")
    return Part(
        fields.get("TYPE", "").upper(),
        fields.get("SEQUENCE", ""),
        fields.get("FILENAME", ""),
        fields.get("DESCRIPTION", ""),
        name,
        body,
    )


def _plain(field: bytes) -> str:
    return field.decode("utf-8", errors="replace").strip()
