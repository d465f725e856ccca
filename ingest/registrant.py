"""Who filed a document: the names of its registrants, ticker and central index key, as its first pages print them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.dates import find_date
from ingest.filing import Page

COVER_PAGES = 4
"""The cover and what may be printed before it."""
_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|District of Columbia|Florida|Georgia"
    "|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    "|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina"
    "|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah"
    "|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|Bermuda|Cayman Islands|England(?: and Wales)?"
    "|Ireland|Luxembourg|(?:The )?Netherlands|Switzerland|Canada|Puerto Rico|Ontario|British Columbia"
)
_EXACT_NAME = re.compile(
    r"\(?\s*(?:exact\s+name\s+of\s+(?:the\s+)?(?:registrant|company|issuer)"
    r"|name\s+of\s+(?:the\s+)?registrant\s+as\s+specified)",
    re.I,
)
_AFTER_NUMBER = re.compile(r"commission\s+file\s+(?:number|no)", re.I)
_NAMED = re.compile(
    r"^\s*(?:\d{1,2}(?:\([a-z]+\))*\.?\s*)?(?:(?:full|exact)\s+)?name\s+of\s+(?:the\s+)?(?:registrant|issuer|filer)\s*:\s*(\S.*)$",
    re.I | re.M,
)
_ISSUER = re.compile(
    r"^\s*(?:\d\.\s*)?issuer\s+name\s+and\s+ticker[^\n]*\n\s*([^\n\[]+?)\s*\[\s*([A-Z.]{1,6})\s*\]", re.I | re.M
)
_REGISTRANT_ROW = re.compile(
    rf"^\s*(?P<number>\d{{1,3}}-\d{{3,6}}(?:-\d+)?)\s+(?P<name>\S.*?)\s*,?\s+(?:\(?a[n]?\s+)?(?:{_STATES})\b.*?\b\d\d-\d{{7}}\b",
    re.I,
)
_LEGAL_WORDS = (
    r"Inc(?:orporated)?|Corporation|Corp|Company|Companies|Co|Ltd|Limited|PLC|plc|LLC|L\.P|LP|N\.V|S\.A|AG|SE"
)
_LEGAL_ALONE = re.compile(rf"(?:the\s+)?(?:{_LEGAL_WORDS})\.?", re.I)
_WORD = r"[a-z]?[A-Z0-9][\w.&’'-]{0,40}"
"""A word of a name; without a bound, a page of digits and dots would be tried from each to its end."""
_LISTED = re.compile(
    rf"\b((?:{_WORD},?\s+){{0,5}}{_WORD}(?:\s+(?:{_LEGAL_WORDS})\b\.?)?)\s*"
    r"\((?:the\s+)?(?:NYSE|N(?:asdaq|ASDAQ)|New York Stock Exchange|TSX|LSE)\b"
)
_WITH_LEGAL_FORM = re.compile(
    r"\b((?:[a-z]?[A-Z0-9][\w&.’'-]{0,40},?\s+){1,5}(?:Inc|Corporation|Corp|Company|Companies|Co|Ltd|PLC|plc|LLC|N\.V|S\.A)\b(?!/)\.?)"
)
_OPENING = re.compile(
    r"\b(?:Among|At|About|After|And|As|Before|Between|But|By|Copyright|For|From|In|Of|On|Our|Since|This|To|Under|When|While"
    r"|With)\s+(?=\S+\s)"
)
"""Words that begin a sentence or a line: what stands before the last of them is no part of a name."""
_NOT_NAME = re.compile(
    r"commission|number|^\(|\bor\b|☒|☐|form\s+\d|current\s+report|^[\d-]+$|securities|\bperiod\b|\byear\s+ended\b|\b\d\d-\d{7}\b",
    re.I,
)
_SUFFIX = re.compile(
    r"\s+(?:and|&)\s+(?:its\s+)?(?:consolidated\s+)?(?:subsidiar(?:y|ies)|affiliates)(?:\s+companies)?\b.*$", re.I
)
_LEGAL = re.compile(
    r"[\s,]+(?:inc(?:orporated)?|corp(?:oration)?|co(?:mpany)?|companies|ltd|limited|plc|llc|l\.?p|n\.?v|s\.?a|ag|se|the)\.?$|^the\s+",
    re.I,
)
_ARTICLES = {"of", "and", "the", "for", "in", "&"}
_EXCHANGE = re.compile(
    r"\b([A-Z]{1,5}(?:\.[A-Z])?)\s+(?:The\s+|the\s+)?(?:New York Stock Exchange|NYSE|N(?:asdaq|ASDAQ)|Cboe)\b"
)
_SYMBOL = re.compile(
    r"\b(?:stock|shares)\b[^.;]{0,200}?\bunder\s+the\s+(?:(?:ticker|trading|stock)\s+)*symbols?\s+[“\"‘']?"
    r"([A-Z]{1,5}(?:\.[A-Z])?)\b|\b(?:ticker|trading)\s+symbol\s+(?:for\s+[^.;\n]{3,60}\s+)?is\s+[“\"‘']?([A-Z]{1,5}(?:\.[A-Z])?)\b"
)
_MARKET = re.compile(
    r"\((?:the\s+)?(?:NYSE|N(?:asdaq|ASDAQ)|New York Stock Exchange|TSX|LSE)(?:\s+[A-Z][A-Za-z]+)*\s*:"
    r"\s*([A-Z]{1,5}(?:\.[A-Z])?)\b"
)
_NOT_TICKER = frozenset(
    [
        "THE",
        "ON",
        "NYSE",
        "SHARE",
        "STOCK",
        "NEW",
        "A",
        "NONE",
        "PAR",
        "VALUE",
        "CLASS",
        "INC",
        "CO",
        "OF",
        "TO",
        "AND",
        "OR",
        "IN",
        "AT",
        "FOR",
    ]
)
_MARKET_PAGES = 60
"""The market for the common stock is told in Item 5, before the statements."""
_CIK = re.compile(r"\b(?:central\s+index\s+key|CIK)\b[^\d\n]{0,30}(\d{6,10})\b", re.I)


def plain_company(name: str) -> str:
    """Return a company's name without its legal form: ``3M COMPANY`` is ``3M``, ``Apple Inc.`` ``Apple``."""
    plain = re.sub(r"\s+", " ", name).strip(" .,")
    plain = re.sub(r"\s*/[A-Z]{2,3}/?$", "", plain)
    while True:
        shorter = _LEGAL.sub("", plain).strip(" .,&")
        if shorter == plain or not shorter:
            return plain
        plain = shorter


