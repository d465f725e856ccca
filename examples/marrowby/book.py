"""What Marrowby's figures mean: concepts, units, segments, and the dates of its 13- and 26-week periods."""

from __future__ import annotations

from datetime import date

from press.blocks import Context, Member, Style
from press.ledger import Book, Entry
from press.series import Series

from marrowby.figures import figures

COMPANY = "Marrowby Foods, Inc."
PREFIX = "mrby"
CIK = "0009990862"
QUARTERS = ("q2_2024", "q2_2023")
HALVES = ("h1_2024", "h1_2023")
PERIODS = QUARTERS + HALVES
DATES = ("h1_2024", "fy2023")

CONTEXTS = {
    "q2_2024": Context(date(2024, 3, 30), date(2023, 12, 31)),
    "q2_2023": Context(date(2023, 4, 1), date(2023, 1, 1)),
    "h1_2024": Context(date(2024, 3, 30), date(2023, 10, 1)),
    "h1_2023": Context(date(2023, 4, 1), date(2022, 10, 2)),
    "fy2023": Context(date(2023, 9, 30), date(2022, 10, 2)),
}

_SEGMENTS = "us-gaap:StatementBusinessSegmentsAxis"
_CHANNELS = "srt:ProductOrServiceAxis"
_MEMBERS: dict[str, Member] = {
    "bread_sales": (_SEGMENTS, "mrby:BreadAndRollsMember"),
    "bread_income": (_SEGMENTS, "mrby:BreadAndRollsMember"),
    "frozen_sales": (_SEGMENTS, "mrby:FrozenDoughMember"),
    "frozen_income": (_SEGMENTS, "mrby:FrozenDoughMember"),
    "retail_sales": (_CHANNELS, "mrby:RetailChannelMember"),
    "service_sales": (_CHANNELS, "mrby:FoodserviceChannelMember"),
}
_SALES = "us-gaap:Revenues"
_CASH = "CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents"
_DURATIONS = {
    "net_sales": _SALES,
    "bread_sales": _SALES,
    "frozen_sales": _SALES,
    "retail_sales": _SALES,
    "service_sales": _SALES,
    "cost_of_sales": "us-gaap:CostOfRevenue",
    "gross_profit": "us-gaap:GrossProfit",
    "distribution": "us-gaap:SellingAndMarketingExpense",
    "administration": "us-gaap:GeneralAndAdministrativeExpense",
    "research": "us-gaap:ResearchAndDevelopmentExpense",
    "closure": "us-gaap:RestructuringCharges",
    "property_gain": "us-gaap:GainLossOnSaleOfPropertyPlantEquipment",
    "property_gain_half": "us-gaap:GainLossOnSaleOfPropertyPlantEquipment",
    "operating_income": "us-gaap:OperatingIncomeLoss",
    "bread_income": "us-gaap:OperatingIncomeLoss",
    "frozen_income": "us-gaap:OperatingIncomeLoss",
    "interest_expense": "us-gaap:InterestExpense",
    "other_income": "us-gaap:OtherNonoperatingIncomeExpense",
    "pretax_income": "us-gaap:IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItems"
    "NoncontrollingInterest",
    "income_tax": "us-gaap:IncomeTaxExpenseBenefit",
    "effective_rate": "us-gaap:EffectiveIncomeTaxRateContinuingOperations",
    "net_income": "us-gaap:NetIncomeLoss",
    "net_income_half": "us-gaap:NetIncomeLoss",
    "basic_eps": "us-gaap:EarningsPerShareBasic",
    "diluted_eps": "us-gaap:EarningsPerShareDiluted",
    "basic_shares": "us-gaap:WeightedAverageNumberOfSharesOutstandingBasic",
    "diluted_shares": "us-gaap:WeightedAverageNumberOfDilutedSharesOutstanding",
    "dividend": "us-gaap:CommonStockDividendsPerShareDeclared",
    "dividends": "us-gaap:DividendsCommonStockCash",
    "dividends_half": "us-gaap:PaymentsOfDividends",
    "oci": "us-gaap:OtherComprehensiveIncomeLossNetOfTax",
    "comprehensive": "us-gaap:ComprehensiveIncomeNetOfTax",
    "depreciation": "us-gaap:Depreciation",
    "amortization": "us-gaap:AmortizationOfIntangibleAssets",
    "awards": "us-gaap:ShareBasedCompensation",
    "deferred_tax": "us-gaap:DeferredIncomeTaxExpenseBenefit",
    "change_receivables": "us-gaap:IncreaseDecreaseInAccountsReceivable",
    "change_inventories": "us-gaap:IncreaseDecreaseInInventories",
    "change_payables": "us-gaap:IncreaseDecreaseInAccountsPayable",
    "change_pay": "us-gaap:IncreaseDecreaseInEmployeeRelatedLiabilities",
    "change_other": "mrby:IncreaseDecreaseInOtherLiabilitiesNetOfOtherAssets",
    "operating_cash": "us-gaap:NetCashProvidedByUsedInOperatingActivities",
    "capital_expenditures": "us-gaap:PaymentsToAcquirePropertyPlantAndEquipment",
    "property_sold": "us-gaap:ProceedsFromSaleOfPropertyPlantAndEquipment",
    "investing_cash": "us-gaap:NetCashProvidedByUsedInInvestingActivities",
    "debt_repaid": "us-gaap:RepaymentsOfLongTermDebt",
    "revolver_net": "us-gaap:ProceedsFromRepaymentsOfLinesOfCredit",
    "repurchases": "us-gaap:PaymentsForRepurchaseOfCommonStock",
    "withheld": "us-gaap:PaymentsRelatedToTaxWithholdingForShareBasedCompensation",
    "financing_cash": "us-gaap:NetCashProvidedByUsedInFinancingActivities",
    "net_cash": f"us-gaap:{_CASH}PeriodIncreaseDecreaseIncludingExchangeRateEffect",
    "interest_paid": "us-gaap:InterestPaidNet",
    "taxes_paid": "us-gaap:IncomeTaxesPaidNet",
    "equity_awards": "us-gaap:AdjustmentsToAdditionalPaidInCapitalSharebasedCompensation"
    "RequisiteServicePeriodRecognitionValue",
    "equity_repurchases": "us-gaap:TreasuryStockValueAcquiredCostMethod",
    "equity_withheld": "us-gaap:AdjustmentsRelatedToTaxWithholdingForShareBasedCompensation",
}
_INSTANTS = {
    "cash": "us-gaap:CashAndCashEquivalentsAtCarryingValue",
    "cash_closing": "us-gaap:CashAndCashEquivalentsAtCarryingValue",
    "receivables": "us-gaap:AccountsReceivableNetCurrent",
    "inventories": "us-gaap:InventoryNet",
    "ingredients": "us-gaap:InventoryRawMaterialsNetOfReserves",
    "packaging": "us-gaap:InventorySuppliesNetOfReserves",
    "finished_goods": "us-gaap:InventoryFinishedGoodsNetOfReserves",
    "prepaid": "us-gaap:PrepaidExpenseAndOtherAssetsCurrent",
    "current_assets": "us-gaap:AssetsCurrent",
    "gross_plant": "us-gaap:PropertyPlantAndEquipmentGross",
    "accumulated_depreciation": "us-gaap:AccumulatedDepreciationDepletionAndAmortizationPropertyPlantAndEquipment",
    "net_plant": "us-gaap:PropertyPlantAndEquipmentNet",
    "lease_assets": "us-gaap:OperatingLeaseRightOfUseAsset",
    "goodwill": "us-gaap:Goodwill",
    "intangibles": "us-gaap:FiniteLivedIntangibleAssetsNet",
    "other_assets": "us-gaap:OtherAssetsNoncurrent",
    "assets": "us-gaap:Assets",
    "current_debt": "us-gaap:LongTermDebtCurrent",
    "payables": "us-gaap:AccountsPayableCurrent",
    "accrued_pay": "us-gaap:EmployeeRelatedLiabilitiesCurrent",
    "other_accrued": "us-gaap:OtherAccruedLiabilitiesCurrent",
    "taxes_payable": "us-gaap:AccruedIncomeTaxesCurrent",
    "lease_current": "us-gaap:OperatingLeaseLiabilityCurrent",
    "current_liabilities": "us-gaap:LiabilitiesCurrent",
    "long_debt": "us-gaap:LongTermDebtNoncurrent",
    "lease_noncurrent": "us-gaap:OperatingLeaseLiabilityNoncurrent",
    "deferred_taxes": "us-gaap:DeferredIncomeTaxLiabilitiesNet",
    "other_liabilities": "us-gaap:OtherLiabilitiesNoncurrent",
    "liabilities": "us-gaap:Liabilities",
    "stock": "us-gaap:CommonStockValue",
    "paid_in": "us-gaap:AdditionalPaidInCapital",
    "retained": "us-gaap:RetainedEarningsAccumulatedDeficit",
    "treasury_stock": "us-gaap:TreasuryStockCommonValue",
    "aoci": "us-gaap:AccumulatedOtherComprehensiveIncomeLossNetOfTax",
    "equity": "us-gaap:StockholdersEquity",
    "equity_closing": "us-gaap:StockholdersEquity",
    "liabilities_and_equity": "us-gaap:LiabilitiesAndStockholdersEquity",
}
_STYLES: dict[str, Style] = {
    "basic_eps": "per_share",
    "diluted_eps": "per_share",
    "dividend": "per_share",
    "basic_shares": "shares",
    "diluted_shares": "shares",
    "gross_margin": "percent",
    "operating_margin": "percent",
    "effective_rate": "percent",
}


def marrowby() -> Book:
    """Open the company's book for the second quarter of fiscal 2024, in thousands."""
    return Book({name: _entry(name, series) for name, series in figures().items()}, CONTEXTS, scale=3)


def _entry(name: str, series: Series) -> Entry:
    instant = name in _INSTANTS
    dates = instant and name not in ("cash_closing", "equity_closing")
    keys = PERIODS if len(series) == 4 else DATES if dates else HALVES
    members = (_MEMBERS[name],) if name in _MEMBERS else ()
    concept = _INSTANTS.get(name) or _DURATIONS.get(name)
    return Entry(series, keys, concept, _STYLES.get(name, "money"), instant, members)
