"""Reads a message as mail programs save it: what its heads say, and its text in the richest form that it has."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from email.errors import MessageError
from email.message import EmailMessage
from html import escape

from ingest.ascii.read import read_ascii
from ingest.document import Document
from ingest.errors import DamagedFileError, OversizedFileError
from ingest.filing import ReadingWarning
from ingest.htm.read import read_html
from ingest.submission.join import joined

MEDIA_TYPE = "message/rfc822"
_HEADS = ("Subject", "From", "To", "Date")


def read_message(data: bytes) -> Document:
    """Read a message: a page of its heads, then its HTML, else its plain text; attachments are named, not read.

    Raises DamagedFileError where it has no text, OversizedFileError where its parts nest too deep.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        body = message.get_body(("html", "plain")) if isinstance(message, EmailMessage) else None
        content = body.get_content() if body is not None else ""
        heads = [f"{name}: {message[name]}" for name in _HEADS if message[name]]
        attached = [part.get_filename() or part.get_content_type() for part in message.walk() if _is_attached(part)]
    except RecursionError as error:
        raise OversizedFileError("the message nests its parts too deep: save the innermost one") from error
    except (MessageError, LookupError, ValueError, AttributeError, TypeError) as error:
        raise DamagedFileError(f"the message cannot be read ({error}): save it anew") from error
    if body is None or not isinstance(content, str) or not content.strip():
        raise DamagedFileError("the message has no text: save its attachment and add that")
    is_html = body.get_content_type() == "text/html"
    text = read_html(content.encode()) if is_html else read_ascii(content.encode())
    head = read_html(f"<html><body>{''.join(f'<p>{escape(line)}</p>' for line in heads)}</body></html>".encode())
    whole = joined([(head, "head", None, "head"), (text, "text", None, "text")]) if heads else text
    names = ", ".join(attached)
    warnings = [ReadingWarning(f"attachments are not read: {names}")] if attached else []
    return replace(whole, media_type=MEDIA_TYPE, parts=(), warnings=(*whole.warnings, *warnings))


def _is_attached(part: object) -> bool:
    return isinstance(part, EmailMessage) and part.is_attachment()
