"""The figures of Orrindale Instruments Corporation: stated once, every total and every link computed.

In millions of dollars and shares, for 2024, 2023 and 2022 or for the ends of 2024 and 2023. Amounts are
signed as XBRL signs them: an expense, a payment and an increase of an asset are positive.
"""

from __future__ import annotations

from decimal import Decimal

from press.series import Series, of, total

from orrindale.income import Figures, income, taxes


def figures() -> Figures:
    """Give every annual figure by name. Balance-sheet figures have two periods, all others three."""
    book = income() | taxes()
    book |= _acquisition()
    book |= _rolled_assets(book) | _balances()
    book |= _debt()
    book |= _equity(book)
    book |= _cash_flow(book)
    book |= _balance_totals(book)
    return book | _ratios(book)


def _acquisition() -> Figures:
    """Give what was acquired with Thalvern Microfluidics in 2024 (first value) and in the years before."""
    book = {
        "acquired_receivables": of("14.2"),
        "acquired_inventories": of("18.6"),
        "acquired_plant": of("11.3"),
        "acquired_technology": of("92.0"),
        "acquired_customers": of("38.5"),
        "acquired_trade_name": of("7.5"),
        "acquired_goodwill": of("164.0"),
        "acquired_other": of("2.1"),
        "acquired_payables": of("6.4"),
        "acquired_deferred_revenue": of("8.9"),
        "acquired_accrued": of("5.2"),
        "acquired_deferred_taxes": of("19.9"),
    }
    intangibles = total(*(book[f"acquired_{name}"] for name in ("technology", "customers", "trade_name")))
    taken = ("payables", "deferred_revenue", "accrued", "deferred_taxes")
    assets = total(
        *(book[f"acquired_{name}"] for name in ("receivables", "inventories", "plant", "goodwill", "other")),
        intangibles,
    )
    price = assets - total(*(book[f"acquired_{name}"] for name in taken))
    return book | {"acquired_intangibles": intangibles, "acquired_net": price}


def _balances() -> Figures:
    return {
        "receivables": of("428.6", "396.2"),
        "allowance": of("9.4", "8.7"),
        "raw_materials": of("148.2", "136.9"),
        "work_in_process": of("63.4", "58.3"),
        "finished_goods": of("155.3", "143.5"),
        "prepaid": of("86.3", "79.5"),
        "lease_assets": of("104.2", "97.8"),
        "deferred_tax_assets": of("38.6", "34.2"),
        "other_assets": of("71.4", "66.8"),
        "payables": of("168.9", "157.3"),
        "accrued_pay": of("118.4", "109.6"),
        "deferred_revenue": of("214.7", "196.8"),
        "taxes_payable": of("23.8", "19.2"),
        "lease_current": of("27.6", "25.9"),
        "other_accrued": of("104.2", "98.6"),
        "lease_noncurrent": of("82.3", "77.4"),
        "pension": of("58.3", "63.9"),
        "other_liabilities": of("66.1", "61.8"),
    }


def _rolled_assets(book: Figures) -> Figures:
    """Roll the assets forward whose end follows from their beginning: plant, goodwill, intangibles."""
    capex, depreciation = of("118.6", "104.7", "96.3"), of("81.4", "76.9", "73.2")
    exchange = {
        "fx_plant": of("-4.2"),
        "fx_goodwill": of("-9.8"),
        "fx_intangibles": of("-2.4"),
        "fx_receivables": of("-3.1"),
        "fx_inventories": of("-2.6"),
        "fx_payables": of("-1.2"),
        "fx_deferred_revenue": of("-0.6"),
    }
    disposals, plant, intangibles = Decimal("1.9"), Decimal("468.9"), Decimal("329.4")
    classes = {
        "land": of("48.7", "45.1"),
        "buildings": of("402.6", "371.8"),
        "machinery": of("538.4", "489.2"),
        "construction": of("61.9", "54.3"),
    }
    gross = total(*classes.values())
    closing = plant + capex[0] + book["acquired_plant"][0] + exchange["fx_plant"][0] - depreciation[0] - disposals
    net_plant = Series((closing, plant))
    life, analytical, service = Decimal("268.4"), Decimal("417.6"), Decimal("206.3")
    moved = {"analytical": Decimal("-5.1"), "life": Decimal("-3.2"), "service": Decimal("-1.5")}
    goodwill = {
        "goodwill_analytical": Series((analytical + moved["analytical"], analytical)),
        "goodwill_life": Series((life + book["acquired_goodwill"][0] + moved["life"], life)),
        "goodwill_service": Series((service + moved["service"], service)),
    }
    left = intangibles + book["acquired_intangibles"][0] + exchange["fx_intangibles"][0] - book["amortization"][0]
    return (
        exchange
        | classes
        | goodwill
        | {
            "capital_expenditures": capex,
            "depreciation": depreciation,
            "gross_plant": gross,
            "net_plant": net_plant,
            "accumulated_depreciation": gross - net_plant,
            "goodwill": total(*goodwill.values()),
            "intangibles": Series((left, intangibles)),
            "plant_us": of("306.2", "284.5"),
            "plant_germany": of("92.7", "86.1"),
        }
    )


