"""Walks an element tree without recursion, so that deep nesting cannot exhaust the stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from lxml import etree

Seen = TypeVar("Seen")


def walk(
    root: etree._Element,
    look: Callable[[etree._Element], Seen],
    enter: Callable[[etree._Element, Seen], bool],
    leave: Callable[[etree._Element, Seen, bool], None],
) -> None:
    """Call ``enter`` before and ``leave`` after the children of each element, in document order.

    Both are told what ``look`` answers for the element. Where ``enter`` answers False the children are passed over;
    ``leave`` is called all the same, and told so by its last argument.
    """
    stack: list[tuple[etree._Element, Seen, Iterator[etree._Element]]] = []
    children: Iterator[etree._Element] = iter((root,))
    while True:
        child = next(children, None)
        if child is not None:
            seen = look(child)
            if enter(child, seen):
                stack.append((child, seen, children))
                children = iter(child)
            else:
                leave(child, seen, False)
        elif stack:
            element, seen, children = stack.pop()
            leave(element, seen, True)
        else:
            return
