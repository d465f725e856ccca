"""Walks an element tree without recursion, so that deep nesting cannot exhaust the stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree


def walk(
    root: etree._Element, enter: Callable[[etree._Element], bool], leave: Callable[[etree._Element], None]
) -> None:
    """Call ``enter`` before and ``leave`` after the children of each element, in document order.

    Where ``enter`` answers False the children are passed over; ``leave`` is called all the same.
    """
    stack: list[tuple[etree._Element, Iterator[etree._Element]]] = []
    if enter(root):
        stack.append((root, iter(root)))
    else:
        leave(root)
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            leave(element)
        elif enter(child):
            stack.append((child, iter(child)))
        else:
            leave(child)
