from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.extract import ExtractionRow, chosen_filings, extract, resume, write_rows
from assistant.schema import ExtractionSchema, load_schema, thing_of
from assistant.settled import own_period
from index.library import Library
from ingest.errors import UsageError
from ingest.vocabulary import built_in_vocabulary
from tests.assistant.desk import ANNUAL_HTML, ANNUAL_PDF, EXAMPLES, QUARTER_HTML, RELEASE, true_figures

VOCABULARY = built_in_vocabulary()


def schema_of(*fields: str, head: str = "") -> ExtractionSchema:
    import tomllib

    text = head + "".join(f"[[field]]\n{field}\n" for field in fields)
    return ExtractionSchema.model_validate(tomllib.loads(text))


KPIS = schema_of(
    'name = "revenue"\nconcept = "net sales"\nscale = "millions"',
    'name = "revenue_before"\nconcept = "revenue"\nperiod = -1\nscale = "millions"',
    'name = "margin"\nconcept = "operating margin"',
    'name = "assets"\nconcept = "total_assets"',
    'name = "eps"\nconcept = "eps_diluted"',
    'name = "goodwill_of_banks"\nconcept = "deposits"',
)


def rows(library: Library, schema: ExtractionSchema = KPIS) -> dict[str, ExtractionRow]:
    return {row.source: row for row in extract(library, schema, VOCABULARY)}


# The schema


def write(folder: Path, text: str) -> Path:
    path = folder / "schema.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_schema_is_valid() -> None:
    schema = load_schema(EXAMPLES / "kpis.toml")
    assert [field.name for field in schema.field][:2] == ["revenue", "revenue_prior_year"]
    assert all(thing_of(field, VOCABULARY) for field in schema.field)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "field"),
        ("field = 3", "field"),
        ("[[field]]\nname = 'a'", "field.0.concept"),
        ("[[field]]\nname = 'a b'\nconcept = 'revenue'", "field.0.name"),
        ("[[field]]\nname = 'a'\nconcept = ''", "field.0.concept"),
        ("[[field]]\nname = 'a'\nconcept = 'revenue'\nscale = 'dozens'", "field.0.scale"),
        ("[[field]]\nname = 'a'\nconcept = 'revenue'\nperiod = 1", "field.0.period"),
        ("[[field]]\nname = 'a'\nconcept = 'revenue'\nunit = 'USD'", "field.0.unit"),
        ("form = '10-K'\n[[field]]\nname = 'a'\nconcept = 'revenue'", "form: "),
        ("[[field]]\nname = 'a'\nconcept = 'revenue'\n[[field]]\nname = 'a'\nconcept = 'ebitda'", "must differ: a"),
        ("[[field]\n", "not valid TOML"),
    ],
)
def test_a_schema_that_is_wrong_is_told_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_schema(path)
    message = str(caught.value)
    assert str(path) in message
    assert said in message
    assert "\n" not in message


