"""What the benchmarks of sentiment share: positive, neutral or negative, told by the same systems and scored alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from eval.case import Case
from eval.contract import Benchmark
from eval.scorers.classification import ClassScorer, class_aggregates
from eval.systems.baseline import majority
from eval.systems.tuned import tuned_systems
from eval.systems.zero_shot import built_in, zero_shot

Load = Callable[[Path], tuple[Case, ...]]


def sentiment_benchmark(
    name: str, description: str, load: Load, load_training: Load, descriptions: Mapping[str, str]
) -> Benchmark:
    """Return the benchmark; ``descriptions`` say in words what each label means, for the system without training."""
    return Benchmark(
        name=name,
        description=description,
        load=load,
        scorers=(ClassScorer(),),
        systems={
            "built-in": built_in,
            "zero-shot": zero_shot(descriptions),
            "majority": majority,
            **tuned_systems(load_training),
        },
        headline=("accuracy", "macro_f1"),
        worse=(),
        aggregates=(class_aggregates,),
        train=load_training,
    )
