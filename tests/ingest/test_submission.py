import base64
import binascii
import os
from pathlib import Path

import pytest

from ingest.errors import DamagedFileError, UnsupportedFileError
from ingest.read import read_filing
from ingest.submission.exhibits import exhibit_title
from ingest.submission.header import read_header
from ingest.submission.read import read_submission
from ingest.submission.split import is_submission, split

DATA = Path(os.environ.get("TIEOUT_DATA", "../shared/data")) / "edgar" / "sgml"

HEADER = """<SEC-DOCUMENT>0000000001-25-000001.txt : 20250220
<SEC-HEADER>0000000001-25-000001.hdr.sgml : 20250220
ACCESSION NUMBER:\t\t0000000001-25-000001
CONFORMED SUBMISSION TYPE:\t10-K
CONFORMED PERIOD OF REPORT:\t20240630
FILED AS OF DATE:\t\t20240820

REPORTING-OWNER:
\tOWNER DATA:
\t\tCOMPANY CONFORMED NAME:\tSomeone Else

FILER:

\tCOMPANY DATA:
\t\tCOMPANY CONFORMED NAME:\tMARROWBY MILLS INC /VT/
\t\tCENTRAL INDEX KEY:\t0000012345
\t\tFISCAL YEAR END:\t0630
</SEC-HEADER>
"""
MAIN = """<html><body><p>FORM 10-K</p><table><tr><td>Cash</td><td>1,000</td></tr><tr><td>Debt</td><td>2,000</td></tr>
</table><p style="page-break-after:always">1</p><p>Item 1. Business</p><p>The mill weaves.</p></body></html>"""
EXHIBIT = """<html><body><h1 id="top">Subsidiaries</h1><p>Item 9. Nothing</p>
<table><tr><td>Orrin Ltd</td><td>100</td></tr><tr><td>Dale Ltd</td><td>51</td></tr></table></body></html>"""


def document(type_: str, text: str, name: str = "a.htm", description: str = "") -> str:
    said = f"<DESCRIPTION>{description}\n" if description else ""
    return f"<DOCUMENT>\n<TYPE>{type_}\n<SEQUENCE>1\n<FILENAME>{name}\n{said}<TEXT>\n{text}\n</TEXT>\n</DOCUMENT>\n"


def encoded(data: bytes, name: str) -> str:
    lines = [binascii.b2a_uu(data[i : i + 45]).decode() for i in range(0, len(data), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend"


def submission() -> bytes:
    return (
        HEADER
        + document("10-K", MAIN, "mill.htm")
        + document("EX-21.1", EXHIBIT, "ex21.htm", "EX-21.1")
        + document("GRAPHIC", encoded(b"GIF89a" * 9, "logo.gif"), "logo.gif")
        + document("EX-101.SCH", "<XBRL>\n<?xml version='1.0'?><schema/>\n</XBRL>", "mill.xsd")
    ).encode()


def test_pages_of_the_main_document_come_first_and_exhibits_are_sections(tmp_path: Path) -> None:
    path = tmp_path / "0000000001-25-000001.txt"
    path.write_bytes(submission())
    filing = read_filing(path)
    assert [page.text.split("\n")[0] for page in filing.pages] == ["FORM 10-K", "Item 1. Business", "Subsidiaries"]
    assert [(s.kind, s.number, s.title, s.first_page) for s in filing.sections] == [
        ("item", "1", "Item 1. Business", 1),
        ("exhibit", "21.1", "Exhibit 21.1. Subsidiaries of the registrant", 2),
    ]
    assert [child.number for child in filing.sections[1].children] == ["9"]
    identity = filing.identity
    assert (identity.company, identity.cik, identity.form) == ("Marrowby Mills Inc", "0000012345", "10-K")
    assert (identity.fiscal_year, str(identity.period_end), identity.fiscal_year_end) == (2024, "2024-06-30", (6, 30))
    assert "1 × picture, 1 × XBRL file" in " ".join(warning.message for warning in filing.warnings)


def test_places_in_an_exhibit_name_their_document_and_page() -> None:
    read = read_submission(submission())
    table = read.tables[1]
    assert table.page == 2
    cell = table.rows[1].cells[0]
    assert (cell.span.page, cell.span.element) == (2, "ex21.htm#top")
    assert read.pages[2].index == 2
    assert cell.span.chars is not None
    assert read.pages[2].text[slice(*cell.span.chars)] == "51"


def test_both_notations_of_the_header_say_the_same() -> None:
    tagged = (
        b"<SUBMISSION><ACCESSION-NUMBER>0000000001-25-000001<TYPE>10-K<PERIOD>20240630<FILING-DATE>20240820"
        b"<REPORTING-OWNER><OWNER-DATA><CONFORMED-NAME>Someone Else</OWNER-DATA></REPORTING-OWNER>"
        b"<FILER><COMPANY-DATA><CONFORMED-NAME>MARROWBY MILLS INC /VT/<CIK>0000012345<FISCAL-YEAR-END>0630"
    )
    plain = read_header(HEADER.encode())
    assert plain == read_header(tagged)
    assert plain == {
        "EntityRegistrantName": "MARROWBY MILLS INC",
        "EntityCentralIndexKey": "0000012345",
        "DocumentType": "10-K",
        "DocumentPeriodEndDate": "2024-06-30",
        "CurrentFiscalYearEndDate": "--06-30",
        "FilingDate": "2024-08-20",
        "AccessionNumber": "0000000001-25-000001",
    }


def test_mail_that_escapes_dashes_is_read_as_it_was_written() -> None:
    text = "- ----------\n- -5\nA - B\n"
    mail = "-----BEGIN PRIVACY-ENHANCED MESSAGE-----\nProc-Type: 2001,MIC-CLEAR\n\n" + HEADER + document("10-K", text)
    assert is_submission(mail.encode())
    assert split(mail.encode()).parts[0].data.decode().split("\n")[:3] == ["----------", "-5", "A - B"]


def test_the_document_of_the_form_is_the_main_one_wherever_it_stands() -> None:
    data = HEADER + document("EX-99", "An exhibit, typed.", "ex.txt") + document("10-K", "The report, typed.", "k.txt")
    read = read_submission(data.encode())
    assert [part.type for part in read.parts] == ["10-K", "EX-99"]
    assert read.pages[0].text == "The report, typed."


def test_a_data_form_prints_its_values() -> None:
    xml = "<XML>\n<?xml version='1.0'?><ownershipDocument><issuerName>MILL</issuerName><transaction><shares>"
    xml += "<value>300</value></shares><code>S</code></transaction></ownershipDocument>\n</XML>"
    read = read_submission((HEADER + document("4", xml, "form4.xml")).encode())
    assert read.pages[0].text.split("\n") == [
        "Ownership document",
        "Issuer name: MILL",
        "Transaction",
        "Shares: 300",
        "Code: S",
    ]


def test_entities_of_a_data_form_are_not_expanded() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c SYSTEM "file:///etc/hostname">]><a>x&b;&c;</a>'
    )
    read = read_submission((HEADER + document("D", f"<XML>\n{bomb}\n</XML>", "d.xml")).encode())
    assert read.pages[0].text == "A\nA: x"