def test_a_schema_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the schema"):
        load_schema(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not valid TOML"):
        load_schema(tmp_path / "binary.toml")


@pytest.mark.parametrize(
    ("concept", "problem"), [("weather", "not in the vocabulary"), ("revenue and inventories", "several things")]
)
def test_a_field_that_the_vocabulary_does_not_settle(concept: str, problem: str, library: Library) -> None:
    schema = schema_of(f'name = "a"\nconcept = "{concept}"')
    with pytest.raises(UsageError, match=f"field a: .*{problem}"):
        next(extract(library, schema, VOCABULARY))


# The rows


def test_one_row_for_each_filing_in_the_order_of_the_library(library: Library) -> None:
    found = list(extract(library, KPIS, VOCABULARY))
    assert [row.source for row in found] == [filing.source for filing in library.filings()]
    assert all(list(row.fields) == [field.name for field in KPIS.field] for row in found)


@pytest.mark.parametrize("source", [ANNUAL_PDF, ANNUAL_HTML])
def test_values_are_those_that_were_typeset(source: str, library: Library) -> None:
    row = rows(library)[source]
    truth = true_figures("orrindale")
    assert (row.company, row.form, row.period) == ("Orrindale Instruments Corporation", "10-K", "2024")
    assert Decimal(row.fields["revenue"]["value"]) == truth["net_sales"][0]
    assert row.fields["revenue"]["unit"] == "USD millions"
    assert Decimal(row.fields["revenue_before"]["value"]) == truth["net_sales"][1]
    assert row.fields["revenue_before"]["period"] == "2023"
    assert Decimal(row.fields["assets"]["exact"]) == truth["assets"][0] * 10**6  # type: ignore[operator]
    assert Decimal(row.fields["eps"]["value"]) == truth["diluted_eps"][0]
    margin = truth["operating_income"][0] / truth["net_sales"][0] * 100  # type: ignore[operator]
    assert Decimal(row.fields["margin"]["value"]) == round(margin, 1)
    assert row.fields["margin"]["unit"] == "percent"


def test_a_quarterly_report_is_about_its_quarter(library: Library) -> None:
    row = rows(library)[QUARTER_HTML]
    truth = true_figures("marrowby")
    assert row.period == "2024Q2"
    assert Decimal(row.fields["revenue"]["exact"]) == truth["net_sales"][0] * 1000  # type: ignore[operator]
    assert Decimal(row.fields["revenue_before"]["exact"]) == truth["net_sales"][1] * 1000  # type: ignore[operator]


def test_every_value_has_its_source_and_every_null_its_reason(library: Library) -> None:
    for row in rows(library).values():
        for name, field in row.fields.items():
            if field["value"] is None:
                assert field["reason"] in ("not_reported", "wrong_period", "not_supported", "unreadable"), name
                assert field["detail"]
            else:
                assert field["reason"] is None
                assert field["program"]
                for source in field["sources"]:
                    assert source["page"] >= 1
                    assert source["quote"]
                    assert source["box"] or source["element"] or row.source.endswith(".htm")


def test_a_value_is_of_its_own_filing_only(library: Library) -> None:
    """The release knows no year before last; what another filing says of it is not its own."""
    row = rows(library)[RELEASE]
    assert row.fields["goodwill_of_banks"]["value"] is None
    annual = {filing.source: filing for filing in library.filings()}[ANNUAL_PDF]
    schema = schema_of('name = "old"\nconcept = "revenue"\nperiod = -5')
    (old,) = [row for row in extract(library, schema, VOCABULARY) if row.filing == annual.id]
    assert (old.fields["old"]["value"], old.fields["old"]["reason"]) == (None, "wrong_period")


def test_the_forms_of_the_schema_are_kept_to(library: Library) -> None:
    schema = schema_of('name = "a"\nconcept = "revenue"', head='forms = ["10-Q"]\n')
    assert [filing.source for filing in chosen_filings(library, schema)] == [QUARTER_HTML]
    assert [row.source for row in extract(library, schema, VOCABULARY)] == [QUARTER_HTML]


def test_a_filing_without_a_period_has_nulls(library: Library) -> None:
    from assistant.extract import _value

    filing = library.filings()[0]
    nameless = replace(filing, identity=replace(filing.identity, fiscal_year=None))
    assert own_period(nameless) is None
    field = KPIS.field[0]
    given = _value(library, nameless, field, thing_of(field, VOCABULARY), VOCABULARY)
    assert (given["value"], given["reason"]) == (None, "unreadable")


# The files


def test_lines_of_json(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "kpis.jsonl"
    assert write_rows(out, extract(library, KPIS, VOCABULARY), KPIS, []) == 4
    written = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
    assert [row["source"] for row in written] == [filing.source for filing in library.filings()]
    assert Decimal(written[0]["fields"]["revenue"]["value"]) == true_figures("orrindale")["net_sales"][0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kpis.jsonl"]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_comma_separated_values(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "kpis.csv"
    assert write_rows(out, extract(library, KPIS, VOCABULARY), KPIS, []) == 4
    first, *_ = read_csv(out)
    assert first["source"] == ANNUAL_PDF
    assert Decimal(first["revenue"]) == true_figures("orrindale")["net_sales"][0]
    assert (first["revenue.unit"], first["revenue.page"], first["revenue.quote"]) == ("USD millions", "14", "$2,426.7")
    assert len(first["revenue.box"].split()) == 4
    assert first["margin.page"] == "14; 14"
    assert (first["goodwill_of_banks"], first["goodwill_of_banks.reason"]) == ("", "not_reported")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kpis.csv"]


def row(source: str = "a.pdf", value: str | None = "1", quote: str = "1", company: str = "Acme") -> ExtractionRow:
    given = {
        "value": value,
        "unit": "USD",
        "reason": None,
        "sources": [{"page": 1, "page_label": None, "box": None, "element": "e1", "quote": quote, "label": "x"}],
    }
    return ExtractionRow(f"{source}-id", source, company, "10-K", "2023", {"a": given})


ONE = schema_of('name = "a"\nconcept = "revenue"')


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ('=HYPERLINK("http://x")', True),
        ("+1+cmd|' /C calc'!A0", True),
        ("-1+cmd|' /C calc'!A0", True),
        ("@SUM(A1)", True),
        ("\t=1", True),
        ("-3.2", False),
        ("-1,577", False),
        ("(1,577)", False),
        ("1,577", False),
    ],
)
def test_text_of_a_document_does_not_become_a_formula(text: str, inert: bool, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    write_rows(out, iter([row(quote=text, company=text)]), ONE, [])
    (written,) = read_csv(out)
    assert written["a.quote"] == (f"'{text}" if inert else text)
    assert written["company"] == (f"'{text}" if inert else text)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_texts_may_hold_any_character(suffix: str, tmp_path: Path) -> None:
    """Line separators of Unicode are no ends of lines of a file of JSON."""
    odd = "株式 “Naïve”, \u2028 \x85 \x1c \u2029 , end"
    out = tmp_path / f"a{suffix}"
    write_rows(out, iter([row(quote=odd), row("b.pdf")]), ONE, [])
    if suffix == ".csv":
        assert [each["a.quote"] for each in read_csv(out)] == [odd, "1"]
    else:
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
        assert lines[0]["fields"]["a"]["sources"][0]["quote"] == odd


@pytest.mark.parametrize("name", ["kpis.parquet", "kpis.xlsx", "kpis", "kpis.CSV"])
def test_other_formats_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"name it \*\.csv or \*\.jsonl"):
        write_rows(tmp_path / name, iter([row()]), ONE, [])
    with pytest.raises(UsageError, match=r"name it \*\.csv or \*\.jsonl"):
        resume(tmp_path / name, ONE)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        write_rows(tmp_path / "no" / "a.csv", iter([row()]), ONE, [])
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(UsageError, match="it is a folder"):
        write_rows(tmp_path / "b.csv", iter([row()]), ONE, [])


# Interruption


class StoppedError(Exception):
    pass


def interrupted(library: Library, after: int, out: Path, schema: ExtractionSchema = KPIS) -> None:
    """Run a job that is stopped after some rows."""

    def some() -> Iterator[ExtractionRow]:
        for number, each in enumerate(extract(library, schema, VOCABULARY)):
            if number == after:
                raise StoppedError
            yield each

    with pytest.raises(StoppedError):
        write_rows(out, some(), schema, [])
    assert not out.exists()


def finish(library: Library, out: Path, schema: ExtractionSchema = KPIS) -> list[dict[str, Any]]:
    kept = resume(out, schema)
    done = frozenset(row["filing"] for row in kept)
    write_rows(out, extract(library, schema, VOCABULARY, done=done), schema, kept)
    return kept


@pytest.mark.parametrize("after", [0, 1, 3])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_an_interrupted_job_is_taken_up_again(after: int, suffix: str, library: Library, tmp_path: Path) -> None:
    whole, out = tmp_path / f"whole{suffix}", tmp_path / f"kpis{suffix}"
    write_rows(whole, extract(library, KPIS, VOCABULARY), KPIS, [])
    interrupted(library, after, out)
    assert len(finish(library, out)) == after
    assert out.read_bytes() == whole.read_bytes()
    assert resume(out, KPIS) == []


def test_a_row_that_was_cut_off_is_made_again(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "kpis.jsonl"
    interrupted(library, 2, out)
    (partial,) = tmp_path.iterdir()
    content = partial.read_bytes()
    # The cut goes through a character of several bytes.
    partial.write_bytes(content + '{"filing": "x", "source": "“'.encode()[:-1])
    assert len(finish(library, out)) == 2
    assert len(out.read_text(encoding="utf-8").strip().split("\n")) == 4


@pytest.mark.parametrize(
    "changed",
    [
        'name = "revenue"\nconcept = "net sales"\nscale = "units"',
        'name = "revenue"\nconcept = "net income"\nscale = "millions"',
        'name = "revenue"\nconcept = "net sales"\nperiod = -1\nscale = "millions"',
    ],
)
def test_rows_of_another_schema_are_not_taken_up(changed: str, library: Library, tmp_path: Path) -> None:
    first = schema_of('name = "revenue"\nconcept = "net sales"\nscale = "millions"')
    out = tmp_path / "kpis.jsonl"
    interrupted(library, 2, out, first)
    assert len(resume(out, first)) == 2
    assert resume(out, schema_of(changed)) == []


def test_an_earlier_result_stays_until_the_new_one_is_whole(library: Library, tmp_path: Path) -> None:
    out = tmp_path / "kpis.jsonl"
    write_rows(out, iter([]), KPIS, [])
    out.write_text("earlier\n", encoding="utf-8")

    def broken() -> Iterator[ExtractionRow]:
        yield row()
        raise StoppedError

    with pytest.raises(StoppedError):
        write_rows(out, broken(), KPIS, [])
    assert out.read_text(encoding="utf-8") == "earlier\n"
