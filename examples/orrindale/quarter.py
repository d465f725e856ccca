"""Orrindale's fourth quarters of 2024 and 2023, and the adjustments of its earnings release, in millions."""

from __future__ import annotations

from decimal import Decimal

from press.series import Series, of, total

from orrindale.income import Figures


def quarter() -> Figures:
    """Give the figures of the fourth quarter, 2024 first, under the same names as those of the year."""
    book = {
        "analytical_sales": of("293.4", "281.6"),
        "life_sales": of("164.6", "148.9"),
        "service_sales": of("188.2", "177.6"),
        "cost_of_sales": of("300.4", "287.2"),
        "research": of("50.6", "46.9"),
        "selling": of("168.9", "149.7"),
        "amortization": of("13.1", "9.8"),
        "restructuring": of("3.4", "0"),
        "interest_expense": of("10.4", "8.0"),
        "interest_income": of("2.2", "2.1"),
        "other_income": of("0.7", "-0.6"),
        "income_tax": of("20.9", "21.4"),
        "basic_shares": of("61.4", "62.3"),
        "diluted_shares": of("62.1", "63.0"),
        "dividend": of("0.33", "0.30"),
        "analytical_income": of("68.1", "64.9"),
        "life_income": of("32.4", "26.0"),
        "service_income": of("54.8", "48.1"),
    }
    sales = total(book["analytical_sales"], book["life_sales"], book["service_sales"])
    gross = sales - book["cost_of_sales"]
    expenses = total(*(book[name] for name in ("research", "selling", "amortization", "restructuring")))
    operating = gross - expenses
    pretax = operating - book["interest_expense"] + book["interest_income"] + book["other_income"]
    net = pretax - book["income_tax"]
    segments = total(book["analytical_income"], book["life_income"], book["service_income"])
    return book | {
        "net_sales": sales,
        "gross_profit": gross,
        "operating_expenses": expenses,
        "operating_income": operating,
        "pretax_income": pretax,
        "net_income": net,
        "basic_eps": net.over(book["basic_shares"]),
        "diluted_eps": net.over(book["diluted_shares"]),
        "segment_income": segments,
        "corporate": segments - book["amortization"] - book["restructuring"] - operating,
    }


def both(year: Figures) -> Figures:
    """Give quarter and year side by side: fourth quarters of 2024 and 2023, years 2024 and 2023."""
    short = quarter()
    joined = {name: Series((*series, *year[name].values[:2])) for name, series in short.items()}
    return joined | _adjusted(joined)


def _adjusted(book: Figures) -> Figures:
    """Compute adjusted net income: without amortization, restructuring, the Brennick accrual and deal costs."""
    items = {
        "adjust_amortization": book["amortization"],
        "adjust_restructuring": book["restructuring"],
        "adjust_litigation": of("12.0", "0", "12.0", "0"),
        "adjust_acquisition": of("0.3", "0", "9.5", "0"),
    }
    rate = Decimal("0.22")
    tax = total(*items.values()).times(Series((rate, rate, rate, rate)))
    income = total(book["net_income"], *items.values()) - tax
    return items | {
        "adjust_tax": tax,
        "adjusted_income": income,
        "adjusted_eps": income.over(book["diluted_shares"]),
    }
