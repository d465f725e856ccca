"""What Orrindale's figures mean: their XBRL concepts, units, segments and dates, in one Book."""

from __future__ import annotations

from datetime import date

from press.blocks import Context, Member, Style
from press.ledger import Book, Entry
from press.series import Series

from orrindale.figures import figures
from orrindale.schedules import SCHEDULE_DURATIONS, SCHEDULE_INSTANTS, schedules

YEARS = ("2024", "2023", "2022")
ENDS = ("2024", "2023")
COMPANY = "Orrindale Instruments Corporation"
PREFIX = "orri"
CIK = "0009990417"

_SEGMENTS = "us-gaap:StatementBusinessSegmentsAxis"
SEGMENT: dict[str, Member] = {
    "analytical": (_SEGMENTS, "orri:AnalyticalInstrumentsMember"),
    "life": (_SEGMENTS, "orri:LifeScienceSystemsMember"),
    "service": (_SEGMENTS, "orri:ServiceAndConsumablesMember"),
}
_PLACE = "srt:StatementGeographicalAxis"
_PRODUCT = "srt:ProductOrServiceAxis"
_CLASS = "us-gaap:PropertyPlantAndEquipmentByTypeAxis"
_NOTE = "us-gaap:DebtInstrumentAxis"
_SALES = "us-gaap:Revenues"

_MEMBERS: dict[str, Member] = {
    **{
        f"{name}_{what}": member
        for name, member in SEGMENT.items()
        for what in ("sales", "income", "cost", "research", "selling", "depreciation", "capital", "assets")
    },
    **{f"goodwill_{name}": member for name, member in SEGMENT.items()},
    "sales_us": (_PLACE, "country:US"),
    "sales_china": (_PLACE, "country:CN"),
    "sales_germany": (_PLACE, "country:DE"),
    "sales_japan": (_PLACE, "country:JP"),
    "sales_elsewhere": (_PLACE, "orri:OtherCountriesMember"),
    "plant_us": (_PLACE, "country:US"),
    "plant_germany": (_PLACE, "country:DE"),
    "plant_elsewhere": (_PLACE, "orri:OtherCountriesMember"),
    "sales_instruments": (_PRODUCT, "orri:InstrumentsAndSystemsMember"),
    "sales_consumables": (_PRODUCT, "orri:ConsumablesMember"),
    "sales_services": (_PRODUCT, "us-gaap:ServiceMember"),
    "land": (_CLASS, "us-gaap:LandMember"),
    "buildings": (_CLASS, "us-gaap:BuildingAndBuildingImprovementsMember"),
    "machinery": (_CLASS, "us-gaap:MachineryAndEquipmentMember"),
    "construction": (_CLASS, "us-gaap:ConstructionInProgressMember"),
    "notes_2026": (_NOTE, "orri:SeniorNotesDue2026Member"),
    "notes_2029": (_NOTE, "orri:SeniorNotesDue2029Member"),
    "notes_2034": (_NOTE, "orri:SeniorNotesDue2034Member"),
    "term_loan": (_NOTE, "orri:TermLoanDue2027Member"),
    "revolver": (_NOTE, "orri:RevolvingCreditFacilityDue2028Member"),
}

