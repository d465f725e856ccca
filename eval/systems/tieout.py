"""Tieout as the system under test: a library of a benchmark's filings, and the assistant that users ask."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from assistant.add import Added, add_files, find_files
from assistant.answer import Answer, Citation
from assistant.ask import Assistant, Turn
from assistant.cli.opening import assistant_for, embedder_for
from assistant.config import load_settings
from eval.case import Case, CitedPlace, Place, PredictedValue, Prediction
from eval.contract import Door, Progress
from eval.systems.state import NO_GENERATOR, code_digest, no_generator, software_state
from eval.systems.trust import grounds, trust
from eval.systems.vectors import FILE as VECTORS
from eval.systems.vectors import KeptVectors
from index.candidates import HAND_SET, Fusion
from index.contract import Embedder, FilingRecord
from index.library import Library
from index.page_ranker import PageRanker
from index.query import Query
from index.ranking import find_passages
from ingest.errors import DataAbsentError, UnreadableFileError
from ingest.read import file_id

PASSAGES = 60
"""So many passages are ranked for a question: enough for twenty different pages."""

JOBS = 2
"""Worker processes that read filings."""


def tieout_systems(
    documents: Callable[[Path], Path], questions: Callable[[Path], Path] | None = None
) -> dict[str, Door]:
    """Return the four ways in which Tieout is measured on filings; ``documents`` finds their folder below the data.

    ``facts`` answers without a language model; ``oracle`` is told which filing each question is about.
    """

    def door(generator: str | None, given: bool) -> Door:
        return lambda data, work: TieoutSystem(
            documents(data),
            work,
            generator=generator,
            given_document=given,
            besides=questions(data) if questions else None,
        )

    return {
        "tieout": door(None, False),
        "tieout-facts": door(NO_GENERATOR, False),
        "tieout-oracle": door(None, True),
        "tieout-facts-oracle": door(NO_GENERATOR, True),
    }


class TieoutSystem:
    """Asks the assistant, over one library of all filings below the folder ``documents``.

    The library stands below ``work`` and is kept from run to run: what is there already is not read again,
    and what is gone from the folder is taken out. It is called by all that decides its content (the code
    of the reader, the vocabulary, the embedder, the folder), so that no run measures an older reader. Texts
    that an earlier reader made too are not embedded again.

    ``besides`` is a file among the filings that is none. ``generator`` overrules the settings' one; ``none``
    in either place means no language model. With ``given_document`` each question sees the filings of its
    case alone. ``embedder`` is for tests.
    """

    def __init__(
        self,
        documents: Path,
        work: Path,
        *,
        generator: str | None = None,
        given_document: bool = False,
        besides: Path | None = None,
        embedder: Callable[[], Embedder] | None = None,
        jobs: int = JOBS,
    ) -> None:
        self.documents = documents
        self.work = work
        self.given_document = given_document
        self.besides = besides
        self.settings = load_settings(generator=generator)
        self.jobs = jobs
        self._embedder = cache(embedder or (lambda: embedder_for(self.settings)))
        self._names: dict[str, tuple[str, ...]] = {}
        self._library: _SomeFilings | None = None
        self._assistant: Assistant | None = None

    @property
    def name(self) -> str:
        """What reports call it: ``tieout``, ``tieout-facts``, ``tieout-oracle`` or ``tieout-facts-oracle``."""
        facts = "-facts" if self.settings.generator == NO_GENERATOR else ""
        return f"tieout{facts}{'-oracle' if self.given_document else ''}"

    @property
    def library(self) -> Library:
        """The library that ``prepare`` opened, with the embedder in use."""
        if self._library is None:
            raise RuntimeError("the library was asked for before prepare")
        self._library.use(self.embedder)
        return self._library

    @property
    def embedder(self) -> Embedder:
        """The embedder of the library."""
        return self._embedder()

    def prepare(self, cases: Sequence[Case], progress: Progress) -> Mapping[str, str]:
        """Bring the library up to date and return what identifies it, the models and the code.

        Files that cannot be read are named in ``not_added`` and stop nothing. Raises DataAbsentError where
        the folder holds no filing, UnreadableFileError where none could be added, ModelMissingError.
        """
        files = [
            path for path in find_files([self.documents])[0] if self.besides is None or path != self.besides.resolve()
        ]
        if not files:
            raise DataAbsentError(f"there are no filings in {self.documents}: name the folder of the data with --data")
        self.close()
        self._library = self._open()
        self._names = _names(files)
        self._library.remove_others(set(self._names))
        failed = [
            f"{added.path.name} ({added.message})"
            for added in self._add(files, self._library, progress)
            if added.outcome == "not added"
        ]
        if not self._library.filings():
            raise UnreadableFileError(f"no file below {self.documents} could be added: {'; '.join(failed)}")
        self._assistant = self._new_assistant(self._library)
        return self._state(self._library, failed)

    def predict(self, case: Case) -> Prediction:
        """Ask the question and rank pages for it; the prediction holds the whole answer."""
        _, turn = self.ask(case)
        return prediction_of(turn.answer, self._retrieved(turn, case), lambda filing: self._name(filing, case))

    def ask(self, case: Case) -> tuple[Library, Turn]:
        """Ask the question of a case; also return the library, of which the case's filings are shown."""
        if self._library is None or self._assistant is None:
            raise RuntimeError("predict was called before prepare")
        self._library.shown = self._ids_of(case.documents) if self.given_document else None
        return self._library, self._assistant.ask(case.question)

    def close(self) -> None:
        """Let go of the library."""
        if self._library is not None:
            self._library.close()
        self._library = self._assistant = None

    def _open(self) -> _SomeFilings:
        digest = hashlib.sha256(code_digest("ingest").encode())
        for path in self.settings.vocabulary:
            digest.update(path.read_bytes())
        digest.update(self._embedder().fingerprint.encode())
        folder = self.documents.resolve()
        digest.update(str(folder).encode())
        place = self.work / "libraries" / f"{'-'.join(folder.parts[-2:])}-{digest.hexdigest()[:12]}"
        return cast(_SomeFilings, _SomeFilings.open(place, create=True))

    def _add(self, files: Sequence[Path], library: Library, progress: Progress) -> Iterable[Added]:
        def kept() -> KeptVectors:
            return KeptVectors(self._embedder(), self.work / VECTORS)

        adding = add_files(files, library, kept, self.settings.vocabulary, jobs=self.jobs)
        for number, added in enumerate(adding, start=1):
            progress(f"adding {added.path.name}", number, len(files))
            yield added

    def _new_assistant(self, library: Library) -> Assistant:
        assistant = replace(assistant_for(self.settings, library), embedder=self._embedder)
        if self.settings.generator != NO_GENERATOR:
            return assistant
        return replace(assistant, generator=no_generator)

    def _state(self, library: Library, failed: Sequence[str]) -> dict[str, str]:
        embedder = self._embedder()
        filings = sorted(filing.id for filing in library.filings())
        return {
            **software_state(self.settings),
            "embedder": f"{embedder.name}@{embedder.fingerprint}",
            "filings": str(len(filings)),
            "library": hashlib.sha256("".join(filings).encode()).hexdigest()[:12],
            "not_added": "; ".join(failed),
            "document": "given" if self.given_document else "to be found",
        }

    def _retrieved(self, turn: Turn, case: Case) -> tuple[Place, ...]:
        """Pages by rank, each once: those cited, those of the figures found, then those of the passages.

        A question that facts settle is not searched for in passages when it is asked; for its ranking it is.
        """
        return tuple(dict.fromkeys((*self.answered(turn, case), *self.found(turn.query, case))))

    def answered(self, turn: Turn, case: Case) -> tuple[Place, ...]:
        """Return the pages that are cited, then those of the figures that were found."""
        pages = (
            *((citation.filing, citation.page - 1) for citation in turn.answer.citations),
            *((line.filing_id, line.span.page) for line in turn.evidence.lines if line.concept is not None),
        )
        return tuple(Place(self._name(filing, case), page) for filing, page in pages)

    def found(
        self, query: Query, case: Case, fusion: Fusion = HAND_SET, ranker: PageRanker | None = None
    ) -> tuple[Place, ...]:
        """Return the pages of the passages that a search ranks, a page once for each of them."""
        passages = find_passages(query, self.library, self.embedder, PASSAGES, fusion=fusion, ranker=ranker)
        return tuple(Place(self._name(record.filing_id, case), record.passage.span.page) for record in passages)

    def _ids_of(self, documents: Iterable[str]) -> frozenset[str]:
        wanted = set(documents)
        return frozenset(filing for filing, names in self._names.items() if wanted.intersection(names))

    def _name(self, filing: str, case: Case) -> str:
        """The document that a filing is: of files with the same content, the one that the case speaks of."""
        names = self._names[filing]
        return next((name for name in names if name in case.documents), names[0])


