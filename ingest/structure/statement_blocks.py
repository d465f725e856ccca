"""Stretches of pages that a title says are a primary statement, and whether their rows are a statement's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.filing import Page, Statement
from ingest.statements import statement_of
from ingest.structure.marks import Place
from ingest.structure.notes import heads_notes
from ingest.structure.statement_rows import is_unmistakable, is_whole, kinds_of_rows, with_figures

MOST_PAGES = 3
"""No statement runs over more pages below one title."""
LONGEST_TITLE = 130
HALF_TITLE = 7
"""A title that is printed on two lines has no more words than this on each."""
HEAD_LINES = 4
"""What a statement is not the company's own by (a schedule, guarantors) stands so near to its title."""
FEWEST_ROWS = 5
"""A statement prints at least this many rows on its first page, if it goes on on the next."""

_PAGED = re.compile(r"(?:[\s.]{2,}|\s)(?:F-)?\d{1,3}$")
_NOT_OURS = re.compile(
    r"consolidating|parent[\s-]+(?:company|only)|guarantor|pro\s+forma|schedule\s+[IVX]+\b|average\s+balance"
    r"|supplement(?:al|ary)\s+(?:condensed|consol)|condensed\s+financial\s+information\s+of|registrant\s+only"
    r"|as\s+(?:previously\s+)?reported|non-?gaap|reconcil|common[\s-]size|percentage",
    re.IGNORECASE,
)
_COMPREHENSIVE = re.compile(r"comprehensive\s+(?:\(?loss|income|earnings)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A statement from its title to the end of its rows' last page or the next title.

    ``kinds`` are the kinds of rows seen, ``rows`` how many print figures, ``also`` the other statement that
    one of income and comprehensive income is.
    """

    statement: Statement
    place: Place
    end: Place
    kinds: frozenset[int]
    rows: int
    also: tuple[Statement, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the rows are those of a whole statement."""
        return is_whole(self.statement, self.kinds, self.rows)


def titled_blocks(pages: Sequence[Page]) -> list[Block]:
    """Return the stretches below each title of a statement, in order, whether or not their rows are its own."""
    titles = [
        (page.index, at, statement)
        for page in pages
        for at in range(len(page.lines))
        if (statement := _titled(page, at)) is not None
    ]
    by_index = {page.index: page for page in pages}
    found: list[Block] = []
    for number, (index, at, statement) in enumerate(titles):
        following = titles[number + 1][:2] if number + 1 < len(titles) else (pages[-1].index + 1, 0)
        block = _block(by_index, (index, at), statement, following)
        if found and _goes_on(found[-1], block):
            found[-1] = _together(found[-1], block)
        else:
            found.append(block)
    return found


def _goes_on(block: Block, following: Block) -> bool:
    """Whether a statement goes on below the same title on the next page; a title alone has no rows."""
    same = block.statement == following.statement and following.place[0] - block.end[0] in (0, 1)
    return same and block.rows >= FEWEST_ROWS and following.rows > 0


def _together(block: Block, following: Block) -> Block:
    return replace(
        block,
        end=following.end,
        kinds=block.kinds | following.kinds,
        rows=block.rows + following.rows,
        also=tuple(dict.fromkeys((*block.also, *following.also))),
    )


def untitled_blocks(pages: Iterable[Page]) -> list[Block]:
    """Return the pages whose rows are unmistakably a statement's, for a title may be a picture or unusual."""
    found = []
    for page in pages:
        rows = with_figures(line.text for line in page.lines)
        if _NOT_OURS.search(" ".join(line.text for line in page.lines[: 2 * HEAD_LINES])):
            continue
        for statement in ("income", "balance", "cash_flow"):
            kinds = kinds_of_rows(statement, rows)
            if is_unmistakable(statement, kinds, len(rows)):
                found.append(Block(statement, (page.index, 0), (page.index, len(page.text)), kinds, len(rows)))
    return found


def _titled(page: Page, at: int) -> Statement | None:
    """The statement that a line names as a title: alone on its line, not in an index and not another's."""
    text = page.lines[at].text.strip()
    if (
        len(text) > LONGEST_TITLE
        or not _may_be_title(text)
        or text.endswith((",", ":", ";"))
        or _PAGED.search(text)
        or text[:1] in "•●(–"
    ):
        return None
    statement = statement_of([text])
    if statement is None and len(text.split()) <= HALF_TITLE:
        statement = statement_of([f"{text} {_second_half(page, at)}"])
    if statement is None:
        return None
    around = " ".join(line.text for line in page.lines[max(at - HEAD_LINES, 0) : at + HEAD_LINES])
    return None if _NOT_OURS.search(around) else statement


def _may_be_title(text: str) -> bool:
    """Whether a word of every title is there, blanks inside of words or not: most lines are told by this alone."""
    letters = text.lower().replace(" ", "")
    return "statement" in letters or "balance" in letters or "profit" in letters


def _second_half(page: Page, at: int) -> str:
    """The next line, where it may be the rest of a title: short, without a figure and no title itself."""
    text = page.lines[at + 1].text.strip() if at + 1 < len(page.lines) else ""
    return "" if len(text.split()) > HALF_TITLE or re.search(r"\d", text) or statement_of([text]) else text


def _block(pages: Mapping[int, Page], title: Place, statement: Statement, following: Place) -> Block:
    """The rows below a title; a page without one is part of it while it has kinds of rows that were missing.

    A statement of equity goes on with the same kinds of rows, for another period; and rows above the title of the
    next statement are the last of this one.
    ``title`` and ``following``, the next title, are (page index, number of the line).
    """
    index, at = title
    line = pages[index].lines[at]
    kinds: frozenset[int] = frozenset()
    income: frozenset[int] = frozenset()
    rows = 0
    end: Place = (index, line.chars[1])
    for current in range(index, index + MOST_PAGES):
        if current not in pages or (current, 0) >= following:
            break
        page, first = pages[current], at + 1 if current == index else 0
        stop = next(
            (n for n in range(first, len(page.lines)) if (current, n) >= following or heads_notes(page.lines[n].text)),
            None,
        )
        figures = with_figures(below.text for below in page.lines[first:stop])
        fresh = kinds_of_rows(statement, figures)
        ends_here = stop is not None and bool(fresh)
        again = ends_here or (statement == "equity" and is_whole(statement, fresh, len(figures)))
        if current > index and not fresh - kinds and not again:
            break
        kinds, income, rows = kinds | fresh, income | kinds_of_rows("income", figures), rows + len(figures)
        end = (current, len(page.text) if stop is None else page.lines[stop].chars[0])
        if stop is not None:
            break
    return Block(statement, (index, line.chars[0]), end, kinds, rows, _also(statement, line.text, income, rows))


def _also(statement: Statement, title: str, income: frozenset[int], rows: int) -> tuple[Statement, ...]:
    """The other statement that one of income and comprehensive income is, as its title or its rows tell."""
    if statement == "income" and _COMPREHENSIVE.search(title):
        return ("comprehensive_income",)
    if statement == "comprehensive_income" and is_whole("income", income, rows):
        return ("income",)
    return ()