def registrants_of(pages: Sequence[Page]) -> tuple[str, ...]:
    """Return the companies that file the document, the parent first; several where a cover lists them in rows."""
    for page in pages[:COVER_PAGES]:
        lines = [line.text.strip() for line in page.lines]
        if rows := list(_registrant_rows(lines)):
            return tuple(dict.fromkeys(map(readable_name, rows)))
        if name := _cover_name(lines) or _named(page.text):
            return (readable_name(name),)
    name = _listed_name(pages) or _running_name(pages)
    return (readable_name(name),) if name else ()


def readable_name(name: str) -> str:
    """Return a name with its capitals as title case, without "and Subsidiaries"."""
    name = re.sub(r"\s*/[A-Za-z]{2,3}/?$", "", _SUFFIX.sub("", " ".join(name.split()))).strip(" ,")
    if re.sub(r"\b(Mc|Mac)(?=[A-Z])", "MC", name) != name.upper() or len(name) <= 4:
        return name
    words: list[str] = []
    for word in name.split(" "):
        keep = any(ch.isdigit() for ch in word) or ("." in word[:-1] and len(word) <= 6) or "&" in word
        words.append(word if keep else _title_case(word, first=not words))
    return " ".join(words)


def ticker_of(pages: Sequence[Page]) -> str | None:
    """Return the ticker symbol: beside the exchange on the cover or in a release, else as Item 5 tells it."""
    cover = "\n".join(page.text for page in pages[:COVER_PAGES])
    for match in _EXCHANGE.finditer(cover):
        if match[1] not in _NOT_TICKER:
            return match[1]
    if issuer := _ISSUER.search(cover):
        return issuer[2]
    for page in pages[:_MARKET_PAGES]:
        if told := _MARKET.search(page.text) or _SYMBOL.search(page.text):
            return next(group for group in told.groups() if group)
    return None


def cik_of(pages: Sequence[Page]) -> str | None:
    """Return the central index key of ten digits, where the first pages print it as such."""
    match = _CIK.search("\n".join(page.text for page in pages[:COVER_PAGES]))
    return match[1].zfill(10) if match else None


def is_on_cover(text: str) -> bool:
    """Whether ``text`` names its registrant as the cover of an SEC form does."""
    return bool(_EXACT_NAME.search(text))


def _registrant_rows(lines: Sequence[str]) -> Iterator[str]:
    """Names that stand in rows between a file number and a state; a name may run on above or below its row."""
    for i, line in enumerate(lines):
        match = _REGISTRANT_ROW.match(line)
        if match is None:
            continue
        name = match["name"]
        if _LEGAL_ALONE.fullmatch(name) and i > 0:
            name = f"{lines[i - 1]} {name}"
        elif i + 1 < len(lines) and _LEGAL_ALONE.fullmatch(lines[i + 1]):
            name = f"{name} {lines[i + 1]}"
        if _is_name(name):
            yield name


def _cover_name(lines: Sequence[str]) -> str | None:
    for i, line in enumerate(lines):
        if _EXACT_NAME.search(line):
            before = [text for text in lines[max(0, i - 3) : i] if _is_name(text)]
            if before:
                return before[-1]
    for i, line in enumerate(lines[:-1]):
        if _AFTER_NUMBER.search(line):
            for text in lines[i + 1 : i + 4]:
                if _is_name(text):
                    return text
    return None


def _named(text: str) -> str | None:
    match = _NAMED.search(text) or _ISSUER.search(text)
    return match[1].strip() if match else None


def _listed_name(pages: Sequence[Page]) -> str | None:
    """The name that a release prints before its exchange and ticker: "eBay Inc. (Nasdaq: EBAY)"."""
    for page in pages[:COVER_PAGES]:
        if match := _LISTED.search(page.text):
            return " ".join(match[1].split())
    return None


def _running_name(pages: Sequence[Page]) -> str | None:
    """Where no cover says it: the name with a legal form that the document prints most often."""
    names: Counter[str] = Counter()
    for page in pages[:12]:
        for match in _WITH_LEGAL_FORM.finditer(page.text):
            name = _OPENING.split(" ".join(match[1].split()))[-1]
            if name.lower() != "the company":
                names[name] += 1
    return names.most_common(1)[0][0] if names else None


def _is_name(text: str) -> bool:
    letters = sum(ch.isalpha() for ch in text)
    return letters > 1 and len(text) < 80 and find_date(text) is None and not _NOT_NAME.search(text)


def _title_case(word: str, *, first: bool) -> str:
    if not first and word.lower() in _ARTICLES:
        return word.lower()
    prefix = "Mc" if word.startswith("Mc") else ""
    return prefix + word[len(prefix) :].capitalize()
