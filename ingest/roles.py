"""What a row of a table is in time: a balance at the beginning or the end, a stock, or a flow.

Told by the words of its label alone. The noun that a label is about stands before its first preposition:
    "amortization of intangible assets" is about amortization, which flows, and "assets" in it tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

Role = Literal["opening", "closing", "stock", "flow"]

_OPENING = re.compile(
    r"\bcumulative[\s-]effects?\b"
    r"|\b(?:beginning|opening|start)\b(?!\s+(?:after|on\s+or\s+after|with))|\bat\s+the\s+beginning\b",
    re.IGNORECASE,
)
_DURING = re.compile(
    r"\bpotential(?:ly)?\s+(?:dilutive\s+)?(?:common\s+)?shares\b|\banti-?dilutive\b|\b(?:recogni[sz]ed|recorded|incurred|realized|arising)\s+(?:\w+\s+)?during\b"
    r"|\b(?:included|recogni[sz]ed)\b.*\b(?:at|as\s+of)\s+(?:the\s+)?(?:beginning|start)\b",
    re.IGNORECASE,
)
"""What was recognized in a period flows, though it is of something held at its beginning or end."""
_CLOSING = re.compile(
    r"\b(?:at|as\s+of|,|[-–—(])?\s*(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+|each\s+)?(?:fiscal\s+)?(?:period|year|quarter|month)s?\b"
    r"|^ending\s+(?!on\b|in\b)[a-z]|\bending\s+(?:balance|cash|inventory|retained|fair|equity|accumulated)|\b(?:balances?|equity|cash)[^.]*,?\s+ending\b"
    r"|\bend(?:ing)?\s+balances?\b|\bclosing\s+balances?\b|\bat\s+(?:fiscal\s+)?year[\s-]end\b|[-–—,]\s*end\b",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\b(?:of|for|from|in|on|to|by|with|at|as|per|less|net\s+of|due|attributable|related|relating|including|excluding|before"
    r"|after|under|during|through|provided|used|upon|that|which|not|held)\b|[(:;,–—]",
    re.IGNORECASE,
)
_OTHER_SIGN = re.compile(
    r"[/(]+\s*(?:gains?|loss(?:es)?|income|benefits?|credits?|decreases?|increases?|expenses?)\s*\)", re.I
)
"""What a figure of the other sign is called: "(gain) loss", "expense/(benefit)"."""
_TAKEN_OFF = re.compile(r"^\W*(?:less|add|plus|deduct)\s*:\s*(?:net\s+)?", re.IGNORECASE)
_FIGURES = re.compile(r"\d[\d.,]*\s*%?(?:\s*[-–—]\s*\d[\d.,]*\s*%?)?")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*", re.IGNORECASE)
_STOCKS = frozenset({
    "accruals", "accrued", "allocation", "allowance", "allowances", "asset", "assets", "backlog", "balance", "balances",
    "bonds", "borrowings", "building", "buildings", "capital", "carryforward", "carryforwards", "cash", "creditors",
    "commitments", "credits", "debentures", "debt", "debtors", "deficit", "deposits", "equipment",
    "equity", "exercisable",
    "fixtures", "furniture", "goods", "goodwill", "inventories", "inventory", "investments", "land",
    "leases", "liabilities", "liability", "loan", "loans", "machinery", "materials", "nonvested", "note",
    "notes", "obligation",
    "obligations", "outstanding", "overdraft", "overdrafts", "payable", "payables", "plant", "prepaid", "prepayments",
    "principal", "properties", "property", "receivable", "receivables", "reserve", "reserves", "securities",
    "stock", "supplies", "surplus", "treasury", "unvested", "vehicles",
})  # fmt: skip
_FLOWS = frozenset({
    "accretion", "acquired", "acquisitions", "additions", "adjustments", "amortisation", "amortization",
    "benefit", "canceled",
    "cancelled", "change", "changes", "charge", "charge-offs", "charges", "compensation", "contributions", "cost",
    "costs",
    "decrease", "decreases", "deductions", "deliveries", "depletion", "depreciation", "dispositions",
    "distributions", "divestitures", "dividends", "earnings", "ebitda", "exercised", "expenditures", "expense",
    "expenses", "expired", "forfeited", "gain", "gains", "granted", "impairment", "impairments", "income",
    "increase", "increases", "issuance", "issuances", "issued", "loss", "losses", "margin", "paid", "payment",
    "payments", "proceeds", "profit", "provision", "purchase", "purchases", "reclassification",
    "reclassifications", "reclassified", "redemption", "redemptions", "released", "repurchase",
    "repurchased", "repurchases", "repayment", "repayments", "retired", "retirements", "revenue", "revenues",
    "sales", "settled",
    "settlements", "sold", "spending", "tax", "taxes", "transfers", "translation", "vested", "write-offs",
    "writeoffs",
})  # fmt: skip
_NEITHER = frozenset({
    "agreements", "contracts", "plans", "programs", "technology", "options", "units", "instruments", "swaps", "hedges",
})  # fmt: skip
_STOCK_BEFORE = frozenset({
    "accrued", "accumulated", "allowance", "deferred", "prepaid", "retained", "unamortized", "unbilled",
    "unearned", "unrecognized",
})  # fmt: skip
_FLOW_ANYWHERE = re.compile(
    r"^(?:total\s+)?repayments?\b|\bweighted[\s-]+average\b.*\bshares\b"
    r"|^(?:net\s+)?(?:\(?(?:increase|decrease|change|addition|amortization|depreciation|purchase|proceed|payment|issuance)s?\)?)\b"
    r"|\b(?:paid|granted|exercised|forfeited|expired|cancell?ed|repurchased|declared|reclassified|withheld|transferred|incurred)\b|\bvested\b(?!\s+(?:and|or|stock))"
    r"|\b(?:expected\s+(?:volatility|terms?|li(?:fe|ves)|dividends?)|risk-free|dividend\s+yield)\b"
    r"|\bcash\s+(?:flows?\s+)?(?:\(?(?:provided|used)\)?)|^net\s+cash\s+flows?\b",
    re.IGNORECASE,
)
_STOCK_ANYWHERE = re.compile(
    r"^(?:due\s+)?(?:within|between|less\s+than|more\s+than|later\s+than|in\s+(?:more|less)\s+than)\b.*\byears?\W*$"
    r"|^amounts?\s+(?:due|owed|owing)\s+(?:to|by|from)\b|^cumulative\s+(?!effect)|^(?:unvested|nonvested|non-vested|unrecognized|(?:net\s+)?(?:un)?funded\s+status)\b|\b(?:outstanding\s+at|exercisable|expected\s+to\s+vest|carrying\s+(?:amount|value)|fair\s+value\s+of"
    r"|remaining\s+performance\s+obligations?|hedge\s+accounting\s+(?:fair\s+value\s+)?adjustments?)\b|^(?:total\s+)?(?:accumulated\s+other\s+comprehensive|AOCI)\b"
    r"|\bweighted[\s-]+average\s+(?:remaining\b.*\b(?:terms?|li(?:fe|ves)|periods?)|discount\s+rates?)\b"
    r"|\btrend\s+rates?\b|^total\s+(?:current\s+|non-?current\s+|other\s+)*(?:assets|liabilities)\b",
    re.IGNORECASE,
)
_FLOWS_BELOW = re.compile(
    r"^(?:\(?(?:gains?|loss(?:es)?|increases?|decreases?|reductions?|changes?)\b|amounts?\s+(?:recogni[sz]ed|reclassified)\b)"
    r"(?!.*\b(?:accumulated|balance\s+sheets?|assets\s+and\s+liabilities)\b)",
    re.IGNORECASE,
)
_COST_OF_STOCK = re.compile(r"\b(?:initial|original|historical)\s+cost\b", re.IGNORECASE)
_STOCKS_BELOW = re.compile(
    r"^amounts\s+falling\s+due\b|^(?:trade\s+)?(?:debtors|creditors)\b|^(?:the\s+|total\s+|accrued\s+|prepaid\s+|expenses\s+|and\s+|net\s+|gross\s+|long-lived\s+|identifiable\s+|segment\s+|other\s+|long-term\s+|deferred\s+(?:income\s+)?tax\s+|current\s+"
    r"|non-?current\s+)*(?:assets|liabilities)\b(?!.*\b(?:changes?|acquired|assumed))|\breconciliation\s+of\s+cash\b"
    r"|\brecogni[sz]ed\s+in\s+(?:the\s+)?(?:accumulated|consolidated\s+balance|balance)\b"
    r"|^weighted[\s-]+average\s+(?:remaining\b.*\b(?:terms?|li(?:fe|ves))|discount\s+rates?)\b",
    re.IGNORECASE,
)


_CONSISTS = re.compile(
    r"^(?:.*\b(?:components|composition)\s+of\s+)?(?P<what>.+?)\s+(?:consists?|consisted|comprised?|comprises|(?:is|are|was|were)\s+comprised)\b"
    r"|\b(?:components|composition)\s+of\s+(?P<parts>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE = re.compile(r"(?<=[.;])\s+")


def role_of_subject(caption: Sequence[str]) -> Role | None:
    """Return what the sentence just above a table makes of rows that are parts of one thing, else None.

    "The provision for taxes on income consists of:" heads flows, whatever the parts are called.
    """
    last = _SENTENCE.split(caption[-1].strip())[-1] if caption else ""
    match = _CONSISTS.search(last)
    role = role_of(match["what"] or match["parts"]) if match is not None else None
    return role if role in ("stock", "flow") else None


@lru_cache(maxsize=1 << 12)
def role_of(label: str) -> Role | None:
    """Return what the words of a label make of its row; None where they leave it open."""
    return certain_role(label) or ("stock" if _COST_OF_STOCK.search(label) else _role_of_noun(label))


@lru_cache(maxsize=1 << 12)
def certain_role(label: str) -> Role | None:
    """Return what wording that means one thing alone makes of a row: "granted", "unvested", "end of year"."""
    if _DURING.search(label):
        return "flow"
    if _OPENING.search(label):
        return "opening"
    if _CLOSING.search(label):
        return "closing"
    if _FLOW_ANYWHERE.search(label):
        return "flow"
    return "stock" if _STOCK_ANYWHERE.search(label) else None


@lru_cache(maxsize=1 << 12)
def role_below(heading: str) -> Role | None:
    """Return what a heading makes of the rows below it, whatever their labels are about: parts of assets are stocks."""
    if _STOCKS_BELOW.search(heading):
        return "stock"
    return "flow" if _FLOWS_BELOW.search(heading) else None


def _role_of_noun(label: str) -> Role | None:
    label = _OTHER_SIGN.sub(" ", _TAKEN_OFF.sub("", label))
    label = _FIGURES.sub(" ", label).strip()
    match = _CUT.search(label, 1) if label else None
    words = [word.lower() for word in _WORD.findall(label[: match.start()] if match else label)]
    if not words:
        return None
    before = bool(_STOCK_BEFORE.intersection(words))
    for position, word in enumerate(reversed(words)):
        # A "notes issuance" is one or the other.
        is_compound = word.startswith("issuance") and bool(_STOCKS.intersection(words))
        if word in _NEITHER or is_compound:
            return None
        if word in _STOCKS:
            return "stock"
        # "Granted" flows; "acquired technology" does not.
        if word in _FLOWS and not (position and word.endswith("ed")):
            return "stock" if before and word not in ("expense", "expenses", "benefit", "provision") else "flow"
    return "stock" if before and len(words) > 1 else None
