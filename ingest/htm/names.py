"""One name for each element and each concept, whatever prefix, case or parser it came through.

An XML parser gives ``{uri}nonFraction``, an HTML parser ``ix:nonfraction``; filers bind prefixes as they
like (``d:`` is the FRC core taxonomy in one UK file, ``ns6:`` in the next).
"""

from __future__ import annotations

import re

from lxml import etree

_ELEMENT_PREFIXES = (
    ("inlinexbrl", "ix:"),
    ("http://www.xbrl.org/2003/instance", "xbrli:"),
    ("http://xbrl.org/2006/xbrldi", "xbrldi:"),
)

_TAXONOMIES = (
    (re.compile(r"^https?://(?:fasb\.org|xbrl\.us)/us-gaap/"), "us-gaap"),
    (re.compile(r"^https?://fasb\.org/srt/"), "srt"),
    (re.compile(r"^https?://xbrl\.(?:sec\.gov|us)/dei/"), "dei"),
    (re.compile(r"^https?://xbrl\.ifrs\.org/taxonomy/[^/]+/ifrs-full"), "ifrs-full"),
    (re.compile(r"^https?://xbrl\.frc\.org\.uk/fr/[^/]+/core"), "core"),
    (re.compile(r"^https?://xbrl\.frc\.org\.uk/cd/[^/]+/business"), "bus"),
    (re.compile(r"^https?://xbrl\.frc\.org\.uk/reports/[^/]+/direp"), "direp"),
    (re.compile(r"^https?://www\.xbrl\.org/2003/iso4217"), "iso4217"),
    (re.compile(r"^https?://www\.xbrl\.org/2003/instance"), "xbrli"),
)

_NIL = ("{http://www.w3.org/2001/XMLSchema-instance}nil", "xsi:nil")


class Names:
    """The canonical names of one tree: ``div``, ``ix:nonfraction``, ``xbrli:context``, ``us-gaap:Assets``."""

    def __init__(self, root: etree._Element) -> None:
        self._elements: dict[str, str] = {}
        self._namespaces = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
        for name, value in root.attrib.items():
            if str(name).startswith("xmlns:"):
                self._namespaces[str(name)[6:]] = str(value)
        self._prefixes: dict[str, str] = {}

    def of(self, element: etree._Element) -> str:
        """Return the name in lower case, with ``ix:``, ``xbrli:`` or ``xbrldi:`` before it where it is one."""
        tag = element.tag
        name = self._elements.get(tag)
        if name is None:
            name = self._elements[tag] = self._canonical(tag)
        return name

    def _canonical(self, tag: str) -> str:
        if tag.startswith("{"):
            uri, _, local = tag[1:].partition("}")
        else:
            prefix, _, local = tag.rpartition(":")
            uri = self._namespaces.get(prefix, prefix)
        for mark, canonical in _ELEMENT_PREFIXES:
            if mark in uri.lower():
                return canonical + local.lower()
        return local.lower() if tag.startswith("{") else tag.lower()

    def concept(self, qualified: str, element: etree._Element) -> str:
        """Return a qualified name with the usual prefix of its taxonomy (``us-gaap``, ``dei``, ``core`` …).

        A taxonomy of the filer's own keeps the prefix that stands in the file. Blanks around are cut.
        """
        prefix, colon, local = qualified.strip().partition(":")
        if not colon:
            return prefix
        usual = self._prefixes.get(prefix)
        if usual is None:
            uri = self._namespaces.get(prefix) or element.nsmap.get(prefix) or ""
            usual = next((name for pattern, name in _TAXONOMIES if pattern.match(uri)), prefix)
            if prefix in self._namespaces or not uri:
                self._prefixes[prefix] = usual
        return f"{usual}:{local}"


def attribute(element: etree._Element, name: str) -> str | None:
    """Return the attribute by its XML name; an HTML parser has put it in lower case."""
    value = element.get(name)
    return value if value is not None else element.get(name.lower())


def is_nil(element: etree._Element) -> bool:
    """Whether the tagged fact is declared to have no value (``xsi:nil``)."""
    return any(element.get(name) in ("true", "1") for name in _NIL)
