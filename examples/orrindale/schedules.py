"""The figures of Orrindale's notes that the statements do not show, each schedule tied to its statement line."""

from __future__ import annotations

from decimal import Decimal

from press.series import Series, of, total

from orrindale.income import Figures

_YEARS_AHEAD = ("InNextTwelveMonths", "InYearTwo", "InYearThree", "InYearFour", "InYearFive", "AfterYearFive")


def schedules(book: Figures) -> Figures:
    """Give the schedules of the notes by figure name; what remains of a statement line closes each schedule."""
    return _intangibles(book) | _debt() | _leases(book) | _taxes(book) | _segments(book) | _rollforwards()


def _intangibles(book: Figures) -> Figures:
    gross = {
        "technology_gross": of("412.6", "321.7"),
        "customers_gross": of("318.4", "281.0"),
        "names_gross": of("84.2", "77.1"),
    }
    spent = {"technology_spent": of("218.9", "193.2"), "customers_spent": of("148.3", "131.0")}
    all_gross = total(*gross.values())
    all_spent = all_gross - book["intangibles"]
    spent["names_spent"] = all_spent - total(*spent.values())
    ahead = [Decimal(text) for text in ("51.2", "48.7", "45.3", "41.9", "38.4")]
    ahead.append(book["intangibles"][0] - sum(ahead))
    return (
        gross
        | spent
        | {
            "intangibles_gross": all_gross,
            "intangibles_spent": all_spent,
            **{f"{n}_net": gross[f"{n}_gross"] - spent[f"{n}_spent"] for n in ("technology", "customers", "names")},
            **{f"amortization_{index}": Series((value,)) for index, value in enumerate(ahead)},
        }
    )


def _debt() -> Figures:
    due = ("10.0", "260.0", "210.0", "0", "300.0", "300.0")
    return {f"due_{index}": of(value) for index, value in enumerate(due)}


def _leases(book: Figures) -> Figures:
    cost = {
        "lease_operating": of("33.8", "31.6", "30.2"),
        "lease_short": of("4.1", "3.8", "3.5"),
        "lease_variable": of("6.2", "5.9", "5.4"),
    }
    due = {f"lease_{i}": of(v) for i, v in enumerate(("31.4", "27.8", "22.6", "17.3", "11.2", "14.7"))}
    liability = Series((book["lease_current"][0] + book["lease_noncurrent"][0],))
    payments = total(*due.values())
    return (
        cost
        | due
        | {
            "lease_cost": total(*cost.values()),
            "lease_payments": payments,
            "lease_liability": liability,
            "lease_interest": payments - liability,
        }
    )


def _taxes(book: Figures) -> Figures:
    assets = {
        "dta_inventories": of("21.3", "19.8"),
        "dta_pay": of("18.6", "17.4"),
        "dta_pension": of("12.8", "14.1"),
        "dta_leases": of("24.2", "22.7"),
        "dta_losses": of("31.5", "27.6"),
        "dta_other": of("11.4", "10.2"),
    }
    allowance = of("14.2", "12.6")
    gross = total(*assets.values())
    net = book["deferred_tax_assets"] - book["deferred_tax_liabilities"]
    owed = gross - allowance - net
    liabilities = {
        "dtl_intangibles": of("86.3", "71.6"),
        "dtl_plant": of("30.8", "29.7"),
        "dtl_leases": of("22.9", "21.5"),
    }
    liabilities["dtl_other"] = owed - total(*liabilities.values())
    moves = {
        "utb_current": of("4.2", "3.6", "3.9"),
        "utb_prior": of("1.3", "0.9", "0.6"),
        "utb_settled": of("1.1", "1.4", "1.0"),
        "utb_lapsed": of("2.4", "1.6", "1.8"),
    }
    balances = [Decimal("25.4")]
    for index in (2, 1, 0):
        added = moves["utb_current"][index] + moves["utb_prior"][index]
        balances.insert(0, balances[0] + added - moves["utb_settled"][index] - moves["utb_lapsed"][index])
    return (
        assets
        | liabilities
        | moves
        | {
            "dta_gross": gross,
            "dta_allowance": allowance,
            "dta_net": gross - allowance,
            "dtl_total": owed,
            "deferred_net": net,
            "utb_closing": Series(tuple(balances[:3])),
            "utb_opening": Series(tuple(balances[1:])),
        }
    )


def _segments(book: Figures) -> Figures:
    figures = {
        "analytical_cost": of("524.9", "513.2", "531.6"),
        "life_cost": of("296.1", "272.7", "257.5"),
        "analytical_research": of("98.7", "94.6", "92.3"),
        "life_research": of("74.2", "65.4", "57.8"),
        "analytical_depreciation": of("34.1", "32.8", "31.9"),
        "life_depreciation": of("22.6", "19.4", "17.2"),
        "service_depreciation": of("18.3", "18.1", "17.6"),
        "analytical_capital": of("42.3", "39.6", "37.1"),
        "life_capital": of("41.8", "32.7", "27.4"),
        "service_capital": of("24.1", "23.2", "23.0"),
        "analytical_assets": of("1128.6", "1094.2"),
        "life_assets": of("1042.7", "758.3"),
        "service_assets": of("598.4", "571.6"),
    }
    closing = {
        "cost": ("service", "cost_of_sales"),
        "research": ("service", "research"),
        "depreciation": ("corporate", "depreciation"),
        "capital": ("corporate", "capital_expenditures"),
        "assets": ("corporate", "assets"),
    }
    for what, (rest, statement) in closing.items():
        known = (series for name, series in list(figures.items()) if name.endswith(f"_{what}"))
        figures[f"{rest}_{what}"] = book[statement] - total(*known)
    for name in ("analytical", "life", "service"):
        figures[f"{name}_selling"] = (
            book[f"{name}_sales"] - figures[f"{name}_cost"] - figures[f"{name}_research"] - book[f"{name}_income"]
        )
    figures["plant_elsewhere"] = book["net_plant"] - book["plant_us"] - book["plant_germany"]
    return figures


