"""``tieout parse``: what is printed is what was read, of the pages that were asked for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli.parsing import warning_lines
from assistant.parsed import as_facts, as_markdown, as_text, chosen_pages, describe_scale
from assistant.parsed_json import as_json
from ingest.errors import UsageError
from ingest.filing import Filing
from ingest.read import read_filing
from tests.assistant.desk import ANNUAL_HTML, ANNUAL_PDF, RELEASE
from tests.ingest.pdfs import written

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", params=[ANNUAL_PDF, ANNUAL_HTML])
def filing(request: pytest.FixtureRequest, examples: list[Path]) -> Filing:
    return read_filing(next(path for path in examples if path.name == request.param))


def statement_page(filing: Filing) -> int:
    return next(table.first_page for table in filing.tables if table.statement == "income")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [(None, [0, 1, 2, 3]), ("1", [0]), ("3-4,1", [0, 2, 3]), (" 2 , 2-2", [1]), ("1-4", [0, 1, 2, 3])],
)
def test_pages_are_chosen_by_numbers_from_1(text: str | None, chosen: list[int]) -> None:
    assert list(chosen_pages(text, 4)) == chosen


@pytest.mark.parametrize("text", ["", "0", "5", "2-9", "3-2", "a", "1,", "-3", "1-", "1.5", "1 2"])
def test_what_names_no_pages_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="pages"):
        chosen_pages(text, 4)


def test_text_is_that_of_the_pages(filing: Filing) -> None:
    (page,) = as_text(filing, [2])
    assert page.startswith("--- page 3")
    assert page.endswith(filing.pages[2].text + "\n")
    assert len(list(as_text(filing, range(len(filing.pages))))) == len(filing.pages)


def test_facts_are_a_line_each(filing: Filing) -> None:
    page = statement_page(filing)
    head, *lines = as_facts(filing, [page])
    assert head.split("\t")[:6] == ["label", "value", "unit", "period", "concept", "page"]
    facts = [fact for fact in filing.facts if fact.span.page == page]
    assert len(lines) == len(facts) > 10
    for line, fact in zip(lines, facts, strict=True):
        label, value, unit, period, concept, number, _ = line.removesuffix("\n").split("\t")
        assert (label, unit, concept) == (" ".join(fact.label.split()), fact.unit or "", fact.concept or "")
        assert int(number) == page + 1
        assert "E" not in value
        assert fact.value == type(fact.value)(value)
        assert period == fact.period.key


def test_markdown_has_every_cell_once_with_its_period(filing: Filing) -> None:
    page = statement_page(filing)
    text = "".join(as_markdown(filing, [page]))
    tables = [table for table in filing.tables if table.first_page == page]
    assert text.startswith(f"# {filing.identity.company}, {filing.identity.form}, FY2024\n")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "<br>" not in line]
    wanted = [row for table in tables for row in table.rows if row.span.page == page]
    assert len(rows) == len(wanted)
    for line, row in zip(rows, wanted, strict=True):
        printed = [part.strip() for part in line.strip("|").split(" | ")][1:]
        assert [part for part in printed if part] == [cell.text for cell in row.cells], line
    for table in tables:
        assert describe_scale(table) in text
        for column in table.columns:
            if column.period is not None and any(c.column == column.index for r in table.rows for c in r.cells):
                assert column.period.describe() in text


def test_what_a_table_prints_is_not_printed_again_as_prose(filing: Filing) -> None:
    page = statement_page(filing)
    prose = [line for line in "".join(as_markdown(filing, [page])).splitlines() if not line.startswith("|")]
    table = next(table for table in filing.tables if table.statement == "income")
    labels = {row.label for row in table.rows if row.cells}
    assert not labels & {line.strip() for line in prose}


def test_sections_are_headings(filing: Filing) -> None:
    text = "".join(as_markdown(filing, range(len(filing.pages))))
    headings = [line for line in text.splitlines() if line.startswith("##")]

    def count(sections: object) -> int:
        return sum(1 + count(section.children) for section in sections)  # type: ignore[attr-defined]

    assert len(headings) == count(filing.sections)
    assert any("Item 8" in heading for heading in headings)


def test_json_counts_pages_from_1_and_keeps_values_exact(filing: Filing) -> None:
    page = statement_page(filing)
    shown = json.loads("".join(as_json(filing, [page])))
    assert shown["id"] == filing.id
    assert [entry["page"] for entry in shown["pages"]] == [page + 1]
    facts = [fact for fact in filing.facts if fact.span.page == page]
    assert [fact["value"] for fact in shown["facts"]] == [f"{fact.value:f}" for fact in facts]
    assert {fact["page"] for fact in shown["facts"]} == {page + 1}
    cells = [cell for table in shown["tables"] for row in table["rows"] for cell in row["cells"]]
    assert any(cell["period"] and cell["period"]["key"] == "2024" for cell in cells)


def test_marks_of_markdown_in_a_filing_are_text(tmp_path: Path) -> None:
    hostile = "<html><body><p># a *b* _c_ &lt;script&gt; | d</p><table><tr><td>Net | sales</td><td>1</td></tr>"
    filing = read_filing(written(tmp_path, "a.htm", hostile.encode() + b"</table></body></html>"))
    text = "".join(as_markdown(filing, [0]))
    assert "\\# a \\*b\\* \\_c\\_ &lt;script> | d" in text
    assert "<script" not in text


def parse(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "assistant.cli.main", "parse", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_verb_prints_the_filing_and_then_its_warnings(examples: list[Path], tmp_path: Path) -> None:
    release = next(path for path in examples if path.name == RELEASE)
    done = parse(str(release), "--json", "--pages", "1-2")
    assert done.returncode == 0, done.stderr
    assert [page["page"] for page in json.loads(done.stdout)["pages"]] == [1, 2]
    page = written(tmp_path, "a.htm", b"<html><body><p>Net sales were 100.</p></body></html>")
    warned = parse(str(page))
    assert "Net sales were 100." in warned.stdout
    assert re.search(r"^note: no table figures", warned.stderr, re.MULTILINE)
    refused = parse(str(written(tmp_path, "b.pdf", b"%PDF-1.7 nothing")))
    assert (refused.returncode, refused.stdout) == (3, "")
    assert re.fullmatch(r"tieout: the PDF is cut off.*\n", refused.stderr)


def test_warnings_name_their_pages(tmp_path: Path) -> None:
    from tests.ingest.pdfs import scanned_page

    filing = read_filing(written(tmp_path, "scan.pdf", scanned_page()))
    lines = list(warning_lines(filing, None))
    assert any("(page 1)" in line for line in lines)
    assert all("\n" not in line for line in lines)
    assert not any("(page 1)" in line for line in warning_lines(filing, []))