def test_what_holds_nothing_to_read_is_refused() -> None:
    with pytest.raises(DamagedFileError, match="cut off"):
        read_submission(HEADER.encode())
    picture = document("10-K", encoded(b"%PDF-1.4" * 20, "k.pdf"), "k.pdf")
    with pytest.raises(UnsupportedFileError, match="PDF copy"):
        read_submission((HEADER + picture).encode())


def test_a_damaged_exhibit_is_a_warning() -> None:
    data = HEADER + document("10-K", MAIN) + document("EX-99.1", "<html><body></body></html>", "e.htm")
    read = read_submission(data.encode())
    assert len(read.parts) == 1
    assert "document 1 (EX-99.1) is not read" in read.warnings[-1].message


@pytest.mark.parametrize(
    ("type_", "description", "title"),
    [
        ("EX-31.1", "", "Exhibit 31.1. Certifications under Rule 13a-14(a)"),
        ("EX-99.1", "EXHIBIT 99.1", "Exhibit 99.1. Additional exhibits"),
        ("EX-99.1", "PRESS RELEASE", "Exhibit 99.1. PRESS RELEASE"),
        ("EX-7.X", "", "Exhibit 7.X"),
    ],
)
def test_titles_of_exhibits(type_: str, description: str, title: str) -> None:
    assert exhibit_title(type_, description) == title


def test_html_that_only_mentions_a_document_is_no_submission() -> None:
    assert not is_submission(b"<html><body>&lt;DOCUMENT&gt;<DOCUMENT></body></html>")
    assert not is_submission(base64.b64encode(b"x" * 500))


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the submissions as filed are not beside the repository")
def test_submissions_as_filed_are_read() -> None:
    read = {path.name: read_filing(path) for path in sorted(DATA.iterdir()) if path.suffix in (".txt", ".nc")}
    assert len(read) == 9
    pages = {name: len(filing.pages) for name, filing in read.items()}
    assert pages["0001193125-10-145855.nc"] == 147
    companies = {name: filing.identity.company for name, filing in read.items()}
    assert companies["0001011438-98-000429.txt"] == "Aames Capital Corp"
    assert companies["0000899681-95-000096.txt"] == "Page America Group, Inc."
    statement = read["0001011438-98-000429.txt"].tables[0]
    totals = next(row for row in statement.rows if row.label == "TOTALS")
    assert [cell.text for cell in totals.cells][:2] == ["650,000,000.00", "645,008,411.46"]
    with pytest.raises(UnsupportedFileError, match="XML data"):
        read_filing(DATA / "NVDA-FilingSummary.xml")
