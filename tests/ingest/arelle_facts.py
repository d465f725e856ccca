"""Prints the facts that Arelle reads from an inline XBRL file, as JSON; a program of its own, for Arelle is not ours.

``python arelle_facts.py FILE`` works offline: taxonomies are not loaded, so that a fact is known by its qualified
name alone. Each fact is a list: local name, period, unit, dimensions, value (None for nil), and what the value is
made of (text, scale, whether it is negative), which is None unless it is a number.
"""

import json
import sys
from datetime import timedelta
from typing import Any

from arelle import Cntlr, FileSource, PluginManager


def main() -> None:
    controller = Cntlr.Cntlr(logFileName="logToBuffer", disable_persistent_config=True)
    controller.webCache.workOffline = True
    PluginManager.addPluginModule("transforms/SEC")
    model = controller.modelManager.load(FileSource.openFileSource(sys.argv[1], controller))
    facts = _with_nested(model.facts)
    json.dump([_described(fact) for fact in facts if fact.context is not None], sys.stdout)


def _with_nested(facts: Any) -> Any:
    for fact in facts:
        yield fact
        yield from _with_nested(fact.modelTupleFacts)


def _described(fact: Any) -> list[Any]:
    is_number = fact.localName in ("nonFraction", "fraction")
    value = None if fact.isNil else str(fact.value)
    return [
        fact.qname.localName,
        _period(fact.context),
        _unit(fact.unit) if fact.unit is not None else None,
        sorted(_dimensions(fact.context)),
        value,
        ["".join(fact.itertext()), int(fact.scale or 0), fact.sign == "-"] if is_number else None,
    ]


def _period(context: Any) -> list[str | None]:
    """First day (None for an instant) and last day; Arelle's ends are the midnight after it."""
    if context.isForeverPeriod:
        return [None, None]
    end = (context.endDatetime - timedelta(days=1)).date().isoformat()
    return [None if context.isInstantPeriod else context.startDatetime.date().isoformat(), end]


def _unit(unit: Any) -> list[list[str]]:
    above, below = unit.measures
    return [[f"{name.namespaceURI}#{name.localName}" for name in names] for names in (above, below)]


def _dimensions(context: Any) -> Any:
    for dimension in context.qnameDims.values():
        axis = dimension.dimensionQname
        if dimension.isExplicit:
            member = f"{dimension.memberQname.namespaceURI}#{dimension.memberQname.localName}"
        else:
            member = dimension.typedMember.stringValue.strip()
        yield [f"{axis.namespaceURI}#{axis.localName}", member]


main()
