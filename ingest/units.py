"""The unit of a cell, and the power of ten by which it is printed, as its label, headings, column and table tell."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from ingest.figures import Figure
from ingest.filing import Statement
from ingest.scale import PER_SHARE, Scale, find_scale, find_share_power

WHOLE_SHARES = Decimal(10_000_000)
"""A share count printed with as many as this is whole, whatever the scale of the table: no company has
ten million million shares."""
LARGE_PER_SHARE = Decimal(1000)
"""An amount per share of so much is printed with its cents, or is none: "net income for diluted EPS  39,098"."""
FEW_SHARES = Decimal(10_000)
"""A share count with fewer than this is in the scale of the table even where that excepts shares."""
WHOLE_AMOUNT = Decimal(10) ** 15
"""No company has so much of a currency: an amount that would be as much is not in the scale of the statements."""
LONGEST_TIME = Decimal(1000)
"""A term of so many years, months or days is an amount."""

_RATE_PER_SHARE = re.compile(
    r"[(,–—-]?\s*[$€£]\s*[\d.,]+\s*(?:per|/)\s*(?:[\w-]+\s+){0,3}?share\b[^)]*\)?", re.IGNORECASE
)
"""The amount per share that a label names beside the total that its row prints: "Dividends ($1.39 per share)"."""
_PAR_VALUE = re.compile(
    r"\bpar\b|\bstated\s+value\b|^(?:common|preferred|capital)\s+(?:stock|shares)\s*[,(—–-]+\s*\$"
    r"|\bshares\s*[—–-]+\s*(?:none|[\d.,]+)",
    re.IGNORECASE,
)
_USED_IN = re.compile(
    r"\b(?:used|for|in)\s+(?:in\s+|to\s+|for\s+)?(?:the\s+)?(?:comput|calculat|determin)|\b(?:under|pursuant)\b",
    re.IGNORECASE,
)
_SHARES = re.compile(
    r"\bshares\b|\b(?:common|ordinary|preferred|average)\s+share\b|\bshare\s+equivalents?\b|\bunits outstanding\b"
    r"|^(?:awards?|options?|units?|RSUs?|PSUs?)\s+(?:granted|vested|forfeited|cancell?ed|exercised|expired|outstanding)\b",
    re.IGNORECASE,
)
_NUMBER_OF_SHARES = re.compile(
    r"^(?:total\s+)?number\s+of\s+(?:[\w-]+\s+){0,3}(?:shares|options|awards|units)\b|\bscheduled\s+vesting\b",
    re.IGNORECASE,
)
_AVERAGE_OUTSTANDING = re.compile(r"\bweighted[\s-]+average\b.*\boutstanding\b|^denominator\b", re.IGNORECASE)
_DILUTIVE = re.compile(
    r"\b(?:effect|impact|number)\s+of\s+(?:[\w-]+\s+){0,3}dilutive\b|\bdilutive\s+(?:[\w-]+\s+){0,2}effects?\b"
    r"|\banti-?dilutive\b",
    re.IGNORECASE,
)
_NUMERATOR = re.compile(r"^numerator\b", re.IGNORECASE)
_NOT_SHARES = re.compile(
    r"\bshare[-\s]based\b|\bshareholders?\b|\bshares?\s+(?:of|in)\s+(?:earnings|income|loss|profit)"
    r"|^(?:common|ordinary|preferred|preference|treasury)\s+shares(?!.*\b(?:outstanding|issued|used|equivalents?)\b)",
    re.IGNORECASE,
)
_MONEY_IN_SHARES = re.compile(
    r"\b(?:repurchases?|purchases?|issuances?|proceeds|payments?|cost|value|stock|withheld|compensation|tax|taxes|price"
    r"|dividends?|income|earnings|equity)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\b(?:income|loss|earnings|interest|dividends?|expenses?)\b", re.IGNORECASE)
_SHARES_COLUMN = re.compile(
    r"\bnumber\s+of\s+(?:[\w-]+\s+){0,2}(?:options|units|awards|rsus|psus|sars|securities)\b"
    r"|^(?:outstanding\s+|exercisable\s+)?(?:options|rsus|psus|units)$|\bnumber\s+of\s+(?:[\w-]+\s+){0,2}shares\b|^shares\b(?!\s+of\b)|\bshares(?:\s*\([^)]*\))*$"
    r"|\bshares\s+(?:authorized|issued|outstanding|granted|subject)\b",
    re.IGNORECASE,
)
_MONEY_COLUMN = re.compile(r"(?:\b(?:amounts?|values?|costs?)|[$€£])\W*$", re.IGNORECASE)
_EQUITY_COLUMN = re.compile(
    r"\b(?:capital|earnings|deficit|equity|income|loss|interests?|total|amounts?|par|treasury\s+stock|common\s+stock)\b",
    re.IGNORECASE,
)
"""The heads of a statement of equity over amounts of money; another's columns are periods."""
_CLASS_OF_STOCK = re.compile(r"\b(?:common|ordinary|preferred|capital)\s+(?:stock|shares)\b", re.IGNORECASE)
_OUTSTANDING = re.compile(r"\boutstanding\s+(?:as\s+of|at|on)\b", re.IGNORECASE)
_IN_SHARES = re.compile(r"\(in shares\)", re.IGNORECASE)
"""What labels of the SEC's taxonomies end with where they count shares."""
_VALUED = re.compile(r"\b(?:values?|prices?|amounts?|cost|proceeds|life|term|years?)\b", re.IGNORECASE)
_WORTH = re.compile(r"\b(?:values?|prices?|amounts?)\b", re.IGNORECASE)
_COUNT = re.compile(
    r"^(?:number\s+of|total\s+number\s+of|headcount|employees|full[-\s]time)\b|\b(?:stores|warehouses|restaurants|locations)\s+"
    r"(?:open|in operation|at)\b",
    re.IGNORECASE,
)
_OTHER_MEASURE = re.compile(
    r"\((?:in\s+)?(?:(?:thousands?|millions?|billions?)\s+(?:of\s+)?)?(?:barrels?|bbls?|boe|mmbtus?|mmbtu|mcf|bcf|tcf|[kmgt]wh?"
    r"|megawatts?|gigawatts?|megawatt[\s-]hours?|cubic\s+(?:feet|meters?)|(?:metric\s+|short\s+|long\s+)?tons?|tonnes?"
    r"|(?:troy\s+)?ounces?|pounds?|gallons?|lit(?:er|re)s?|bushels?|acres?|square\s+(?:feet|met(?:er|re)s?)|units?)\)",
    re.IGNORECASE,
)
"""What a label names as its measure that is neither money nor shares; it is in the scale of the table."""
_TIME = re.compile(
    r"(?:\((?:in\s+)?(?:years?|months?|weeks?|days?)\)|\bin\s+(?:years|months|weeks|days))\W*$"
    r"|\b(?:remaining|expected|contractual|estimated|useful|average)\s+(?:[\w-]+\s+){0,3}?(?:terms?|li(?:fe|ves)|periods?)\b"
    r"(?!.*\b(?:assets?|liabilit|debt|loans?|value|costs?|expenses?))|^days\s+(?:of\s+)?(?:sales|inventory|payables?|cash)\b",
    re.IGNORECASE,
)
"""What is measured in time: a term, "(in years)"; "at end of year" is not."""
_RATIO = re.compile(r"\bratio\s+of\b.*\bto\b|-to-.*\bratio\b|\b(?:current|quick|coverage)\s+ratio\b", re.IGNORECASE)
_SHARE_OF_ONE = re.compile(r"\bratios?\b|\bvolatility\b|\bdividend\s+yield\b", re.IGNORECASE)
"""Without a sign these are printed as percentages by some and as fractions by others."""
_PERCENT = re.compile(
    r"(?:^|[^\d\s])\s*(?:%|\bpercent(?:age)?\b)"
    r"|\b(?:tax|interest|discount|growth|statutory|trend|borrowing|coupon)\s+rates?"
    r"(?=\W*$|\s*[(,;:–—]|\s+(?:at|of|on|for|used|as|in|to|before|after|per|assum\w+|range|paid|payable)\b|\s+\d)"
    r"|^(?:expected\s+)?(?:long-term\s+)?rate\s+of\b|^(?:effective|tax|interest|discount)?\s*rates?\s*:?$",
    re.IGNORECASE,
)
"""A rate as such: "interest rate on notes"; "interest rate swaps" and "floating interest rate debt" are amounts."""
_MEASURES = (
    ("count", _COUNT),
    ("other", _OTHER_MEASURE),
    ("time", _TIME),
    ("ratio", _RATIO),
    ("rate", _PERCENT),
    ("share of one", _SHARE_OF_ONE),
)
_EFFECT = re.compile(r"\b(?:changes?|effects?|impact|swaps?|contracts?|differential)\b", re.IGNORECASE)