class _SomeFilings(Library):
    """A library of which all filings are seen, or only those that are ``shown``."""

    shown: frozenset[str] | None = None

    def filings(self) -> tuple[FilingRecord, ...]:
        """The filings that are shown, in the order in which they were added."""
        return tuple(filing for filing in super().filings() if self.shown is None or filing.id in self.shown)

    def remove_others(self, kept: set[str]) -> None:
        """Take out every filing whose id is not among those to keep."""
        others = [filing.id for filing in self.filings() if filing.id not in kept]
        if others:
            self.remove(*others)


def prediction_of(answer: Answer, retrieved: tuple[Place, ...], name: Callable[[str], str]) -> Prediction:
    """Turn an answer into a prediction; ``name`` gives the document of a filing's id.

    ``confidence`` is the share of the grounds that the answer has (``eval.systems.trust``). ``extra`` holds
    what it rests on: ``grounds``, ``trace``, ``checks``, ``programs``, ``writer``, ``model``, ``usage``,
    ``assumed``, ``search``, ``timings``, and ``values`` and ``citations`` with all that they say.
    """
    return Prediction(
        status=answer.status,
        text=answer.text,
        values=tuple(PredictedValue(value.value, value.unit) for value in answer.values),
        citations=tuple(_cited(citation, name) for citation in answer.citations),
        retrieved=retrieved,
        confidence=trust(answer) if answer.status == "answered" else None,
        reason=answer.reason,
        extra=_extra(answer),
    )


def _cited(citation: Citation, name: Callable[[str], str]) -> CitedPlace:
    place = Place(name(citation.filing), citation.page - 1)
    return CitedPlace(place, citation.box, citation.element, citation.quote)


def _extra(answer: Answer) -> dict[str, Any]:
    return {
        "grounds": grounds(answer) if answer.status == "answered" else {},
        "writer": answer.writer,
        "model": answer.model,
        "usage": None if answer.usage is None else asdict(answer.usage),
        "programs": list(answer.programs),
        "trace": [asdict(step) for step in answer.trace],
        "checks": [asdict(check) for check in answer.checks],
        "values": [asdict(value) for value in answer.values],
        "citations": [asdict(citation) for citation in answer.citations],
        "assumed": list(answer.assumed),
        "search": answer.search,
        "timings": dict(answer.timings),
    }


def _names(files: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """The names without suffix of the files of each content; those that cannot be opened are left out."""
    names: dict[str, tuple[str, ...]] = {}
    for path in files:
        try:
            identifier = file_id(path)
        except UnreadableFileError:  # add_files says of it why
            continue
        names[identifier] = (*names.get(identifier, ()), path.stem)
    return names
