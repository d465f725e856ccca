"""The figures of Marrowby Foods, Inc., in thousands: stated once, every total and every link computed.

Durations: the second quarters of 2024 and 2023, then the first halves of 2024 and 2023. Balance-sheet
figures: March 30, 2024, and September 30, 2023. Signs are those of XBRL.
"""

from __future__ import annotations

from decimal import Decimal

from press.series import Series, of, total

Figures = dict[str, Series]
_ONE = Decimal(1)


def figures() -> Figures:
    """Give every figure by name."""
    book = _income()
    book |= _balances()
    book |= _flows(book)
    return book | _balance_totals(book)


def _income() -> Figures:
    book = {
        "bread_sales": of("148612", "141905", "297340", "282118"),
        "frozen_sales": of("96447", "90213", "201586", "186742"),
        "cost_of_sales": of("172834", "167925", "349872", "337611"),
        "distribution": of("34918", "33207", "70264", "66815"),
        "administration": of("14276", "13148", "28105", "26390"),
        "research": of("1962", "1804", "3871", "3622"),
        "closure": of("0", "1975", "0", "1975"),
        "property_gain": of("0", "0", "2140", "0"),
        "interest_expense": of("3846", "4212", "7905", "8133"),
        "other_income": of("412", "-187", "655", "-96"),
        "income_tax": of("4250", "2299", "10009", "5788"),
        "basic_shares": of("28412", "28655", "28468", "28702"),
        "diluted_shares": of("28733", "28894", "28760", "28931"),
        "dividend": of("0.22", "0.20", "0.44", "0.40"),
        "bread_income": of("14982", "10962", "31846", "22318"),
        "frozen_income": of("11640", "9806", "25917", "21640"),
        "oci": of("265", "-612", "418", "-1204"),
    }
    sales = book["bread_sales"] + book["frozen_sales"]
    gross = sales - book["cost_of_sales"]
    expenses = total(*(book[name] for name in ("distribution", "administration", "research", "closure")))
    operating = gross - expenses + book["property_gain"]
    pretax = operating - book["interest_expense"] + book["other_income"]
    net = pretax - book["income_tax"]
    segments = book["bread_income"] + book["frozen_income"]
    return book | {
        "net_sales": sales,
        "gross_profit": gross,
        "operating_income": operating,
        "pretax_income": pretax,
        "net_income": net,
        "basic_eps": net.over(book["basic_shares"]),
        "diluted_eps": net.over(book["diluted_shares"]),
        "dividends": book["dividend"].times(book["basic_shares"], _ONE),
        "comprehensive": net + book["oci"],
        "segment_income": segments,
        "corporate": segments - book["closure"] + book["property_gain"] - operating,
        "gross_margin": gross.percent_of(sales),
        "operating_margin": operating.percent_of(sales),
        "effective_rate": book["income_tax"].percent_of(pretax),
        "retail_sales": of("151934", "145021", "309182", "293760"),
        "service_sales": sales - of("151934", "145021", "309182", "293760"),
    }


def _balances() -> Figures:
    stock = {
        "ingredients": of("21846", "20315"),
        "packaging": of("9214", "8836"),
        "finished_goods": of("40224", "36956"),
    }
    return stock | {
        "receivables": of("84916", "79358"),
        "inventories": total(*stock.values()),
        "prepaid": of("9482", "8675"),
        "lease_assets": of("24608", "25913"),
        "goodwill": of("118250", "118250"),
        "other_assets": of("6318", "6044"),
        "payables": of("62738", "58416"),
        "accrued_pay": of("21604", "24917"),
        "other_accrued": of("18463", "17235"),
        "taxes_payable": of("3118", "2406"),
        "current_debt": of("10000", "10000"),
        "lease_current": of("5214", "5108"),
        "lease_noncurrent": of("20016", "21422"),
        "other_liabilities": of("9836", "9411"),
    }


