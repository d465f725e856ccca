from datetime import date
from decimal import Decimal

from ingest.document import Document
from ingest.filing import Fact, Period
from ingest.htm.read import read_html

HEAD = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12"
 xmlns:ixt-sec="http://www.sec.gov/inlineXBRL/transformation/2015-08-31"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:g="http://fasb.org/us-gaap/2024" xmlns:dei="http://xbrl.sec.gov/dei/2024" xmlns:acme="http://acme.example/2024">
<body><div style="display:none"><ix:header><ix:hidden>{hidden}</ix:hidden><ix:resources>
<xbrli:context id="now"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
 <xbrli:period><xbrli:instant>2024-09-28</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:context id="year"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
 <xbrli:period><xbrli:startDate>2023-10-01</xbrli:startDate><xbrli:endDate>2024-09-28</xbrli:endDate></xbrli:period>
</xbrli:context>
<xbrli:context id="part"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier><xbrli:segment>
 <xbrldi:typedMember dimension="acme:LotAxis"><acme:Lot>7</acme:Lot></xbrldi:typedMember>
 <xbrldi:explicitMember dimension="g:SegmentAxis"> acme:EastMember
 </xbrldi:explicitMember></xbrli:segment></xbrli:entity>
 <xbrli:period><xbrli:startDate>2024-06-30</xbrli:startDate><xbrli:endDate>2024-09-28</xbrli:endDate></xbrli:period>
</xbrli:context>
<xbrli:context id="week"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
 <xbrli:period><xbrli:startDate>2024-10-01</xbrli:startDate><xbrli:endDate>2024-10-07</xbrli:endDate></xbrli:period>
</xbrli:context>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>
<xbrli:unit id="eps"><xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unitNumerator>
 <xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator></xbrli:divide></xbrli:unit>
