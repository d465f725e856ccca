"""What an extraction job asks of every filing: a TOML file of fields."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from index.query import find_things
from ingest.errors import UsageError
from ingest.vocabulary import Concept, Formula, Vocabulary


class ExtractionField(BaseModel):
    """One column: ``concept`` is a name of the vocabulary, a concept or a metric.

    ``period`` counts from the filing's own: 0 is the year or quarter that it covers, -1 the one a year
    before. ``scale`` is the power of ten by name in which the value is given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    concept: str = Field(min_length=1)
    period: int = Field(default=0, ge=-5, le=0)
    scale: Literal["units", "thousands", "millions", "billions"] = "units"


class ExtractionSchema(BaseModel):
    """The fields of an extraction job; ``forms`` limits it to filings of these forms."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    field: tuple[ExtractionField, ...] = Field(min_length=1)
    forms: tuple[str, ...] = ()

    @field_validator("field")
    @classmethod
    def _unique(cls, fields: tuple[ExtractionField, ...]) -> tuple[ExtractionField, ...]:
        names = [field.name for field in fields]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"field names must differ: {', '.join(sorted(twice))}")
        return fields


def load_schema(path: Path) -> ExtractionSchema:
    """Read a schema. Raises UsageError that names the file and the field that is wrong."""
    try:
        return ExtractionSchema.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"cannot read the schema {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the schema {path} is not valid TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise UsageError(f"the schema {path} is not valid: {problems}") from error


def thing_of(field: ExtractionField, vocabulary: Vocabulary) -> Concept | Formula:
    """Return the concept or metric that a field asks for, by key or by any of its names.

    Raises UsageError where the vocabulary has none.
    """
    thing = vocabulary.formulas.get(field.concept) or vocabulary.concepts.get(field.concept)
    if thing is not None:
        return thing
    named = find_things(field.concept, vocabulary)
    if len(named) == 1:
        return named[0]
    problem = "is not in the vocabulary" if not named else "names several things of the vocabulary"
    raise UsageError(f"field {field.name}: {field.concept!r} {problem}; `tieout vocabulary` lists its names")