def unit_and_scale(
    figure: Figure,
    label: str,
    path: tuple[str, ...],
    column: str,
    table: Scale | None,
    currency: str,
    largest: Decimal = Decimal(0),
    statement: Statement | None = None,
) -> tuple[str | None, int]:
    """Return the unit of one cell and the power of ten by which it is printed.

    The row's own label decides before the headings that it stands under (``path``, nearest last), those
    before the head of the column, and that before the table. ``largest`` is the largest count of shares in the
    column: they are all in the same scale. In a statement of cash flows all figures without a unit of their own are
    money, in one of equity those below heads of money.
    """
    if figure.term:
        return None, 0
    if figure.percent or (figure.currency is None and "%" in column):
        return "pure", -2
    own = _of_words(figure, label, path, column, table, currency, largest, statement)
    if own is not None:
        return own
    stated = find_scale(label) or find_scale(column)
    unit = figure.currency or (currency if table is not None else None)
    if stated is not None:
        return unit, stated.power
    power = table.power if table else 0
    if table is not None and table.inherited and _is_whole(figure, power):
        power = 0
    return unit, power


def _of_words(
    figure: Figure,
    label: str,
    path: tuple[str, ...],
    column: str,
    table: Scale | None,
    currency: str,
    largest: Decimal,
    statement: Statement | None,
) -> tuple[str | None, int] | None:
    """The unit and scale that words give; None where the cell is in the unit and scale of its table."""
    power = table.power if table else 0
    per_share = f"{figure.currency or currency}/shares"
    if _is_per_share(column) and _kind(label) != "per share":
        return per_share, 0
    money = figure.currency is not None or _is_money_column(column, statement)
    for text in (label, *reversed(path)):
        kind = _kind(text)
        if kind == "money":
            break
        if kind == "per share" and (_has_cents(figure) or (text is label and not _is_large(figure))):
            return per_share, 0
        if kind == "shares" and not money:
            apart = next(
                (found for each in (text, *reversed(path)) if (found := find_share_power(each)) is not None), None
            )
            return "shares", _share_power(figure, text, table, power, largest) if apart is None else apart
        if figure.currency is None and (told := _other_measure(figure, text, power, own=text is label)) is not None:
            return told
    if _is_per_share(column):
        return per_share, 0
    return None if figure.currency is not None else _of_column(figure, label, column, table, power, largest)


