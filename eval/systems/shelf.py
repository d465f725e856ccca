"""What the peers have in common: the filings of a folder as plain page texts, and which of them a case may see.

Texts and vectors are kept below the work folder, by the content of the file and what made them, so that a
second run begins where the first one ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eval.case import Case
from eval.contract import Progress
from ingest.errors import DamagedFileError, DataAbsentError
from ingest.read import file_id

Scope = Literal["all", "asked", "given"]
"""Which filings are searched: all of the folder, those that any case is about, or those of the very case."""
RANKED = 50
"""So many different pages are ranked for a question."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The PDF files of a folder by their names without suffix, and where to keep what is made of them."""

    files: Mapping[str, Path]
    work: Path
    scope: Scope

    @classmethod
    def open(cls, folder: Path, work: Path, scope: Scope, cases: Sequence[Case]) -> Shelf:
        """List the files that the cases need in this scope. Raises DataAbsentError where there are none.

        A document that a case names and the folder lacks is left out: no page of it is found.
        """
        files = {path.stem: path for path in sorted(folder.rglob("*.pdf"))}
        if scope != "all":
            asked = {document for case in cases for document in case.documents}
            files = {name: path for name, path in files.items() if name in asked}
        if not files:
            raise DataAbsentError(f"there are no PDF filings for these questions in {folder}: name --data")
        return cls(files, work / "peers", scope)

    def seen(self, case: Case) -> frozenset[str]:
        """The documents that are searched for a case."""
        return frozenset(self.files).intersection(case.documents) if self.scope == "given" else frozenset(self.files)

    def page_texts(self, progress: Progress) -> tuple[dict[str, list[str]], list[str]]:
        """Return the text of each page of each document, and the names of those that cannot be read."""
        texts: dict[str, list[str]] = {}
        unreadable = []
        for number, (name, path) in enumerate(self.files.items(), start=1):
            try:
                texts[name] = cached_texts(self.work / "text" / f"{file_id(path)}.json", lambda: page_texts(path))  # noqa: B023
            except DamagedFileError:
                unreadable.append(name)
            progress(f"reading {name}", number, len(self.files))
        return texts, unreadable


def page_texts(path: Path) -> list[str]:
    """Return the text of each page as pdfium gives it. Raises DamagedFileError where it gives none."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        try:
            return [page.get_textpage().get_text_bounded() for page in document]
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise DamagedFileError(f"pdfium cannot read it ({error}): get the file again") from error


def cached_texts(path: Path, make: Callable[[], list[str]]) -> list[str]:
    """Return the list of texts kept at ``path``, which is made and written where it is not there."""
    if path.is_file():
        kept: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    made = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
    return made


def cached_vectors(path: Path, count: int, make: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the vectors kept at ``path``, made and written where there are not ``count`` of them."""
    if path.is_file():
        kept: NDArray[np.float32] = np.load(path, allow_pickle=False)
        if len(kept) == count:
            return kept
    made = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft.npy")
    np.save(draft, made, allow_pickle=False)
    draft.replace(path)
    return made
