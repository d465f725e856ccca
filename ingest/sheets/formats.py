"""What a spreadsheet shows for a stored number: the format of its cell tells currency, percent, scale or a date.

Format codes are those of Office Open XML (ECMA-376, part 1, 18.8.30). Digits are never rounded: what is shown
keeps the precision that is stored, for figures are to be computed with.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation, localcontext

BUILT_IN = {
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    14: "m/d/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    22: "m/d/yyyy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);(#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);(#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
}
"""The formats that a workbook may name by number without giving their codes."""

DIGITS = 15
"""Significant digits that a spreadsheet keeps; those stored beyond are noise of binary fractions."""
GREATEST_POWER = 308
"""The power of ten of the greatest number that a spreadsheet can hold."""
LATEST_DAY = 2_958_465
"""The number of 31 December 9999."""

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_BRACKETS = re.compile(r"\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]")
_PLACES = re.compile(r"[#0?]")
_CURRENCY = re.compile(r"[$£€¥]")
_DATE_PARTS = re.compile(r"[ymdhs]", re.IGNORECASE)
_SCALED = re.compile(r"[#0?](,+)(?![#0?,])")


def shown(stored: str, code: str, *, from_1904: bool = False) -> str:
    """Return what is shown for the stored number under a format code, as it would be typed in a report.

    A number that is not one is shown as it is stored.
    """
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return stored
    if not number.is_finite() or abs(number.adjusted()) > GREATEST_POWER:
        return stored
    value = _without_noise(number)
    section = _section(code, value)
    literals = "".join(match.group(1) or match.group(2) or "" for match in _QUOTED.finditer(section))
    currencies = [match.group(1) for match in _BRACKETS.finditer(section) if match.group(1)]
    bare = _QUOTED.sub("", _BRACKETS.sub("", section))
    if _DATE_PARTS.search(bare.replace("General", "")):
        return _day(value, bare, from_1904=from_1904) or f"{value:f}"
    if value == 0 and section and not _PLACES.search(bare) and "General" not in bare:
        return literals.strip() or "-"
    scaled = _SCALED.search(bare)
    size = abs(value).scaleb(-3 * len(scaled.group(1)) if scaled else 0)
    size = size.scaleb(2) if "%" in bare else size
    text = f"{size.normalize():,f}" if "," in bare else f"{size.normalize():f}"
    sign = _CURRENCY.search(literals + bare + "".join(currencies))
    text = (sign.group() if sign else "") + text + ("%" if "%" in bare + literals else "")
    return (f"({text})" if "(" in bare + literals else f"-{text}") if value < 0 else text


def _without_noise(value: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = DIGITS
        return +value


def _section(code: str, value: Decimal) -> str:
    """The part of a format code that holds for the value: positive; negative; zero; text."""
    sections = _split(code)
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _split(code: str) -> list[str]:
    sections, quoted = [""], False
    for character in code:
        quoted = quoted != (character == '"')
        if character == ";" and not quoted:
            sections.append("")
        else:
            sections[-1] += character
    return sections


def _day(value: Decimal, code: str, *, from_1904: bool) -> str | None:
    """A day as far as the format shows it: the whole, a month and year, or a year; None for a time of day."""
    serial = int(value)
    if not 0 < serial <= LATEST_DAY or not re.search(r"[yd]|mmm", code, re.IGNORECASE):
        return None
    # A leap day that 1900 did not have is counted, as the first spreadsheets did.
    origin = date(1904, 1, 1) if from_1904 else date(1899, 12, 30) if serial > 59 else date(1899, 12, 31)
    day = origin + timedelta(days=serial)
    if "d" in code.lower():
        return f"{day:%B} {day.day}, {day.year}"
    return f"{day:%B} {day.year}" if "m" in code.lower() else str(day.year)