def _other_measure(figure: Figure, text: str, power: int, *, own: bool) -> tuple[str | None, int] | None:
    """Units that are neither money nor shares, of a figure without a currency sign."""
    measures = _measures(text)
    if not measures:
        return None
    small = figure.number is not None and abs(figure.number) < LONGEST_TIME
    if own and "count" in measures:
        return None, 0
    if own and "other" in measures:
        stated = find_scale(text)
        return None, stated.power if stated else power
    if "time" in measures and small:
        return None, 0
    if "ratio" in measures and small:
        return "pure", 0
    if "rate" in measures and figure.number is not None and abs(figure.number) <= 100:
        return "pure", -2
    return (None, 0) if "share of one" in measures and small else None


@lru_cache(maxsize=1 << 12)
def _measures(text: str) -> frozenset[str]:
    """What a label, heading or head of a column may be a measure of, besides money and shares."""
    found = {name for name, pattern in _MEASURES if pattern.search(text)}
    return frozenset(found - {"rate"} if _EFFECT.search(text) else found)


def _of_column(
    figure: Figure, label: str, column: str, table: Scale | None, power: int, largest: Decimal
) -> tuple[str | None, int] | None:
    """What the head of the column, or the table, tells of a figure without a currency sign and a telling label."""
    counted = table is not None and table.only_shares and not _VALUED.search(column) and not _WORTH.search(label)
    if _heads_shares(column) or counted or (_OUTSTANDING.search(column) and _CLASS_OF_STOCK.search(label)):
        return "shares", _share_power(figure, column, table, power, largest)
    if "count" in _measures(column):
        return None, 0
    told = _other_measure(figure, column, power, own=False)
    return told if told is not None and told[0] is None else None