def _debt() -> Figures:
    book = {
        "notes_2026": of("250.0", "250.0"),
        "notes_2029": of("300.0", "300.0"),
        "notes_2034": of("300.0", "0"),
        "term_loan": of("230.0", "240.0"),
        "revolver": of("0", "115.0"),
        "unamortized": of("4.6", "3.1"),
        "current_debt": of("10.0", "10.0"),
    }
    principal = total(*(book[n] for n in ("notes_2026", "notes_2029", "notes_2034", "term_loan", "revolver")))
    carrying = principal - book["unamortized"]
    return book | {"principal": principal, "total_debt": carrying, "long_debt": carrying - book["current_debt"]}


def _equity(book: Figures) -> Figures:
    """Give the movements of equity for three years and the balances at the start and end of each."""
    moves = {
        "awards": of("38.6", "35.4", "31.8"),
        "options": of("22.4", "18.7", "15.9"),
        "withheld": of("9.8", "8.6", "7.4"),
        "repurchases": of("180.0", "150.0", "160.0"),
        "fx_cash": of("-4.3", "3.2", "-8.9"),
        "oci_pension": of("3.9", "-2.4", "6.8"),
        "oci_hedges": of("1.4", "-1.1", "1.9"),
    }
    held = ("plant", "goodwill", "intangibles", "receivables", "inventories")
    assets = total(*(book[f"fx_{name}"] for name in held))
    owed = book["fx_payables"] + book["fx_deferred_revenue"]
    translation = assets - owed + Series((moves["fx_cash"][0],))
    moves["oci_translation"] = Series((translation[0], Decimal("16.2"), Decimal("-38.6")))
    oci = total(moves["oci_translation"], moves["oci_pension"], moves["oci_hedges"])
    yearly = {
        "paid_in": moves["awards"] + moves["options"] - moves["withheld"],
        "treasury": -moves["repurchases"],
        "retained": book["net_income"] - book["dividends"],
        "aoci": oci,
    }
    opening = {"paid_in": "486.2", "treasury": "-412.8", "retained": "1170.0", "aoci": "-98.4"}
    balances = {name: _roll(Decimal(opening[name]), yearly[name]) for name in opening}
    stock = of("0.7", "0.7", "0.7", "0.7")
    equity = total(stock, *balances.values())
    parts = {"translation": "-61.3", "pension": "-35.9", "hedges": "-1.2"}
    components = {f"aoci_{n}": _roll(Decimal(start), moves[f"oci_{n}"]) for n, start in parts.items()}
    return (
        moves
        | balances
        | components
        | {
            "preferred": of("0", "0"),
            "stock": stock,
            "treasury_stock": -balances["treasury"],
            "equity": equity,
            "oci": oci,
            "comprehensive": book["net_income"] + oci,
        }
    )


def _roll(opening: Decimal, moves: Series) -> Series:
    """Give the balances at the ends of 2024, 2023, 2022 and 2021."""
    balances = [opening]
    for move in reversed(moves.values):
        balances.insert(0, balances[0] + move)
    return Series(tuple(balances))


