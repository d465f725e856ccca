"""Verified results become figures and sentences; nothing here invents a number."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

from assistant.answer import Citation, Value
from assistant.execute import Operand, plain
from assistant.plan import Part
from assistant.quantity import PRECISION, PURE, Quantity
from index.asked_periods import AskedPeriod
from index.evidence import EvidenceLine
from index.wording import Display

SCALE_NAMES = {3: "thousands", 6: "millions", 9: "billions"}
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
BILLION_DECIMALS = 1
"""Decimals of an amount that was asked for in billions, where none are named: the usual way to print it."""
RATIO_DECIMALS = 2
PERCENT_DECIMALS = 1


def show_value(
    result: Quantity, kind: str, display: Display, operands: tuple[Operand, ...], part: Part | None, label: str
) -> tuple[Value, str]:
    """Return the Value to show and its printed form (``$1,577 million``).

    ``kind`` is what the result is (``money``, ``percent``, ``ratio``, ``days``, ``money/shares`` …). The
    scale and rounding are the question's where it names them, else those of the source.
    """
    unit, factor, decimals = _layout(result, kind, display, operands)
    with localcontext(prec=PRECISION):
        scaled = result.value / factor
    decimals = max(decimals, _first_place(scaled)) if display.decimals is None else decimals
    shown = round_half_up(scaled, decimals)
    value = Value(
        value=plain_fixed(shown, decimals),
        unit=unit,
        period=part.period.key if part else (operands[0].cell.key if operands else ""),
        label=label,
        company=part.company if part else (operands[0].line.company or "" if operands else ""),
        exact=plain(result.value),
    )
    return value, _printed(shown, decimals, unit)


def _layout(result: Quantity, kind: str, display: Display, operands: tuple[Operand, ...]) -> tuple[str, Decimal, int]:
    """The unit's name, what to divide the full value by, and how many decimals to show."""
    unit = result.unit
    if unit == PURE and kind == "points":
        return "percentage points", Decimal("0.01"), _or(display.decimals, PERCENT_DECIMALS)
    if unit == PURE:
        percent = kind == "percent" or (display.percent and kind not in ("ratio", "days"))
        percent = percent or (kind not in ("ratio", "days") and _one_percent_operand(operands))
        if percent:
            return "percent", Decimal("0.01"), _or(display.decimals, PERCENT_DECIMALS)
        return "days" if kind == "days" else "ratio", Decimal(1), _or(display.decimals, RATIO_DECIMALS)
    if unit is None:
        return "", Decimal(1), _or(display.decimals, _source_decimals(operands, 0))
    if unit.endswith("/shares"):
        return unit, Decimal(1), _or(display.decimals, 2)
    power = display.power if display.power is not None else _source_power(operands)
    name = f"{unit} {SCALE_NAMES[power]}" if power in SCALE_NAMES else unit
    default = BILLION_DECIMALS if power == display.power == 9 else _source_decimals(operands, power)
    return name, Decimal(1).scaleb(power), _or(display.decimals, default)


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _one_percent_operand(operands: tuple[Operand, ...]) -> bool:
    return len(operands) == 1 and operands[0].cell.unit == PURE and operands[0].cell.scale == -2


def _source_power(operands: tuple[Operand, ...]) -> int:
    """The scale in which the operands are printed; full units where they differ from the usual ones."""
    powers = [operand.cell.scale for operand in operands]
    power = max(powers, default=0)
    return power if power in SCALE_NAMES else 0


def _source_decimals(operands: tuple[Operand, ...], power: int) -> int:
    """As many decimals as the most exact operand prints at this scale, four at most."""
    places = 0
    for operand in operands:
        digits = operand.cell.printed.split(".")[1] if "." in operand.cell.printed else ""
        printed = sum(character.isdigit() for character in digits)
        places = max(places, printed + power - operand.cell.scale)
    return min(max(places, 0), 4)


def _first_place(value: Decimal) -> int:
    """How many decimals show at least one digit of ``value``: what is not zero is not shown as zero."""
    return max(-value.adjusted(), 0) if value else 0


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round as accountants do: a half goes away from zero."""
    with localcontext(prec=2 * PRECISION):
        return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def plain_fixed(value: Decimal, decimals: int) -> str:
    """Write a rounded value with exactly ``decimals`` decimals and no separators."""
    return f"{value:.{decimals}f}"


def _printed(shown: Decimal, decimals: int, unit: str) -> str:
    """``$1,577 million``, ``-3.2 %``, ``24.26``: the figure as it stands in a sentence."""
    number = f"{abs(shown):,.{decimals}f}"
    minus = "-" if shown < 0 else ""
    if unit == "percent":
        return f"{minus}{number}%"
    if unit in ("ratio", ""):
        return f"{minus}{number}"
    if unit in ("days", "percentage points"):
        return f"{minus}{number} {unit}"
    if unit.endswith("/shares"):
        return f"{minus}{_sign(unit.split('/')[0])}{number}"
    currency, _, scale = unit.partition(" ")
    suffix = f" {scale.removesuffix('s')}" if scale else ""
    if currency == "shares":
        return f"{minus}{number}{suffix} shares"
    return f"{minus}{_sign(currency)}{number}{suffix}"


def _sign(currency: str) -> str:
    return SIGNS.get(currency, f"{currency} ")


def sentence(company: str, label: str, period: AskedPeriod | str, printed: str, marks: str) -> str:
    """``3M Company, FY2018: capital expenditures $1,577 million [1]``."""
    when = period.describe() if isinstance(period, AskedPeriod) else period
    return f"{company}, {when}: {label} {printed} {marks}".rstrip()


def cite_operand(operand: Operand) -> Citation:
    """Return the citation of one figure."""
    cell, line = operand.cell, operand.line
    negated = cell.printed.startswith(("(", "-", "$(", "−")) and cell.value > 0
    return Citation(
        id=line.id,
        filing=line.filing_id,
        source=line.source,
        page=cell.span.physical_page,
        page_label=cell.span.page_label,
        box=cell.span.box,
        element=cell.span.element,
        chars=cell.span.chars,
        quote=cell.printed,
        label=line.label,
        key=cell.key,
        tag=cell.tag,
        title=line.title,
        note=_note(cell.scale, negated),
    )


def _note(scale: int, negated: bool) -> str:
    """What a reader of the bare figure must know: its scale, and that its parentheses are no minus here."""
    known = [f"in {SCALE_NAMES[scale]}"] if scale in SCALE_NAMES else []
    return "; ".join([*known, *(["printed as a deduction, in parentheses"] if negated else [])])


def cite_line(line: EvidenceLine) -> Citation:
    """Return the citation of a quoted line."""
    return Citation(
        id=line.id,
        filing=line.filing_id,
        source=line.source,
        page=line.span.physical_page,
        page_label=line.span.page_label,
        box=line.span.box,
        element=line.span.element,
        chars=line.span.chars,
        quote=line.describe(),
        label=line.label if line.kind == "row" else "",
        title=line.title,
    )


def describe_operand(operand: Operand) -> tuple[str, str]:
    """How a figure enters the calculation: where it is read, and the full value."""
    cell, line = operand.cell, operand.line
    scale = f", in {SCALE_NAMES[cell.scale]}" if cell.scale in SCALE_NAMES else ""
    where = f"{line.source}, page {cell.span.physical_page}"
    return f"read {line.id}[{cell.key}] “{line.label}”: {cell.printed}{scale} ({where})", plain(cell.value)
