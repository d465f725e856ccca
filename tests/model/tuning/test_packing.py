"""A packed tree is to the model what its branches are alone."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from model.contract import Prompt
from model.rendering import PromptRenderer
from model.tuning import attention
from model.tuning.example import TrainingExample
from model.tuning.packing import Forest, Tree, grow, pack_tensors, plan_epoch
from model.tuning.recipe import Recipe
from model.tuning.tunable import Tunable, load_tunable


def test_the_loss_of_a_pack_is_that_of_its_questions_alone(tunable: Tunable, forest: Forest) -> None:
    pack = tuple(forest.trees[:3])
    alone = [(Tree(tree.sheet, (branch,)),) for tree in pack for branch in tree.branches]
    assert len(alone) == 12
    packed = float(tunable.loss(pack).detach())
    apart = sum(float(tunable.loss(single).detach()) for single in alone)
    assert packed == pytest.approx(apart, rel=1e-5)


def test_the_loss_is_that_of_the_plain_model_over_the_whole_text(tunable: Tunable, forest: Forest) -> None:
    """Without our mask, positions or selection: the library's own causal pass over one question."""
    import torch

    tree = forest.trees[0]
    branch = tree.branches[1]
    ids = torch.tensor([[*tree.sheet, *branch.question, *branch.program]])
    with torch.no_grad():
        logits = tunable.model(input_ids=ids).logits[0, -len(branch.program) - 1 : -1]
    expected = torch.nn.functional.cross_entropy(logits.float(), torch.tensor(branch.program), reduction="sum")
    found = tunable.loss((Tree(tree.sheet, (branch,)),)).detach()
    assert float(found) == pytest.approx(float(expected), rel=1e-5)


def test_the_gradient_of_a_pack_is_that_of_its_questions_alone(tunable: Tunable, forest: Forest) -> None:
    import torch

    tree = forest.trees[0]
    name, weight = next((name, weight) for name, weight in tunable.learned().items() if "lora_B" in name)
    tunable.loss((tree,)).backward()
    packed, weight.grad = weight.grad, None
    for branch in tree.branches:
        tunable.loss((Tree(tree.sheet, (branch,)),)).backward()
    assert packed is not None
    assert weight.grad is not None
    assert torch.allclose(packed, weight.grad, rtol=1e-3, atol=1e-6), name


def test_no_branch_sees_another_and_all_see_their_sheet(forest: Forest) -> None:
    tree = forest.trees[0]
    tensors = pack_tensors((forest.trees[1], tree))
    before = len(forest.trees[1])
    first = before + len(tree.sheet)
    second = first + len(tree.branches[0])
    row = tensors.mask[0, 0, second]
    assert not row[:before].any()
    assert row[before:first].all()
    assert not row[first:second].any()
    assert row[second]
    assert not row[second + 1 :].any()
    assert tensors.positions[0, second] == len(tree.sheet)


def test_what_is_learned_is_the_program_and_the_end_of_its_turn(tunable: Tunable, forest: Forest) -> None:
    branch = forest.trees[0].branches[0]
    decode = tunable.tokenizer.decode
    assert decode(list(branch.program)) == "value(E1[2024])<|im_end|>"
    assert decode(list(branch.question)).endswith("in 2024?<|im_end|>\n<|im_start|>assistant\n")


def test_the_tokens_are_those_that_a_generator_reads(
    tunable: Tunable, forest: Forest, examples: tuple[TrainingExample, ...]
) -> None:
    renderer = PromptRenderer(tunable.tokenizer, "plain")
    for example, branch in zip(examples[:4], forest.trees[0].branches, strict=True):
        prompt = renderer.prompt(Prompt(example.question, example.lines))
        assert prompt.all == [*forest.trees[0].sheet, *branch.question]


def test_each_question_over_a_sheet_reads_it_once(forest: Forest) -> None:
    assert forest.questions == 24
    assert len(forest.trees) == 6
    assert forest.tokens < 0.5 * forest.unpacked_tokens


def test_a_question_about_what_was_cut_off_is_left_out(tunable: Tunable, examples: tuple[TrainingExample, ...]) -> None:
    renderer = PromptRenderer(tunable.tokenizer, "plain")
    whole = len(renderer.prompt(Prompt("", examples[0].lines)).shared)
    cut = grow(examples[:4], renderer, sheet_tokens=whole - 1, pack_tokens=1200)
    assert cut.questions == 3
    assert sum(cut.left_out.values()) == 1
    assert "plant" not in tunable.tokenizer.decode(list(cut.trees[0].sheet))


def test_a_question_that_is_longer_than_a_pack_is_counted(
    tunable: Tunable, examples: tuple[TrainingExample, ...]
) -> None:
    renderer = PromptRenderer(tunable.tokenizer, "plain")
    long = dataclasses.replace(examples[0], question="why " * 2000)
    forest = grow([long], renderer, sheet_tokens=600, pack_tokens=1200)
    assert (forest.trees, dict(forest.left_out)) == ([], {"longer than a pack": 1})


def test_many_questions_over_one_sheet_become_several_trees(
    tunable: Tunable, examples: tuple[TrainingExample, ...]
) -> None:
    renderer = PromptRenderer(tunable.tokenizer, "plain")
    many = [dataclasses.replace(examples[1], id=f"{number}") for number in range(40)]
    forest = grow(many, renderer, sheet_tokens=600, pack_tokens=1000)
    assert len(forest.trees) > 1
    assert forest.questions == 40
    assert max(map(len, forest.trees)) <= 1000


def test_an_epoch_holds_every_tree_once_in_an_order_that_the_seed_decides(forest: Forest) -> None:
    def flat(seed: int) -> list[Tree]:
        steps = plan_epoch(forest.trees, pack_tokens=900, step_tokens=1000, seed=seed)
        return [tree for step in steps for pack in step for tree in pack]

    assert flat(1) == flat(1)
    assert flat(1) != flat(2)
    assert sorted(flat(1), key=repr) == sorted(forest.trees, key=repr)


def test_attention_in_blocks_is_attention(forest: Forest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against torch's own, with heads that share keys, rows that fill no block, and several trees."""
    import torch

    monkeypatch.setattr(attention, "ROWS", 48)
    mask = pack_tensors(tuple(forest.trees[:2])).mask
    torch.manual_seed(0)
    heads = [torch.randn(count, mask.shape[-1], 16, requires_grad=True) for count in (6, 2, 2)]
    query, key, value = heads
    wide = [each.repeat_interleave(3, 0)[None] for each in (key, value)]
    expected = torch.nn.functional.scaled_dot_product_attention(query[None], *wide, attn_mask=mask)[0]
    outward = torch.randn(expected.shape)
    wanted = torch.autograd.grad(expected, heads, outward)
    found = attention._block_function().apply(query, key, value, mask[0, 0], 0.25)
    assert torch.allclose(found, expected, atol=1e-5)
    for one, other in zip(torch.autograd.grad(found, heads, outward), wanted, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("method", ["lora", "full"])
def test_arithmetic_in_half_the_digits_gives_nearly_the_same_loss(
    tiny_cache: Path, recipe: Recipe, forest: Forest, method: str
) -> None:
    exact, rough = (
        load_tunable(recipe.model_copy(update={"method": method, "dtype": dtype}), cache=tiny_cache, device="cpu")
        for dtype in ("float32", "bfloat16")
    )
    loss = rough.loss((forest.trees[0],))
    loss.backward()
    assert float(loss.detach()) == pytest.approx(float(exact.loss((forest.trees[0],)).detach()), rel=0.03)
    assert all(weight.grad is not None and weight.dtype == weight.grad.dtype for weight in rough.learned().values())