@lru_cache(maxsize=1 << 12)
def _heads_shares(text: str) -> bool:
    return bool(_SHARES_COLUMN.search(text))


@lru_cache(maxsize=1 << 12)
def counts_shares(text: str) -> bool:
    """Whether a label, or the head of a column, is about numbers of shares."""
    return _kind(text) == "shares" or _heads_shares(text)


def counting_shares(scale: Scale) -> Scale:
    """Return the scale of a table that counts shares and no amounts: it is that of its shares."""
    return replace(scale, only_shares=True, share_power=scale.power if scale.share_power is None else scale.share_power)


def _is_whole(figure: Figure, power: int) -> bool:
    """Whether a figure cannot be in the scale of the statements: it is too large, or has cents."""
    if figure.number is None:
        return False
    cents = figure.currency is not None and figure.number.as_tuple().exponent == -2 and power > 0
    return cents or abs(figure.number.scaleb(power)) >= WHOLE_AMOUNT


@lru_cache(maxsize=1 << 10)
def _is_money_column(column: str, statement: Statement | None) -> bool:
    if _heads_shares(column):
        return False
    if statement == "cash_flow":
        return True
    return bool(_MONEY_COLUMN.search(column)) or (statement == "equity" and bool(_EQUITY_COLUMN.search(column)))


@lru_cache(maxsize=1 << 10)
def _is_per_share(column: str) -> bool:
    return bool(PER_SHARE.search(column)) and not _PAR_VALUE.search(column)


def _is_large(figure: Figure) -> bool:
    return figure.number is not None and abs(figure.number) >= LARGE_PER_SHARE


def _has_cents(figure: Figure) -> bool:
    """Whether a figure may be an amount per share: below a heading that speaks of them stand whole amounts too."""
    return figure.number is None or not figure.number or int(figure.number.as_tuple().exponent) < 0


@lru_cache(maxsize=1 << 12)
def _kind(text: str) -> str | None:
    """Whether a label speaks of amounts per share, of shares or of money; None where it leaves that open.

    "Shares used in earnings per share" are shares; the numerator of a calculation per share is money.
    """
    if _IN_SHARES.search(text) or _NUMBER_OF_SHARES.search(text):
        return "shares"
    if _NUMERATOR.search(text):
        return "money"
    if _PAR_VALUE.search(text):
        return None
    if _DILUTIVE.search(text) and not _MONEY.search(PER_SHARE.sub(" ", text).partition("excluded")[0]):
        return "shares"
    text = _RATE_PER_SHARE.sub(" ", text)
    per_share = PER_SHARE.search(text)
    counted = text[: per_share.start()] if per_share else text
    if _is_share_count(_USED_IN.split(counted)[0]):
        return "shares"
    return "per share" if per_share else None


def _is_share_count(text: str) -> bool:
    if _AVERAGE_OUTSTANDING.search(text):
        return True
    return bool(_SHARES.search(text)) and not _NOT_SHARES.search(text) and not _MONEY_IN_SHARES.search(text)


def _share_power(figure: Figure, text: str, table: Scale | None, power: int, largest: Decimal) -> int:
    own = find_share_power(text)
    if own is not None:
        return own
    scale = find_scale(text)
    if scale is not None:
        return scale.power
    number = abs(figure.number) if figure.number is not None else Decimal(0)
    if table is not None and table.share_power is not None and number < WHOLE_SHARES.scaleb(3):
        return power if table.share_power == 0 and max(number, largest) < FEW_SHARES else table.share_power
    return 0 if max(number, largest) >= WHOLE_SHARES else power