def _flows(book: Figures) -> Figures:
    """Derive the cash flows of the first half of 2024 from the balance sheets; those of 2023 are stated."""

    def change(*names: str) -> Decimal:
        return sum((book[name][0] - book[name][1] for name in names), Decimal(0))

    owed = change("taxes_payable", "lease_current", "lease_noncurrent", "other_accrued", "other_liabilities")
    kept = change("prepaid", "other_assets", "lease_assets")
    half = {name: Series(book[name].values[2:]) for name in ("net_income", "property_gain", "dividends", "oci")}
    flows = {
        "depreciation": of("19874", "19216"),
        "amortization": of("1706", "1706"),
        "awards": of("3214", "2876"),
        "deferred_tax": of("794", "412"),
        "change_receivables": Series((change("receivables"), Decimal(6118))),
        "change_inventories": Series((change("inventories"), Decimal(8942))),
        "change_payables": Series((change("payables"), Decimal(3705))),
        "change_pay": Series((change("accrued_pay"), Decimal(-2417))),
        # Gains on wheat contracts reach the balance sheet through other assets; they are not cash.
        "change_other": Series((owed - kept + half["oci"][0], Decimal(1236))),
        "capital_expenditures": of("26318", "21745"),
        "property_sold": of("5600", "0"),
        "debt_repaid": of("5000", "5000"),
        "revolver_net": of("-12000", "8000"),
        "repurchases": of("9650", "4200"),
        "withheld": of("1108", "946"),
    }
    added = ("depreciation", "amortization", "awards", "deferred_tax", "change_payables", "change_pay", "change_other")
    operating = total(half["net_income"], *(flows[name] for name in added)) - total(
        half["property_gain"], flows["change_receivables"], flows["change_inventories"]
    )
    investing = flows["property_sold"] - flows["capital_expenditures"]
    financing = flows["revolver_net"] - total(
        flows["debt_repaid"], half["dividends"], flows["repurchases"], flows["withheld"]
    )
    net = operating + investing + financing
    opening = of("18743", "21336")
    return flows | {
        "net_income_half": half["net_income"],
        "property_gain_half": half["property_gain"],
        "dividends_half": half["dividends"],
        "operating_cash": operating,
        "investing_cash": investing,
        "financing_cash": financing,
        "net_cash": net,
        "cash_opening": opening,
        "cash_closing": opening + net,
        "interest_paid": of("7628", "7904"),
        "taxes_paid": of("8503", "4866"),
    }


def _balance_totals(book: Figures) -> Figures:
    sold = book["property_sold"][0] - book["property_gain_half"][0]
    plant = Decimal(312486) + book["capital_expenditures"][0] - book["depreciation"][0] - sold
    borrowed = Decimal(224500) - book["debt_repaid"][0] + book["revolver_net"][0]
    retained = Decimal(162538) + book["net_income_half"][0] - book["dividends_half"][0]
    closing = {
        "cash": Series((book["cash_closing"][0], book["cash_opening"][0])),
        "net_plant": Series((plant, Decimal(312486))),
        "intangibles": Series((Decimal(46820) - book["amortization"][0], Decimal(46820))),
        "long_debt": Series((borrowed, Decimal(224500))),
        "deferred_taxes": Series((Decimal(37920) + book["deferred_tax"][0], Decimal(37920))),
        "stock": of("287", "287"),
        "paid_in": Series((Decimal(142630) + book["awards"][0] - book["withheld"][0], Decimal(142630))),
        "retained": Series((retained, Decimal(162538))),
        "treasury_stock": Series((Decimal(31480) + book["repurchases"][0], Decimal(31480))),
        "aoci": Series((Decimal(-2914) + book["oci"][2], Decimal(-2914))),
    }
    whole = book | closing
    current = total(*(whole[n] for n in ("cash", "receivables", "inventories", "prepaid")))
    assets = total(
        current, *(whole[n] for n in ("net_plant", "lease_assets", "goodwill", "intangibles", "other_assets"))
    )
    owed = total(
        *(
            whole[n]
            for n in ("current_debt", "payables", "accrued_pay", "other_accrued", "taxes_payable", "lease_current")
        )
    )
    liabilities = total(
        owed, *(whole[n] for n in ("long_debt", "lease_noncurrent", "deferred_taxes", "other_liabilities"))
    )
    equity = total(*(whole[n] for n in ("stock", "paid_in", "retained", "aoci"))) - whole["treasury_stock"]
    return (
        closing
        | _equity(whole, equity[0])
        | {
            "gross_plant": whole["net_plant"] + of("398716", "382950"),
            "accumulated_depreciation": of("398716", "382950"),
            "current_assets": current,
            "assets": assets,
            "current_liabilities": owed,
            "liabilities": liabilities,
            "equity": equity,
            "liabilities_and_equity": liabilities + equity,
        }
    )


def _equity(book: Figures, closing: Decimal) -> Figures:
    """Give the movements of total equity in both quarters and both halves, and the openings they imply."""
    moves = {
        "equity_awards": Series((Decimal(1622), Decimal(1451), *book["awards"].values)),
        "equity_repurchases": Series((Decimal(4820), Decimal(2100), *book["repurchases"].values)),
        "equity_withheld": Series((Decimal(214), Decimal(188), *book["withheld"].values)),
    }
    net = total(book["comprehensive"], moves["equity_awards"]) - total(
        book["dividends"], moves["equity_repurchases"], moves["equity_withheld"]
    )
    before = Decimal(251812) + net[3]
    end = Series((closing, before, closing, before))
    return moves | {"equity_closing": end, "equity_opening": end - net}