_DURATIONS = SCHEDULE_DURATIONS | {
    "net_sales": _SALES,
    "cost_of_sales": "us-gaap:CostOfRevenue",
    "gross_profit": "us-gaap:GrossProfit",
    "research": "us-gaap:ResearchAndDevelopmentExpense",
    "selling": "us-gaap:SellingGeneralAndAdministrativeExpense",
    "amortization": "us-gaap:AmortizationOfIntangibleAssets",
    "restructuring": "us-gaap:RestructuringCharges",
    "operating_expenses": "us-gaap:OperatingExpenses",
    "operating_income": "us-gaap:OperatingIncomeLoss",
    "interest_expense": "us-gaap:InterestExpense",
    "interest_income": "us-gaap:InvestmentIncomeInterest",
    "other_income": "us-gaap:OtherNonoperatingIncomeExpense",
    "pretax_income": "us-gaap:IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItems"
    "NoncontrollingInterest",
    "pretax_domestic": "us-gaap:IncomeLossFromContinuingOperationsBeforeIncomeTaxesDomestic",
    "pretax_foreign": "us-gaap:IncomeLossFromContinuingOperationsBeforeIncomeTaxesForeign",
    "income_tax": "us-gaap:IncomeTaxExpenseBenefit",
    "net_income": "us-gaap:NetIncomeLoss",
    "basic_eps": "us-gaap:EarningsPerShareBasic",
    "diluted_eps": "us-gaap:EarningsPerShareDiluted",
    "basic_shares": "us-gaap:WeightedAverageNumberOfSharesOutstandingBasic",
    "diluted_shares": "us-gaap:WeightedAverageNumberOfDilutedSharesOutstanding",
    "dilution": "us-gaap:IncrementalCommonSharesAttributableToShareBasedPaymentArrangements",
    "dividend": "us-gaap:CommonStockDividendsPerShareDeclared",
    "analytical_sales": _SALES,
    "life_sales": _SALES,
    "service_sales": _SALES,
    "sales_us": _SALES,
    "sales_china": _SALES,
    "sales_germany": _SALES,
    "sales_japan": _SALES,
    "sales_elsewhere": _SALES,
    "sales_instruments": _SALES,
    "sales_consumables": _SALES,
    "sales_services": _SALES,
    "analytical_income": "us-gaap:OperatingIncomeLoss",
    "life_income": "us-gaap:OperatingIncomeLoss",
    "service_income": "us-gaap:OperatingIncomeLoss",
    "corporate": "orri:UnallocatedCorporateExpense",
    "segment_income": "orri:SegmentOperatingIncome",
    "oci_translation": "us-gaap:OtherComprehensiveIncomeLossForeignCurrencyTransactionAndTranslationAdjustmentNetOfTax",
    "oci_pension": "us-gaap:OtherComprehensiveIncomeLossPensionAndOtherPostretirementBenefitPlansAdjustmentNetOfTax",
    "oci_hedges": "us-gaap:OtherComprehensiveIncomeLossDerivativesQualifyingAsHedgesNetOfTax",
    "oci": "us-gaap:OtherComprehensiveIncomeLossNetOfTax",
    "comprehensive": "us-gaap:ComprehensiveIncomeNetOfTax",
    "depreciation": "us-gaap:Depreciation",
    "awards": "us-gaap:ShareBasedCompensation",
    "deferred_tax": "us-gaap:DeferredIncomeTaxExpenseBenefit",
    "noncash_other": "us-gaap:OtherNoncashIncomeExpense",
    "change_receivables": "us-gaap:IncreaseDecreaseInAccountsReceivable",
    "change_inventories": "us-gaap:IncreaseDecreaseInInventories",
    "change_payables": "us-gaap:IncreaseDecreaseInAccountsPayable",
    "change_deferred": "us-gaap:IncreaseDecreaseInContractWithCustomerLiability",
    "change_taxes": "us-gaap:IncreaseDecreaseInAccruedIncomeTaxesPayable",
    "change_other": "orri:IncreaseDecreaseInOtherLiabilitiesNetOfOtherAssets",
    "operating_cash": "us-gaap:NetCashProvidedByUsedInOperatingActivities",
    "capital_expenditures": "us-gaap:PaymentsToAcquirePropertyPlantAndEquipment",
    "acquisitions": "us-gaap:PaymentsToAcquireBusinessesNetOfCashAcquired",
    "plant_sold": "us-gaap:ProceedsFromSaleOfPropertyPlantAndEquipment",
    "investing_cash": "us-gaap:NetCashProvidedByUsedInInvestingActivities",
    "debt_proceeds": "us-gaap:ProceedsFromIssuanceOfLongTermDebt",
    "debt_costs": "us-gaap:PaymentsOfDebtIssuanceCosts",
    "debt_repaid": "us-gaap:RepaymentsOfLongTermDebt",
    "revolver_net": "us-gaap:ProceedsFromRepaymentsOfLinesOfCredit",
    "dividends": "us-gaap:PaymentsOfDividends",
    "repurchases": "us-gaap:PaymentsForRepurchaseOfCommonStock",
    "options": "us-gaap:ProceedsFromStockOptionsExercised",
    "withheld": "us-gaap:PaymentsRelatedToTaxWithholdingForShareBasedCompensation",
    "financing_cash": "us-gaap:NetCashProvidedByUsedInFinancingActivities",
    "fx_cash": "us-gaap:EffectOfExchangeRateOnCashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents",
    "net_cash": "us-gaap:CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents"
    "PeriodIncreaseDecreaseIncludingExchangeRateEffect",
    "interest_paid": "us-gaap:InterestPaidNet",
    "taxes_paid": "us-gaap:IncomeTaxesPaidNet",
    "current_federal": "us-gaap:CurrentFederalTaxExpenseBenefit",
    "current_state": "us-gaap:CurrentStateAndLocalTaxExpenseBenefit",
    "current_foreign": "us-gaap:CurrentForeignTaxExpenseBenefit",
    "current_tax": "us-gaap:CurrentIncomeTaxExpenseBenefit",
    "deferred_federal": "us-gaap:DeferredFederalIncomeTaxExpenseBenefit",
    "deferred_state": "us-gaap:DeferredStateAndLocalIncomeTaxExpenseBenefit",
    "deferred_foreign": "us-gaap:DeferredForeignIncomeTaxExpenseBenefit",
    "statutory_tax": "us-gaap:IncomeTaxReconciliationIncomeTaxExpenseBenefitAtFederalStatutoryIncomeTaxRate",
    "reconcile_state": "us-gaap:IncomeTaxReconciliationStateAndLocalIncomeTaxes",
    "reconcile_foreign": "us-gaap:IncomeTaxReconciliationForeignIncomeTaxRateDifferential",
    "reconcile_credits": "us-gaap:IncomeTaxReconciliationTaxCreditsResearch",
    "reconcile_awards": "us-gaap:IncomeTaxReconciliationNondeductibleExpenseShareBasedCompensationCost",
    "reconcile_allowance": "us-gaap:IncomeTaxReconciliationChangeInDeferredTaxAssetsValuationAllowance",
    "reconcile_other": "us-gaap:IncomeTaxReconciliationOtherReconcilingItems",
    "effective_rate": "us-gaap:EffectiveIncomeTaxRateContinuingOperations",
}

