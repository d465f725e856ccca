"""Units and scale: "(In millions, except per share amounts)" and what it means for each row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.figures import Figure

POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
"""Printed words of scale and the power of ten that they stand for."""

_SCALE = re.compile(
    r"""(?:\(|^|\bin\s|\bof\s|\$\s?in\s|[-–—,]\s)\s*(?:US\s*)?(?:[$€£]\s*)?(?:u\.s\.\s+)?
    (?:dollars?\s+)?(?:and\s+shares\s+)?(?:amounts?\s+)?(?:are\s+)?(?:in\s+)?
    (thousand|million|billion)s?\b(?!\s+(?:shares|of\s+shares))""",
    re.IGNORECASE | re.VERBOSE,
)
_ZEROS = re.compile(r"(?<![\d.,])0{3}(?:[’']?s)?(?:\s+omitted)?\b", re.IGNORECASE)
_SHARE_SCALE = re.compile(
    r"(?<!per )(?<!per-)(?<!dollars and )\b(?:shares?|options|units)\b(?:\s+(?:amounts?|data|numbers?|counts?))?"
    r"(?:,?\s+which)?\s+(?:are\s+|is\s+)?"
    r"(?:reflected\s+|stated\s+|presented\s+|expressed\s+)?in\s+(thousand|million)s?\b|\b(thousand|million)s?\s+of\s+shares",
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\bexcept\b(.*)$", re.IGNORECASE | re.DOTALL)
_SHARES_TOO = re.compile(r"\band\s+shares?\b|\bshares?\s+and\b", re.IGNORECASE)
_PER_SHARE = re.compile(
    r"\bper[\s-]+(?:[\w-]+\s+){0,6}?(?:share|unit)\b|\beps\b|\b(?:exercise|grant|strike|issue|conversion|offering)\s+price\b"
    r"|\bweighted[\s-]+average\s+(?:[\w-]+\s+){0,3}?(?:fair\s+value|price)\b",
    re.IGNORECASE,
)
_RATE_PER_SHARE = re.compile(
    r"[(,–—-]?\s*[$€£]\s*[\d.,]+\s*(?:per|/)\s*(?:[\w-]+\s+){0,3}?share\b[^)]*\)?", re.IGNORECASE
)
"""The amount per share that a label names beside the total that its row prints: "Dividends ($1.39 per share)"."""

_PAR_VALUE = re.compile(
    r"\bpar\b|\bstated\s+value\b|^(?:common|preferred|capital)\s+(?:stock|shares)\s*[,(—–-]+\s*\$", re.IGNORECASE
)
_SHARES = re.compile(
    r"^(?:weighted[\s-]+average\s+|average\s+|number\s+of\s+|common\s+|diluted\s+|basic\s+)*shares?\b"
    r"|\bshares?\s+(?:used|outstanding)\b|\bnumber\s+of\s+shares\b|\bshares?\b[^.]*\b(?:in|for)\s+(?:computing|calculating|per)",
    re.IGNORECASE,
)
_USED_IN = re.compile(
    r"\b(?:used|for|in)\s+(?:in\s+|to\s+|for\s+)?(?:the\s+)?(?:comput|calculat|determin)", re.IGNORECASE
)
_SHARES = re.compile(r"\bshares?\b|\bunits outstanding\b", re.IGNORECASE)
_AVERAGE_OUTSTANDING = re.compile(r"\bweighted[\s-]+average\b.*\boutstanding\b|^denominator\b", re.IGNORECASE)
_NOT_SHARES = re.compile(
    r"\bshare[-\s]based\b|\bshareholders?\b|\bshares?\s+(?:of|in)\s+(?:earnings|income|loss|profit)"
    r"|^(?:common|ordinary|preferred|preference|treasury)\s+shares(?!.*\b(?:outstanding|issued|used|equivalents?)\b)",
    re.IGNORECASE,
)
_MONEY_IN_SHARES = re.compile(
    r"\b(?:repurchases?|purchases?|issuances?|proceeds|payments?|cost|value|stock|withheld|compensation|tax|price|dividends?"
    r"|income|earnings)\b",
    re.IGNORECASE,
)
_SHARES_COLUMN = re.compile(
    r"\bnumber\s+of\s+(?:[\w-]+\s+){0,2}(?:shares|options|units|awards|rsus|psus|sars|securities)\b"
    r"|^(?:outstanding\s+|exercisable\s+)?(?:options|rsus|psus|units)$|^shares\b(?!\s+of\b)|\bshares(?:\s*\([^)]*\))*$"
    r"|\bshares\s+(?:authorized|issued|outstanding|granted|subject)\b",
    re.IGNORECASE,
)
_IN_SHARES = re.compile(
    r"\b(?:repurchases?|purchases?|issuances?|proceeds|payments?|cost|value|stock|withheld|compensation|tax|price|dividends?"
    r"|income|earnings)\b",
    re.IGNORECASE,
)
_SHARES_COLUMN = re.compile(
    r"\bnumber\s+of\s+(?:[\w-]+\s+){0,2}(?:options|units|awards|rsus|psus|sars|securities)\b"
    r"|^(?:outstanding\s+|exercisable\s+)?(?:options|rsus|psus|units)$|\bnumber\s+of\s+(?:[\w-]+\s+){0,2}shares\b|^shares\b(?!\s+of\b)|\bshares(?:\s*\([^)]*\))*$"
    r"|\bshares\s+(?:authorized|issued|outstanding|granted|subject)\b",
    re.IGNORECASE,
)
_IN_SHARES = re.compile(r"\(in shares\)", re.IGNORECASE)
"""What labels of the SEC's taxonomies end with where they count shares."""
_VALUED = re.compile(r"\b(?:values?|prices?|amounts?|cost|proceeds|life|term|years?)\b", re.IGNORECASE)
_COUNT = re.compile(
    r"^(?:number\s+of|total\s+number\s+of|headcount|employees|full[-\s]time)\b|\b(?:stores|warehouses|restaurants|locations)\s+"
    r"(?:open|in operation|at)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"(?:^|[^\d\s])\s*(?:%|\bpercent(?:age)?\b)|\b(?:tax|interest|discount|growth|statutory)\s+rates?\b"
    r"|^(?:expected\s+)?(?:long-term\s+)?rate\s+of\b|^(?:effective|tax|interest|discount)?\s*rates?\s*:?$",
    re.IGNORECASE,
)
_EFFECT = re.compile(r"\b(?:changes?|effects?|impact|swaps?|contracts?|differential)\b", re.IGNORECASE)
WHOLE_SHARES = Decimal(10_000_000)
"""A share count printed with as many as this is whole, whatever the scale of the table: no company has
ten million million shares."""
LARGE_PER_SHARE = Decimal(1000)
"""An amount per share of so much is printed with its cents, or is none: "net income for diluted EPS  39,098"."""
FEW_SHARES = Decimal(10_000)
"""A share count with fewer than this is in the scale of the table even where that excepts shares."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale that a table states. ``power`` and ``share_power`` are powers of ten; ``source`` the text."""

    power: int
    share_power: int | None
    source: str
    only_shares: bool = False
    """Whether ``source`` speaks of shares and of no amounts, as the head "(Shares in thousands)" does."""


@lru_cache(maxsize=1 << 12)
def find_scale(text: str) -> Scale | None:
    """Return the scale that ``text`` states, or None; only wording that speaks of a whole table counts."""
    match = _SCALE.search(_SHARE_SCALE.sub(" ", text))
    if match is not None:
        power = POWERS[match[1].lower()]
    elif _ZEROS.search(text):
        power = 3
    else:
        return None
    return Scale(power, _stated_share_power(text, power), " ".join(text.split()))


@lru_cache(maxsize=1 << 12)
def find_share_power(text: str) -> int | None:
    """Return the power of ten in which ``text`` says that shares are counted, or None."""
    shares = _SHARE_SCALE.search(text)
    return POWERS[(shares[1] or shares[2]).lower()] if shares is not None else None


def _stated_share_power(text: str, power: int) -> int | None:
    """As stated apart; 0 where shares are excepted from the scale; that of the amounts where it names both."""
    apart = find_share_power(text)
    if apart is not None:
        return apart
    excepted = _EXCEPT.search(text)
    if excepted is not None and _SHARES.search(_PER_SHARE.sub(" ", excepted[1])):
        return 0
    return power if _SHARES_TOO.search(text) else None


def unit_and_scale(
    figure: Figure,
    label: str,
    path: tuple[str, ...],
    column: str,
    table: Scale | None,
    currency: str,
    largest: Decimal = Decimal(0),
) -> tuple[str | None, int]:
    """Return the unit of one cell and the power of ten by which it is printed.

    The row's own label decides before the headings that it stands under (``path``, nearest last), those
    before the head of the column, and that before the table. ``largest`` is the largest count of shares in the
    column: they are all in the same scale.
    """
    power = table.power if table else 0
    if figure.percent or (figure.currency is None and "%" in column):
        return "pure", -2
    per_share = f"{figure.currency or currency}/shares"
    if _is_per_share(column) and _kind(label) != "per share":
        return per_share, 0
    for text in (label, *reversed(path)):
        kind = _kind(text)
        if kind == "per share" and (_has_cents(figure) or (text is label and not _is_large(figure))):
            return per_share, 0
        if kind == "shares" and figure.currency is None:
            apart = next(
                (found for each in (text, *reversed(path)) if (found := find_share_power(each)) is not None), None
            )
            return "shares", _share_power(figure, text, table, power, largest) if apart is None else apart
        if text is label and figure.currency is None and _COUNT.search(label):
            return None, 0
        if _is_percentage(figure, text):
            return "pure", -2
    if _is_per_share(column):
        return per_share, 0
    if figure.currency is None:
        if _SHARES_COLUMN.search(column) or (table is not None and table.only_shares and not _VALUED.search(column)):
            return "shares", _share_power(figure, column, table, power, largest)
        if _COUNT.search(column):
            return None, 0
    own = find_scale(label) or find_scale(column)
    unit = figure.currency or (currency if table is not None else None)
    return unit, own.power if own else power


@lru_cache(maxsize=1 << 12)
def counts_shares(text: str) -> bool:
    """Whether a label, or the head of a column, is about numbers of shares."""
    return _kind(text) == "shares" or bool(_SHARES_COLUMN.search(text))


def _is_per_share(column: str) -> bool:
    return bool(_PER_SHARE.search(column)) and not _PAR_VALUE.search(column)


def _is_percentage(figure: Figure, text: str) -> bool:
    """Whether a figure without a sign is a percentage because its label or heading speaks of a rate."""
    return figure.currency is None and _is_rate(text) and figure.number is not None and abs(figure.number) <= 100


def _is_large(figure: Figure) -> bool:
    return figure.number is not None and abs(figure.number) >= LARGE_PER_SHARE


def _has_cents(figure: Figure) -> bool:
    """Whether a figure may be an amount per share: below a heading that speaks of them stand whole amounts too."""
    return figure.number is None or not figure.number or int(figure.number.as_tuple().exponent) < 0


@lru_cache(maxsize=1 << 12)
def _kind(text: str) -> str | None:
    """Whether a label speaks of amounts per share or of shares; "shares used in earnings per share" are shares."""
    if _IN_SHARES.search(text):
        return "shares"
    if _PAR_VALUE.search(text):
        return None
    text = _RATE_PER_SHARE.sub(" ", text)
    per_share = _PER_SHARE.search(text)
    counted = text[: per_share.start()] if per_share else text
    if _is_share_count(_USED_IN.split(counted)[0]):
        return "shares"
    return "per share" if per_share else None


def _is_share_count(text: str) -> bool:
    if _AVERAGE_OUTSTANDING.search(text):
        return True
    return bool(_SHARES.search(text)) and not _NOT_SHARES.search(text) and not _MONEY_IN_SHARES.search(text)


@lru_cache(maxsize=1 << 12)
def _is_rate(label: str) -> bool:
    return bool(_PERCENT.search(label)) and not _EFFECT.search(label)


def _share_power(figure: Figure, text: str, table: Scale | None, power: int, largest: Decimal) -> int:
    own = find_share_power(text)
    if own is not None:
        return own
    scale = find_scale(text)
    if scale is not None:
        return scale.power
    number = abs(figure.number) if figure.number is not None else Decimal(0)
    if table is not None and table.share_power is not None:
        return power if table.share_power == 0 and max(number, largest) < FEW_SHARES else table.share_power
    return 0 if max(number, largest) >= WHOLE_SHARES else power