def _rollforwards() -> Figures:
    warranty = {
        "warranty_opening": of("18.4", "17.6"),
        "warranty_accrued": of("14.9", "13.8"),
        "warranty_acquired": of("0.6", "0"),
        "warranty_settled": of("13.7", "13.1"),
        "warranty_exchange": of("-0.3", "0.1"),
    }
    added = total(*(warranty[f"warranty_{name}"] for name in ("opening", "accrued", "acquired", "exchange")))
    awards = {"award_cost": of("3.1", "2.8", "2.5"), "award_research": of("6.9", "6.2", "5.6")}
    return warranty | awards | {"warranty_closing": added - warranty["warranty_settled"]}


def _ahead(stem: str) -> dict[int, str]:
    return dict(enumerate(stem.replace("*", end) for end in _YEARS_AHEAD))


SCHEDULE_INSTANTS = {
    **{f"due_{i}": name for i, name in _ahead("us-gaap:LongTermDebtMaturitiesRepaymentsOfPrincipal*").items()},
    **{
        f"amortization_{i}": name
        for i, name in _ahead("us-gaap:FiniteLivedIntangibleAssetsAmortizationExpense*").items()
    },
    **{
        f"lease_{i}": name
        for i, name in enumerate(
            (
                "us-gaap:LesseeOperatingLeaseLiabilityPaymentsDueNextTwelveMonths",
                "us-gaap:LesseeOperatingLeaseLiabilityPaymentsDueYearTwo",
                "us-gaap:LesseeOperatingLeaseLiabilityPaymentsDueYearThree",
                "us-gaap:LesseeOperatingLeaseLiabilityPaymentsDueYearFour",
                "us-gaap:LesseeOperatingLeaseLiabilityPaymentsDueYearFive",
                "us-gaap:LesseeOperatingLeaseLiabilityPaymentsDueAfterYearFive",
            )
        )
    },
    "lease_payments": "us-gaap:LesseeOperatingLeaseLiabilityPaymentsDue",
    "lease_interest": "us-gaap:LesseeOperatingLeaseLiabilityUndiscountedExcessAmount",
    "lease_liability": "us-gaap:OperatingLeaseLiability",
    "intangibles_gross": "us-gaap:FiniteLivedIntangibleAssetsGross",
    "intangibles_spent": "us-gaap:FiniteLivedIntangibleAssetsAccumulatedAmortization",
    "dta_gross": "us-gaap:DeferredTaxAssetsGross",
    "dta_allowance": "us-gaap:DeferredTaxAssetsValuationAllowance",
    "dta_net": "us-gaap:DeferredTaxAssetsNet",
    "dtl_total": "us-gaap:DeferredTaxLiabilities",
    "utb_closing": "us-gaap:UnrecognizedTaxBenefits",
    "warranty_closing": "us-gaap:ProductWarrantyAccrual",
    "analytical_assets": "us-gaap:Assets",
    "life_assets": "us-gaap:Assets",
    "service_assets": "us-gaap:Assets",
    "plant_elsewhere": "us-gaap:PropertyPlantAndEquipmentNet",
}

SCHEDULE_DURATIONS = {
    "lease_operating": "us-gaap:OperatingLeaseCost",
    "lease_short": "us-gaap:ShortTermLeaseCost",
    "lease_variable": "us-gaap:VariableLeaseCost",
    "lease_cost": "us-gaap:LeaseCost",
    "utb_current": "us-gaap:UnrecognizedTaxBenefitsIncreasesResultingFromCurrentPeriodTaxPositions",
    "utb_prior": "us-gaap:UnrecognizedTaxBenefitsIncreasesResultingFromPriorPeriodTaxPositions",
    "utb_settled": "us-gaap:UnrecognizedTaxBenefitsDecreasesResultingFromSettlementsWithTaxingAuthorities",
    "utb_lapsed": "us-gaap:UnrecognizedTaxBenefitsReductionsResultingFromLapseOfApplicableStatuteOfLimitations",
    "warranty_accrued": "us-gaap:ProductWarrantyAccrualWarrantiesIssued",
    "warranty_settled": "us-gaap:ProductWarrantyAccrualPayments",
    **{f"{n}_cost": "us-gaap:CostOfRevenue" for n in ("analytical", "life", "service")},
    **{f"{n}_research": "us-gaap:ResearchAndDevelopmentExpense" for n in ("analytical", "life", "service")},
    **{f"{n}_selling": "us-gaap:SellingGeneralAndAdministrativeExpense" for n in ("analytical", "life", "service")},
    **{f"{n}_depreciation": "us-gaap:Depreciation" for n in ("analytical", "life", "service")},
    **{f"{n}_capital": "us-gaap:PaymentsToAcquirePropertyPlantAndEquipment" for n in ("analytical", "life", "service")},
}
