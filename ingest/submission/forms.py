"""Prints the XML in which EDGAR's data forms (3, 4, 5, D, 13F …) are filed: one line for each value."""

from __future__ import annotations

import re

from lxml import etree

from ingest.document import Document
from ingest.errors import DamagedFileError, OversizedFileError
from ingest.htm.ixbrl import humanise
from ingest.printing import Printing

MAX_VALUES = 200_000
"""The most values that are printed; the longest list of holdings has some tens of thousands."""
_HEADED = 2
"""An element that groups so many values has a line of its own above them."""


def read_data_form(data: bytes) -> Document:
    """Read an XML form: each value under what it is called. Entities are never expanded.

    Raises DamagedFileError where it is not XML and OversizedFileError beyond ``MAX_VALUES``.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFileError(f"the form is not well-formed XML ({error}): fetch it again") from error
    printing = Printing()
    printing.line(_name(root))
    for number, element in enumerate(root.iter(etree.Element)):
        if number > MAX_VALUES:
            raise OversizedFileError(f"the form has more than {MAX_VALUES:,} values: split it")
        text = " ".join((element.text or "").split())
        if text:
            printing.line(f"{_called(element)}: {text}")
        elif len(element) >= _HEADED and element is not root:
            printing.line(_name(element))
    pages, tables = printing.finish()
    return Document("application/xml", pages, tables)


def _called(element: etree._Element) -> str:
    """What a value is called: by the element around it where its own name is only ``value``."""
    parent = element.getparent()
    return _name(parent) if _local(element) == "value" and parent is not None else _name(element)


def _name(element: etree._Element) -> str:
    return humanise(_local(element))


def _local(element: etree._Element) -> str:
    return re.sub(r"^\{[^}]*\}", "", str(element.tag))
