"""The grammar: only this sheet can be pointed at, and all that it allows is a program."""

from __future__ import annotations

import random

import numpy as np
import pytest
from llguidance import LLMatcher, LLTokenizer

from ingest.errors import ProgramError
from model.contract import SheetLine
from model.generator import TransformersGenerator
from model.grammar import program_grammar
from model.program import MAX_LENGTH, OPERATORS, Abstention, Quote, parse_program, pointers, rows

BYTES = LLTokenizer("byte")


def allows(lines: list[SheetLine], text: str, tokenizer: LLTokenizer = BYTES) -> bool:
    matcher = LLMatcher(tokenizer, program_grammar(lines), log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    tokens = tokenizer.tokenize_str(text)
    return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()


GOOD = [
    "value(E1[2018])",
    "value(E10[2018-03-31/4m])",
    "divide(value(E1[2018]), value(E2[2017]))",
    "divide(subtract(value(E1[2018]), value(E1[2017])), value(E1[2017]))",
    "multiply(divide(value(E1[2018]), value(E2[2018])), const(365))",
    "divide(const(1), value(E1[2018]))",
    "average(divide(value(E1[2018]), value(E2[2018])), divide(value(E1[2017]), value(E2[2017])))",
    "growth(value(E1[2018]), value(E1[2017]))",
    "cagr(value(E1[2018]), value(E1[2017]), const(3))",
    "per_day(value(E2[2018]))",
    "table_sum(E1)",
    "yes(greater(value(E1[2018]), value(E1[2017])))",
    "no(equal(value(E1[2018]), const(100)))",
    "quote(E11)",
    "quote(E11, E1, E2, E10)",
    "abstain(not_reported)",
]
BAD = [
    "value(E1[2019])",
    "value(E3[2018])",
    "value(E10[2018])",
    "value(E11[2018])",
    "value(E1)",
    "table_sum(E11)",
    "table_sum(E3)",
    "quote(E3)",
    "quote(E1, E1, E1, E1, E1)",
    "const(365)",
    "add(const(1), const(2))",
    "add(value(E1[2018]), const(6))",
    "add(value(E1[2018]),value(E1[2017]))",
    "add( value(E1[2018]), value(E1[2017]))",
    "add(1577, value(E1[2018]))",
    "1577",
    "greater(value(E1[2018]), value(E1[2017]))",
    "yes(value(E1[2018]))",
    "add(greater(value(E1[2018]), value(E1[2017])), value(E1[2018]))",
    "per_day(per_day(per_day(per_day(value(E1[2018])))))",
    "abstain(tired)",
    "quote(E11) abstain(not_reported)",
    "Sales were 32,765.",
]


@pytest.mark.parametrize("text", GOOD)
def test_allows_programs_on_the_sheet(sheet: list[SheetLine], text: str) -> None:
    assert allows(sheet, text)
    assert str(parse_program(text)) == text


@pytest.mark.parametrize("text", BAD)
def test_forbids_everything_else(sheet: list[SheetLine], text: str) -> None:
    assert not allows(sheet, text)


def test_every_operator_can_be_written(sheet: list[SheetLine]) -> None:
    arguments = {"expression": "value(E1[2018])", "amount": "value(E1[2018])", "row": "E1", "constant": "const(3)"}
    for operator in OPERATORS.values():
        inside = ", ".join(arguments[kind] for kind in operator.arguments)
        text = f"{operator.name}({inside})"
        assert allows(sheet, f"yes({text})" if operator.judgement else text), text


def test_sentences_alone_can_only_be_quoted() -> None:
    lines = [SheetLine("E1", "Demand fell.")]
    assert allows(lines, "quote(E1)")
    assert allows(lines, "abstain(not_reported)")
    assert not allows(lines, "value(E1[2018])")
    assert not allows(lines, "table_sum(E1)")


def test_an_empty_sheet_allows_only_refusals() -> None:
    assert allows([], "abstain(not_in_library)")
    assert not allows([], "quote(E1)")


@pytest.mark.parametrize(
    "line",
    [
        SheetLine('E1" | "anything', "x"),
        SheetLine("E1", "x", ('2018" | /.*/ | "',)),
        SheetLine("E1", "x", ("2018\n",)),
        SheetLine("", "x"),
    ],
)
def test_names_cannot_break_out_of_the_grammar(line: SheetLine) -> None:
    with pytest.raises(ProgramError):
        program_grammar([line])


def test_two_lines_of_one_name_are_refused() -> None:
    with pytest.raises(ProgramError, match="two lines"):
        program_grammar([SheetLine("E1", "x"), SheetLine("E1", "y")])


def _walk(matcher: LLMatcher, tokenizer: LLTokenizer, source: random.Random) -> str:
    written: list[int] = []
    while not matcher.is_stopped():
        allowed = np.flatnonzero(np.frombuffer(matcher.compute_logit_bias(), dtype=np.uint8))
        choices = [int(token) for token in allowed if token not in tokenizer.eos_tokens]
        if not choices:
            break
        written.append(source.choice(choices))
        assert matcher.consume_token(written[-1])
    assert matcher.is_accepting()
    return tokenizer.decode_str(written)


def _check_walks(sheet: list[SheetLine], tokenizer: LLTokenizer, seed: int, count: int) -> None:
    keys = {line.id: line.keys for line in sheet}
    matcher = LLMatcher(tokenizer, program_grammar(sheet), log_level=0)
    source, seen = random.Random(seed), set()
    for _ in range(count):
        matcher.reset()
        text = _walk(matcher, tokenizer, source)
        program = parse_program(text)
        assert str(program) == text
        assert set(rows(program)) <= set(keys)
        assert all(pointer.key in keys[pointer.row] for pointer in pointers(program))
        seen.add(type(program))
    assert {Abstention, Quote} < seen


def test_random_walks_are_programs(sheet: list[SheetLine]) -> None:
    _check_walks(sheet, BYTES, seed=22, count=150)


def test_random_walks_with_the_real_tokenizer_are_programs(
    sheet: list[SheetLine], generator: TransformersGenerator
) -> None:
    from llguidance import hf

    _check_walks(sheet, hf.from_tokenizer(generator._tokenizer), seed=23, count=100)


def test_the_longest_program_can_be_read() -> None:
    key = "k" * 32
    lines = [SheetLine("E9999", "x", (key,))]
    lowest = f"maximum({', '.join([f'value(E9999[{key}])'] * 6)})"
    middle = f"maximum({', '.join([lowest] * 6)})"
    longest = f"yes(greater({middle}, {middle}))"
    assert allows(lines, longest)
    assert len(longest) > 0.8 * MAX_LENGTH
    assert str(parse_program(longest)) == longest
    assert not allows(lines, f"maximum({middle}, {middle})")
