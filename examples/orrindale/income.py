"""What Orrindale earned in 2024, 2023 and 2022, by segment and place, and what it owed in taxes, in millions."""

from __future__ import annotations

from press.series import Series, of, total

Figures = dict[str, Series]

STATUTORY_RATE = of("0.21", "0.21", "0.21")


def income() -> Figures:
    """Give the statement of income, its segments and its geography."""
    book = {
        "analytical_sales": of("1084.3", "1041.9", "1066.2"),
        "life_sales": of("612.8", "548.4", "497.5"),
        "service_sales": of("729.6", "671.2", "618.9"),
        "cost_of_sales": of("1134.8", "1076.6", "1058.4"),
        "research": of("196.4", "181.7", "170.2"),
        "selling": of("612.7", "577.9", "551.3"),
        "amortization": of("46.8", "39.2", "38.6"),
        "restructuring": of("14.6", "0", "8.9"),
        "interest_expense": of("38.2", "31.5", "27.4"),
        "interest_income": of("9.7", "7.2", "2.1"),
        "other_income": of("1.8", "-2.3", "-0.9"),
        "income_tax": of("79.8", "71.2", "67.5"),
        "basic_shares": of("61.8", "62.6", "63.4"),
        "dilution": of("0.7", "0.7", "0.8"),
        "dividend": of("1.32", "1.20", "1.08"),
        "analytical_income": of("241.8", "229.4", "227.0"),
        "life_income": of("107.6", "88.9", "71.4"),
        "service_income": of("207.2", "176.9", "168.9"),
    }
    sales = total(book["analytical_sales"], book["life_sales"], book["service_sales"])
    gross = sales - book["cost_of_sales"]
    expenses = total(*(book[name] for name in ("research", "selling", "amortization", "restructuring")))
    operating = gross - expenses
    pretax = operating - book["interest_expense"] + book["interest_income"] + book["other_income"]
    net = pretax - book["income_tax"]
    diluted = book["basic_shares"] + book["dilution"]
    segments = total(book["analytical_income"], book["life_income"], book["service_income"])
    return (
        book
        | {
            "net_sales": sales,
            "gross_profit": gross,
            "operating_expenses": expenses,
            "operating_income": operating,
            "pretax_income": pretax,
            "net_income": net,
            "diluted_shares": diluted,
            "basic_eps": net.over(book["basic_shares"]),
            "diluted_eps": net.over(diluted),
            "dividends": book["dividend"].times(book["basic_shares"]),
            "segment_income": segments,
            "corporate": segments - book["amortization"] - book["restructuring"] - operating,
        }
        | _geography(sales)
    )


def _geography(sales: Series) -> Figures:
    book = {
        "sales_us": of("1058.4", "982.7", "941.3"),
        "sales_china": of("291.6", "305.8", "322.4"),
        "sales_germany": of("238.9", "219.6", "208.7"),
        "sales_japan": of("164.2", "158.3", "161.5"),
        "sales_instruments": of("1612.9", "1513.4", "1488.1"),
        "sales_consumables": of("386.5", "351.9", "322.8"),
    }
    named = total(*(book[name] for name in ("sales_us", "sales_china", "sales_germany", "sales_japan")))
    return book | {
        "sales_elsewhere": sales - named,
        "sales_services": sales - book["sales_instruments"] - book["sales_consumables"],
    }


def taxes() -> Figures:
    """Give the provision for income taxes in its parts, and its way from the statutory to the effective rate."""
    results = income()
    pretax, tax = results["pretax_income"], results["income_tax"]
    book = {
        "pretax_domestic": of("236.1", "218.4", "203.7"),
        "current_federal": of("52.4", "45.8", "43.1"),
        "current_state": of("7.9", "7.1", "6.8"),
        "deferred_tax": of("-9.1", "-6.8", "-5.2"),
        "deferred_federal": of("-6.2", "-4.9", "-3.8"),
        "deferred_state": of("-0.8", "-0.6", "-0.4"),
        "statutory_tax": pretax.times(STATUTORY_RATE),
        "reconcile_state": of("5.6", "5.1", "4.8"),
        "reconcile_foreign": of("-4.7", "-4.2", "-3.1"),
        "reconcile_credits": of("-7.9", "-7.2", "-6.6"),
        "reconcile_awards": of("-2.1", "-1.4", "-0.8"),
        "reconcile_allowance": of("1.6", "0.8", "1.2"),
    }
    current = tax - book["deferred_tax"]
    named = total(*(series for name, series in book.items() if name.startswith(("statutory", "reconcile"))))
    return book | {
        "pretax_foreign": pretax - book["pretax_domestic"],
        "current_tax": current,
        "current_foreign": current - book["current_federal"] - book["current_state"],
        "deferred_foreign": book["deferred_tax"] - book["deferred_federal"] - book["deferred_state"],
        "reconcile_other": tax - named,
        "effective_rate": tax.percent_of(pretax),
    }
