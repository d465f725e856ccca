"""The language: what is read, what is refused, and that writing and reading are inverse."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from ingest.errors import ProgramError
from model.program import (
    ABSTAIN_REASONS,
    CONSTANTS,
    MAX_DEPTH,
    MAX_LENGTH,
    OPERATORS,
    Abstention,
    Argument,
    Call,
    Constant,
    Expression,
    Judgement,
    Pointer,
    Quote,
    RowPointer,
    parse_program,
    pointers,
    rows,
    substitute,
)

SALES, OLD = Pointer("E3", "2018"), Pointer("E3", "2017")


def test_reads_a_cell_written_either_way() -> None:
    assert parse_program("value(E3[2018])") == SALES
    assert parse_program("E3[2018]") == SALES


def test_reads_nested_arithmetic() -> None:
    program = parse_program("divide(subtract(E3[2018], E3[2017]), E3[2017])")
    assert program == Call("divide", (Call("subtract", (SALES, OLD)), OLD))
    assert pointers(program) == (SALES, OLD, OLD)


@pytest.mark.parametrize("key", ["2018", "2023Q2", "2023Q2YTD", "2018-03-31", "2018-03-31/4m", "c2", "-1", "0"])
def test_reads_every_kind_of_key(key: str) -> None:
    assert parse_program(f"value(net_income[{key}])") == Pointer("net_income", key)


@pytest.mark.parametrize(
    "text",
    [
        "yes(greater(value(E1[2022]), value(E1[2021])))",
        "no(equal(value(E1[2022]), const(100)))",
        "quote(E7, E9)",
        "table_max(E3)",
        "cagr(value(E1[2022]), value(E1[2019]), const(3))",
        "average(value(E1[a]), value(E1[b]), value(E1[c]))",
        *(f"abstain({reason})" for reason in ABSTAIN_REASONS),
    ],
)
def test_canonical_text_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_program(text)) == text


def test_spaces_between_tokens_are_accepted() -> None:
    assert parse_program(" add( E3[2018] ,E3[2017] ) ") == Call("add", (SALES, OLD))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "missing"),
        ("1577", "missing"),
        ("value(1577)", "missing"),
        ("const(365)", "points at nothing"),
        ("add(const(1), const(2))", "points at nothing"),
        ("add(E1[2018], const(6))", "not allowed"),
        ("add(E1[2018], const(-1))", "missing"),
        ("add(E1[2018], const(1.5))", "missing"),
        ("add(E1[2018], 5)", "missing"),
        ("add(E1[2018])", "takes 2"),
        ("add(E1[1], E1[2], E1[3])", "takes 2"),
        ("average(E1[1])", "takes 2 to 6"),
        ("sum(" + ", ".join(["E1[1]"] * 7) + ")", "more than 6"),
        ("table_sum(E3[2018])", "missing"),
        ("add(E1, E2)", "no operator 'E1'"),
        ("cagr(E1[1], E1[2], E1[3])", "must be a constant"),
        ("growth(E1[1], const(100))", "must be a cell"),
        ("add(greater(E1[1], E1[2]), E1[1])", "must be a cell"),
        ("yes(E1[2018])", "comparison"),
        ("yes(add(E1[1], E1[2]))", "comparison"),
        ("add(yes(greater(E1[1], E1[2])), E1[1])", "no operator 'yes'"),
        ("quote()", "missing"),
        ("quote(E1, E2, E3, E4, E5)", "more than 4"),
        ("quote(Net sales)", "missing"),
        ("abstain(because)", "no reason"),
        ("abstain()", "missing"),
        ("import(os)", "no operator"),
        ("__import__(os)", "missing"),
        ("value(E0[2018])", "not the name of a row"),
        ("value(E03[2018])", "not the name of a row"),
        ("value(E99999[2018])", "not the name of a row"),
        ("value(e3; drop[2018])", "missing"),
        ("value(E３[2018])", "missing"),
        ("value(E3[２０１８])", "missing"),
        ("value(E3[2018 ])x", "follows"),
        ("value(E3[" + "9" * 33 + "])", "not the name of a column"),
        ("value(E3[2018])\n", "follows"),
        ("value(E3[2018])\x00", "follows"),
        ("value(E3[2018]); abstain(unreadable)", "follows"),
        ("(" * 3000, "missing"),
    ],
)
def test_refuses(text: str, complaint: str) -> None:
    with pytest.raises(ProgramError, match=complaint.replace("(", r"\(")):
        parse_program(text)


def test_an_error_names_the_place() -> None:
    with pytest.raises(ProgramError, match=r"at character 14 of 'value\(E3\[2018'"):
        parse_program("value(E3[2018")


def test_depth_is_bounded_exactly() -> None:
    def nested(depth: int) -> str:
        return "per_day(" * depth + "E1[1]" + ")" * depth

    assert len(pointers(parse_program(nested(MAX_DEPTH)))) == 1
    with pytest.raises(ProgramError, match="nested deeper"):
        parse_program(nested(MAX_DEPTH + 1))


def test_length_is_bounded_exactly() -> None:
    cell = "value(E1[1])"
    assert parse_program(cell + " " * (MAX_LENGTH - len(cell))) == Pointer("E1", "1")
    with pytest.raises(ProgramError, match="at most"):
        parse_program(cell + " " * (MAX_LENGTH - len(cell) + 1))


def test_nodes_made_by_hand_are_checked() -> None:
    with pytest.raises(ProgramError):
        Constant(Decimal("1577"))
    with pytest.raises(ProgramError):
        Pointer("E1", "2018] evil")
    with pytest.raises(ProgramError):
        Quote(())
    with pytest.raises(ProgramError):
        Abstention("tired")
    with pytest.raises(ProgramError):
        Judgement("yes", Call("add", (SALES, OLD)))
    with pytest.raises(ProgramError):
        Call("table_sum", (SALES,))


def test_a_constant_is_written_without_exponent() -> None:
    assert str(Constant(Decimal("1E+6"))) == "const(1000000)"


def test_rows_names_each_row_once() -> None:
    assert rows(parse_program("add(table_sum(E4), add(E3[2018], E4[2018]))")) == ("E4", "E3")
    assert rows(Quote(("E9", "E7", "E9"))) == ("E9", "E7")
    assert rows(Abstention("unreadable")) == ()


def test_substitute_turns_a_formula_into_a_program() -> None:
    formula = parse_program("divide(value(net_income[0]), value(revenue[-1]))")
    mapping: dict[Pointer, Expression] = {
        Pointer("net_income", "0"): SALES,
        Pointer("revenue", "-1"): Call("add", (OLD, OLD)),
    }
    assert str(substitute(formula, mapping)) == "divide(value(E3[2018]), add(value(E3[2017]), value(E3[2017])))"


def test_substitute_reaches_into_verdicts_and_leaves_the_rest() -> None:
    verdict = parse_program("no(greater(value(a[0]), value(b[0])))")
    assert str(substitute(verdict, {Pointer("a", "0"): SALES})) == "no(greater(value(E3[2018]), value(b[0])))"
    assert substitute(Quote(("E1",)), {}) == Quote(("E1",))


def test_substitute_refuses_a_judgement_inside_arithmetic() -> None:
    with pytest.raises(ProgramError):
        substitute(Call("add", (SALES, OLD)), {SALES: Call("greater", (SALES, OLD))})


def _random_expression(source: random.Random, depth: int) -> Expression:
    if depth == 0:
        return Pointer(f"E{source.randint(1, 9999)}", source.choice(["2018", "2023Q2YTD", "2018-03-31/4m", "-1"]))
    operator = OPERATORS[source.choice([name for name, found in OPERATORS.items() if not found.judgement])]
    arguments: list[Argument] = []
    for position in range(source.randint(*operator.arity)):
        kind = operator.kind(position)
        if kind == "row":
            arguments.append(RowPointer(f"E{source.randint(1, 9999)}"))
        elif kind == "constant" or (kind == "expression" and position and source.random() < 0.2):
            arguments.append(Constant(Decimal(source.choice(CONSTANTS))))
        else:
            arguments.append(_random_expression(source, source.randint(0, depth - 1)))
    return Call(operator.name, tuple(arguments))


def test_whatever_is_written_is_read_back_the_same() -> None:
    source = random.Random(20)
    for _ in range(300):
        program = _random_expression(source, source.randint(0, 3))
        assert parse_program(str(program)) == program


def test_noise_is_refused_with_our_error_only() -> None:
    source = random.Random(21)
    alphabet = "E12[]()_, addvaluecnst/-\n\"'\\é\x00"
    for _ in range(2000):
        text = "".join(source.choices(alphabet, k=source.randint(0, 40)))
        try:
            parse_program(text)
        except ProgramError:
            continue
        assert rows(parse_program(text)), text