def _cash_flow(book: Figures) -> Figures:
    """Derive the changes of 2024 from the balance sheets, free of acquisitions and exchange rates."""
    inventories = total(book["raw_materials"], book["work_in_process"], book["finished_goods"])
    held = book | {"inventories": inventories}

    def change(name: str, acquired: str = "") -> Decimal:
        moved = held[name][0] - held[name][1] - book.get(f"fx_{name}", of("0"))[0]
        return moved - book[f"acquired_{acquired}"][0] if acquired else moved

    # The tax effects of other comprehensive income are in its net figures, so they pass through "other".
    benefits = book["oci_pension"][0] + book["oci_hedges"][0]
    kept = change("prepaid") + change("other_assets", "other") + change("lease_assets")
    owed = (
        change("accrued_pay")
        + change("lease_current")
        + change("other_accrued", "accrued")
        + change("lease_noncurrent")
        + change("pension")
        + change("other_liabilities")
    )
    flows = {
        "noncash_other": of("0.6", "1.4", "2.6"),
        "change_receivables": Series((change("receivables", "receivables"), Decimal("18.9"), Decimal("31.4"))),
        "change_inventories": Series((change("inventories", "inventories"), Decimal("24.6"), Decimal("42.8"))),
        "change_payables": Series((change("payables", "payables"), Decimal("8.2"), Decimal("11.9"))),
        "change_deferred": Series((change("deferred_revenue", "deferred_revenue"), Decimal("13.7"), Decimal("9.4"))),
        "change_taxes": Series((change("taxes_payable"), Decimal("-3.1"), Decimal("2.7"))),
        "change_other": Series((owed - kept + benefits, Decimal("-9.3"), Decimal("-12.6"))),
        "acquisitions": Series((book["acquired_net"][0], Decimal(0), Decimal("42.5"))),
        "plant_sold": of("2.4", "1.6", "2.2"),
        "debt_proceeds": of("300.0", "0", "0"),
        "debt_costs": of("2.6", "0", "0"),
        "debt_repaid": of("10.0", "10.0", "10.0"),
        "revolver_net": of("-115.0", "-40.0", "65.0"),
    }
    operating = (
        total(
            *(book[n] for n in ("net_income", "depreciation", "amortization", "awards", "deferred_tax")),
            *(
                flows[n]
                for n in ("noncash_other", "change_payables", "change_deferred", "change_taxes", "change_other")
            ),
        )
        - flows["change_receivables"]
        - flows["change_inventories"]
    )
    investing = flows["plant_sold"] - book["capital_expenditures"] - flows["acquisitions"]
    financing = (
        flows["debt_proceeds"]
        - flows["debt_costs"]
        - flows["debt_repaid"]
        + flows["revolver_net"]
        - book["dividends"]
        - book["repurchases"]
        + book["options"]
        - book["withheld"]
    )
    net = operating + investing + financing + book["fx_cash"]
    cash = _roll(Decimal("316.9"), net)
    return flows | {
        "inventories": inventories,
        "operating_cash": operating,
        "investing_cash": investing,
        "financing_cash": financing,
        "net_cash": net,
        "cash": Series(cash.values[:2]),
        "cash_closing": Series(cash.values[:3]),
        "cash_opening": Series(cash.values[1:]),
        "interest_paid": of("34.6", "30.2", "26.8"),
        "taxes_paid": of("84.3", "81.1", "70.0"),
        "free_cash": operating - book["capital_expenditures"],
        "other_operating": operating
        - total(*(book[n] for n in ("net_income", "depreciation", "amortization", "awards"))),
    }


def _balance_totals(book: Figures) -> Figures:
    deferred = (
        Decimal("62.5")
        + book["acquired_deferred_taxes"][0]
        + book["deferred_tax"][0]
        + (book["deferred_tax_assets"][0] - book["deferred_tax_assets"][1])
    )
    taxes = Series((deferred, Decimal("62.5")))
    current = total(*(book[n] for n in ("cash", "receivables", "inventories", "prepaid")))
    assets = total(
        current,
        *(
            book[n]
            for n in ("net_plant", "lease_assets", "goodwill", "intangibles", "deferred_tax_assets", "other_assets")
        ),
    )
    owed = total(
        *(
            book[n]
            for n in (
                "current_debt",
                "payables",
                "accrued_pay",
                "deferred_revenue",
                "taxes_payable",
                "lease_current",
                "other_accrued",
            )
        )
    )
    liabilities = total(
        owed, *(book[n] for n in ("long_debt", "lease_noncurrent", "pension", "other_liabilities")), taxes
    )
    return {
        "deferred_tax_liabilities": taxes,
        "current_assets": current,
        "assets": assets,
        "current_liabilities": owed,
        "liabilities": liabilities,
        "liabilities_and_equity": liabilities + Series(book["equity"].values[:2]),
    }


def _ratios(book: Figures) -> Figures:
    sales = book["net_sales"]
    names = (
        "cost_of_sales",
        "gross_profit",
        "research",
        "selling",
        "amortization",
        "restructuring",
        "operating_income",
        "interest_expense",
        "interest_income",
        "other_income",
        "pretax_income",
        "income_tax",
        "net_income",
    )
    share = {f"{name}_share": book[name].percent_of(sales) for name in names}
    margins = {
        f"{n}_margin": book[f"{n}_income"].percent_of(book[f"{n}_sales"]) for n in ("analytical", "life", "service")
    }
    working = book["current_assets"] - book["current_liabilities"]
    return share | margins | {"working_capital": working, "us_share": book["sales_us"].percent_of(sales)}