_INSTANTS = SCHEDULE_INSTANTS | {
    "cash": "us-gaap:CashAndCashEquivalentsAtCarryingValue",
    "receivables": "us-gaap:AccountsReceivableNetCurrent",
    "allowance": "us-gaap:AllowanceForDoubtfulAccountsReceivableCurrent",
    "inventories": "us-gaap:InventoryNet",
    "raw_materials": "us-gaap:InventoryRawMaterialsNetOfReserves",
    "work_in_process": "us-gaap:InventoryWorkInProcessNetOfReserves",
    "finished_goods": "us-gaap:InventoryFinishedGoodsNetOfReserves",
    "prepaid": "us-gaap:PrepaidExpenseAndOtherAssetsCurrent",
    "current_assets": "us-gaap:AssetsCurrent",
    "net_plant": "us-gaap:PropertyPlantAndEquipmentNet",
    "gross_plant": "us-gaap:PropertyPlantAndEquipmentGross",
    "land": "us-gaap:PropertyPlantAndEquipmentGross",
    "buildings": "us-gaap:PropertyPlantAndEquipmentGross",
    "machinery": "us-gaap:PropertyPlantAndEquipmentGross",
    "construction": "us-gaap:PropertyPlantAndEquipmentGross",
    "accumulated_depreciation": "us-gaap:AccumulatedDepreciationDepletionAndAmortizationPropertyPlantAndEquipment",
    "plant_us": "us-gaap:PropertyPlantAndEquipmentNet",
    "plant_germany": "us-gaap:PropertyPlantAndEquipmentNet",
    "lease_assets": "us-gaap:OperatingLeaseRightOfUseAsset",
    "goodwill": "us-gaap:Goodwill",
    "goodwill_analytical": "us-gaap:Goodwill",
    "goodwill_life": "us-gaap:Goodwill",
    "goodwill_service": "us-gaap:Goodwill",
    "intangibles": "us-gaap:FiniteLivedIntangibleAssetsNet",
    "deferred_tax_assets": "us-gaap:DeferredIncomeTaxAssetsNet",
    "other_assets": "us-gaap:OtherAssetsNoncurrent",
    "assets": "us-gaap:Assets",
    "current_debt": "us-gaap:LongTermDebtCurrent",
    "long_debt": "us-gaap:LongTermDebtNoncurrent",
    "total_debt": "us-gaap:LongTermDebt",
    "principal": "us-gaap:DebtInstrumentCarryingAmount",
    "notes_2026": "us-gaap:DebtInstrumentCarryingAmount",
    "notes_2029": "us-gaap:DebtInstrumentCarryingAmount",
    "notes_2034": "us-gaap:DebtInstrumentCarryingAmount",
    "term_loan": "us-gaap:DebtInstrumentCarryingAmount",
    "revolver": "us-gaap:DebtInstrumentCarryingAmount",
    "unamortized": "us-gaap:DebtInstrumentUnamortizedDiscountPremiumAndDebtIssuanceCostsNet",
    "payables": "us-gaap:AccountsPayableCurrent",
    "accrued_pay": "us-gaap:EmployeeRelatedLiabilitiesCurrent",
    "deferred_revenue": "us-gaap:ContractWithCustomerLiabilityCurrent",
    "taxes_payable": "us-gaap:AccruedIncomeTaxesCurrent",
    "lease_current": "us-gaap:OperatingLeaseLiabilityCurrent",
    "other_accrued": "us-gaap:OtherAccruedLiabilitiesCurrent",
    "current_liabilities": "us-gaap:LiabilitiesCurrent",
    "lease_noncurrent": "us-gaap:OperatingLeaseLiabilityNoncurrent",
    "deferred_tax_liabilities": "us-gaap:DeferredIncomeTaxLiabilitiesNet",
    "pension": "us-gaap:PensionAndOtherPostretirementDefinedBenefitPlansLiabilitiesNoncurrent",
    "other_liabilities": "us-gaap:OtherLiabilitiesNoncurrent",
    "liabilities": "us-gaap:Liabilities",
    "preferred": "us-gaap:PreferredStockValue",
    "stock": "us-gaap:CommonStockValue",
    "paid_in": "us-gaap:AdditionalPaidInCapital",
    "retained": "us-gaap:RetainedEarningsAccumulatedDeficit",
    "aoci": "us-gaap:AccumulatedOtherComprehensiveIncomeLossNetOfTax",
    "treasury_stock": "us-gaap:TreasuryStockCommonValue",
    "equity": "us-gaap:StockholdersEquity",
    "liabilities_and_equity": "us-gaap:LiabilitiesAndStockholdersEquity",
    "cash_closing": "us-gaap:CashAndCashEquivalentsAtCarryingValue",
    "acquired_net": "us-gaap:BusinessCombinationRecognizedIdentifiableAssetsAcquiredAndLiabilitiesAssumedNet",
}

_STYLES: dict[str, Style] = {
    "basic_eps": "per_share",
    "diluted_eps": "per_share",
    "dividend": "per_share",
    "basic_shares": "shares",
    "diluted_shares": "shares",
    "dilution": "shares",
    "effective_rate": "percent",
}


def orrindale() -> Book:
    """Open the company's book for the fiscal years 2024, 2023 and 2022, which end on December 31."""
    contexts = {str(year): Context(date(year, 12, 31), date(year, 1, 1)) for year in range(2021, 2025)}
    annual = figures()
    return Book({name: _entry(name, series) for name, series in (annual | schedules(annual)).items()}, contexts)


def _entry(name: str, series: Series) -> Entry:
    keys = ("2024", "2023", "2022", "2021")[: len(series)]
    style: Style = "percent" if name.endswith(("_share", "_margin")) else _STYLES.get(name, "money")
    concept = _INSTANTS.get(name) or _DURATIONS.get(name)
    members = (_MEMBERS[name],) if name in _MEMBERS else ()
    return Entry(series, keys, concept, style, name in _INSTANTS, members)
