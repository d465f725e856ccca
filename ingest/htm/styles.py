"""The few things in CSS that a reader must know: what is hidden, where pages break, what is raised or indented."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from ingest.htm.names import Names

_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(pt|px|em|rem|in|cm|mm|pc)?$")
_POINTS = {"pt": 1.0, "px": 0.75, "em": 10.0, "rem": 10.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "pc": 12.0}
_BREAKS = frozenset(("always", "page", "left", "right", "recto", "verso"))
_SELECTOR = re.compile(r"([a-zA-Z0-9]*)\.([\w-]+)$")


class Style(NamedTuple):
    """What an element's style says. ``hidden`` is None where it says nothing; ``indent`` is in points."""

    hidden: bool | None = None
    breaks_before: bool = False
    breaks_after: bool = False
    raised: bool = False
    indent: float = 0.0


PLAIN = Style()


class Styles:
    """The style of each element of a tree, from its ``style`` attribute and the rules for its classes.

    Of style sheets only ``.class`` and ``tag.class`` selectors are followed, for hiding and page breaks.
    """

    def __init__(self, sheets: list[str]) -> None:
        self._inline: dict[str, Style] = {}
        self._rules: dict[tuple[str, str], Style] = {}
        self._classes: dict[tuple[str, str], Style] = {}
        for sheet in sheets:
            self._read_sheet(_without_comments(sheet))

    def of(self, element: etree._Element, name: str) -> Style:
        """Return the style of an element whose canonical name is ``name``."""
        text = element.get("style")
        style = PLAIN if text is None else self._of_text(text)
        if self._rules:
            classes = element.get("class")
            if classes:
                style = _over(style, self._of_classes(name, classes))
        return style

    def _of_text(self, text: str) -> Style:
        style = self._inline.get(text)
        if style is None:
            style = self._inline[text] = parse_style(text)
        return style

    def _of_classes(self, name: str, classes: str) -> Style:
        style = self._classes.get((name, classes))
        if style is None:
            style = PLAIN
            for one in classes.split():
                for key in (("", one), (name, one)):
                    style = _over(self._rules.get(key, PLAIN), style)
            self._classes[name, classes] = style
        return style

    def _read_sheet(self, sheet: str) -> None:
        top, printed = _split_media(sheet)
        for body, for_print_only in ((top, False), (printed, True)):
            for rule in body.split("}"):
                selectors, _, declarations = rule.rpartition("{")
                style = parse_style(declarations)
                if for_print_only:
                    style = style._replace(hidden=None)
                if style[:3] == PLAIN[:3]:
                    continue
                for selector in selectors.split(","):
                    match = _SELECTOR.fullmatch(selector.strip())
                    if match:
                        key = (match.group(1).lower(), match.group(2))
                        self._rules[key] = _over(style, self._rules.get(key, PLAIN))


def _over(upper: Style, lower: Style) -> Style:
    """Put two together; what ``upper`` says goes before what ``lower`` says."""
    return Style(
        upper.hidden if upper.hidden is not None else lower.hidden,
        upper.breaks_before or lower.breaks_before,
        upper.breaks_after or lower.breaks_after,
        upper.raised or lower.raised,
        upper.indent + lower.indent,
    )


def _without_comments(sheet: str) -> str:
    # Not by a regular expression: many unclosed comments would make it quadratic.
    kept, position = [], 0
    while (start := sheet.find("/*", position)) >= 0:
        kept.append(sheet[position:start])
        end = sheet.find("*/", start + 2)
        position = len(sheet) if end < 0 else end + 2
    kept.append(sheet[position:])
    return " ".join(kept).replace("<!--", " ").replace("-->", " ")


def _split_media(sheet: str) -> tuple[str, str]:
    """Return the rules outside of any ``@media``, and those for print (where page breaks often stand)."""
    outside: list[str] = []
    printed: list[str] = []
    position = 0
    for match in re.finditer(r"@media([^{]*)\{", sheet):
        if match.start() < position:
            continue
        outside.append(sheet[position : match.start()])
        depth, end = 1, match.end()
        while end < len(sheet) and depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        if "print" in match.group(1).lower():
            printed.append(sheet[match.end() : end - 1])
        position = end
    outside.append(sheet[position:])
    return "".join(outside), "".join(printed)


def parse_style(text: str) -> Style:
    """Read the declarations of a ``style`` attribute or a rule; what is not understood is passed over."""
    hidden: bool | None = None
    before = after = raised = False
    padding = margin = first_line = 0.0
    moved_up = relative = False
    for declaration in text.lower().split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip(), value.replace("!important", "").strip()
        if name == "display":
            hidden = value == "none"
        elif name in ("page-break-before", "break-before"):
            before = value in _BREAKS
        elif name in ("page-break-after", "break-after"):
            after = value in _BREAKS
        elif name == "vertical-align":
            raised = value in ("super", "text-top")
        elif name == "position":
            relative = value == "relative"
        elif name == "top":
            moved_up = value.startswith("-")
        elif name in ("padding-left", "padding"):
            padding = _left(value)
        elif name in ("margin-left", "margin"):
            margin = _left(value)
        elif name == "text-indent":
            first_line = _points(value)
    return Style(hidden, before, after, raised or (relative and moved_up), padding + margin + first_line)


def _left(value: str) -> float:
    """Return the left of one to four lengths in the order top, right, bottom, left."""
    lengths = value.split()
    if not lengths:
        return 0.0
    return _points(lengths[3] if len(lengths) >= 4 else lengths[1] if len(lengths) >= 2 else lengths[0])


def _points(value: str) -> float:
    match = _LENGTH.match(value)
    return float(match.group(1)) * _POINTS[match.group(2) or "px"] if match else 0.0


def read_sheets(root: etree._Element, names: Names) -> list[str]:
    """Return the texts of all ``<style>`` elements of a tree."""
    return [element.text or "" for element in root.iter("{*}style", "{*}STYLE") if names.of(element) == "style"]