</ix:resources></ix:header></div>{body}</body></html>"""


def read(body: str, hidden: str = "") -> Document:
    return read_html(HEAD.replace("{hidden}", hidden).replace("{body}", body or "<p>x</p>").encode())


def tag(text: str, name: str = "g:Assets", context: str = "now", unit: str = "usd", more: str = "") -> str:
    return f'<ix:nonFraction name="{name}" contextRef="{context}" unitRef="{unit}" {more}>{text}</ix:nonFraction>'


def fact_of(document: Document) -> Fact:
    (fact,) = document.facts
    return fact


POINT = 'format="ixt:num-dot-decimal"'


def test_fact_in_a_table_has_label_full_value_and_place() -> None:
    cell = tag("1,577", more=f'{POINT} scale="6" sign="-" id="f-1"')
    document = read(f"<table><tr><td>Total assets</td><td>$</td><td>({cell}</td><td>)</td></tr></table>")
    fact = fact_of(document)
    assert (fact.label, fact.concept, fact.unit, fact.origin) == ("Total assets", "us-gaap:Assets", "USD", "ixbrl")
    assert (str(fact.value), fact.scale, fact.printed) == ("-1577000000", 6, "$(1,577)")
    assert fact.period == Period(date(2024, 9, 28))
    assert fact.period.start is None
    assert fact.span.element == "f-1"
    assert fact.span.chars is not None
    assert document.pages[0].text[slice(*fact.span.chars)] == "$(1,577)"
    assert document.tables[0].rows[0].cells[0].span.element == "f-1"


def test_fact_in_prose_is_found_in_the_text() -> None:
    amount = tag("9.8", more='scale="9"')
    document = read(f"<p>It was $<b>{amount}</b> billion.</p>")
    fact = fact_of(document)
    assert (fact.label, fact.value, fact.printed) == ("Assets", Decimal(9_800_000_000), "9.8")
    assert fact.span.chars is not None
    assert document.pages[0].text[slice(*fact.span.chars)] == "9.8"


def test_hidden_fact_has_no_range() -> None:
    fact = fact_of(read("", hidden=tag("5", more='id="h"')))
    assert (fact.value, fact.span.page, fact.span.element, fact.span.chars) == (Decimal(5), 0, "h", None)


def test_durations_units_and_dimensions() -> None:
    document = read(
        f"<p>{tag('1.64', 'g:EarningsPerShareBasic', 'year', 'eps')} {tag('4', 'acme:RATEOfReturn', 'part', 'pure')}"
        f"{tag('3', context='week')}</p>"
    )
    per_share, rate, week = document.facts
    assert (per_share.unit, per_share.period.months, per_share.period.start) == ("USD/shares", 12, date(2023, 10, 1))
    assert per_share.label == "Earnings per share basic"
    assert (rate.unit, rate.period.months, rate.label) == ("pure", 3, "RATE of return")
    assert rate.dimensions == (("acme:LotAxis", "7"), ("us-gaap:SegmentAxis", "acme:EastMember"))
    assert week.period.months == 1
    assert not week.period.is_instant


def test_nil_is_skipped_silently_and_unreadable_facts_with_a_warning() -> None:
    document = read(
        "<p>x"
        + tag("", more='xsi:nil="true"')
        + tag("1,5", more='format="ixt:nonsense"')
        + tag("1,577")
        + tag("5", context="nowhere")
        + tag("6", unit="furlong")
        + "</p>"
    )
    assert not document.facts
    assert [warning.message.split(":")[0] for warning in document.warnings] == ["1 tagged fact was left out"] * 4


def test_nested_facts_are_both_read() -> None:
    document = read(f"<p>{tag(tag('12', 'g:Liabilities'), 'g:Assets')}</p>")
    assert [(fact.concept, fact.value) for fact in document.facts] == [
        ("us-gaap:Assets", Decimal(12)),
        ("us-gaap:Liabilities", Decimal(12)),
    ]


def test_cover_follows_continuations_leaves_exclusions_out_and_normalises_dates() -> None:
    document = read(
        '<p><ix:nonNumeric name="dei:EntityRegistrantName" contextRef="year" continuedAt="c1">Acme '
        "<ix:exclude>page 3</ix:exclude>Tool</ix:nonNumeric></p>"
        '<ix:continuation id="c1" continuedAt="c2"><p>and Die</p></ix:continuation>'
        '<ix:continuation id="c2" continuedAt="c1"><p>Inc.</p></ix:continuation>'
        '<p><ix:nonNumeric name="dei:DocumentPeriodEndDate" contextRef="year" '
        'format="ixt:date-monthname-day-year-en">September 28, 2024</ix:nonNumeric>'
        '<ix:nonNumeric name="dei:TradingSymbol" contextRef="part">ACM-E</ix:nonNumeric>'
        '<ix:nonNumeric name="dei:TradingSymbol" contextRef="year">ACM</ix:nonNumeric>'
        '<ix:nonNumeric name="g:Note" contextRef="year">not cover</ix:nonNumeric></p>',
        hidden='<ix:nonNumeric name="dei:AmendmentFlag" contextRef="year" format="ixt:fixed-false">No</ix:nonNumeric>',
    )
    assert document.cover == {
        "EntityRegistrantName": "Acme Tool and Die Inc.",
        "DocumentPeriodEndDate": "2024-09-28",
        "TradingSymbol": "ACM",
        "AmendmentFlag": "false",
    }
    assert "page 3" in document.pages[0].text


def test_prefixes_of_an_old_uk_file_are_understood() -> None:
    html = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:i="http://www.xbrl.org/2008/inlineXBRL" '
        'xmlns:x="http://www.xbrl.org/2003/instance" xmlns:c="http://www.xbrl.org/2003/iso4217" '
        'xmlns:ns6="http://xbrl.frc.org.uk/fr/2019-01-01/core"><body><div style="display:none"><i:header>'
        '<x:context id="a"><x:period><x:instant>2020-12-31T00:00:00</x:instant></x:period></x:context>'
        '<x:unit id="u"><x:measure>c:GBP</x:measure></x:unit></i:header></div>'
        '<p><i:nonFraction name="ns6:Equity" contextRef="a" unitRef="u" format="t:numcommadot">1,234</i:nonFraction>'
        "</p></body></html>"
    )
    fact = fact_of(read_html(html.encode()))
    assert (fact.concept, fact.value, fact.unit) == ("core:Equity", Decimal(1234), "GBP")
    assert fact.period.end == date(2020, 12, 30)


def test_facts_survive_markup_that_is_not_well_formed() -> None:
    good = HEAD.replace("{hidden}", "").replace("{body}", f"<p>a&nbsp;b&rsquo;s {tag('5')}</p>")
    assert fact_of(read_html(good.encode())).value == 5
    broken = good.replace("</p>", "</i><br></p>")
    document = read_html(broken.encode())
    assert fact_of(document).concept == "us-gaap:Assets"
    assert any("not well-formed" in warning.message for warning in document.warnings)
    assert fact_of(read_html(f"<!DOCTYPE html [<!ENTITY x 'y'>]>{good}".encode())).value == 5


def test_fraction_is_its_numerator_over_its_denominator() -> None:
    terms = f'<ix:numerator {POINT} sign="-">1,000</ix:numerator> in <ix:denominator scale="3">4</ix:denominator>'
    fraction = f'<ix:fraction id="q" name="g:Ratio" contextRef="now" unitRef="pure">{terms}</ix:fraction>'
    fact = fact_of(read(f"<p>{fraction}</p>"))
    assert (fact.concept, fact.value, fact.unit, fact.printed) == (
        "us-gaap:Ratio",
        Decimal("-0.25"),
        "pure",
        "1,000 in 4",
    )
    assert fact.span.element == "q"


def test_fraction_that_is_none_is_left_out_with_a_warning() -> None:
    zero = "<ix:numerator>1</ix:numerator><ix:denominator>0</ix:denominator>"
    for terms in (zero, "<ix:numerator>1</ix:numerator>"):
        fraction = f'<ix:fraction name="g:Ratio" contextRef="now" unitRef="pure">{terms}</ix:fraction>'
        document = read(f"<p>{fraction}</p>")
        assert document.facts == ()
        assert "left out" in document.warnings[0].message
