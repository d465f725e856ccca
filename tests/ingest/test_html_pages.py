from ingest.htm.read import read_html


def body(text: str) -> bytes:
    return f"<html><head><title>no</title></head><body>{text}</body></html>".encode()


def texts(html: str) -> list[str]:
    return [page.text for page in read_html(body(html)).pages]


BREAK = '<hr style="page-break-after:always"/>'


def test_file_without_breaks_is_one_letter_page() -> None:
    document = read_html(body("<p>One</p><p>Two</p>"))
    (page,) = document.pages
    assert (page.text, page.width, page.height, page.label) == ("One\nTwo", 612.0, 792.0, None)
    assert document.media_type == "text/html"


def test_pages_end_at_breaks_of_every_spelling() -> None:
    for before, after in (
        (BREAK, ""),
        ('<div style="page-break-before: always">', "</div>"),
        ('<p style="break-before:page">', "</p>"),
        ('<div style="BREAK-AFTER: PAGE"></div>', ""),
    ):
        assert texts(f"<p>One</p>{before}Two{after}") == ["One", "Two"], before


def test_page_break_of_a_class_is_followed_but_not_avoidance() -> None:
    sheet = "<style>@media print { div.sheet { page-break-after: always } .gone { display: none } }</style>"
    page = sheet + '<div class="sheet">One</div><div class="sheet gone">Two</div>'
    assert texts(page) == ["One", "Two"]
    assert texts('<p>One</p><p style="page-break-inside:avoid;page-break-before:auto">Two</p>') == ["One\nTwo"]


def test_breaks_that_meet_make_no_empty_page() -> None:
    assert texts(f'<p>One</p>{BREAK}<div style="page-break-before:always">Two</div>{BREAK}') == ["One", "Two"]


def test_page_labels_are_the_printed_numbers() -> None:
    footers = ["Acme | 2024 Form 10-K | 7", "Acme | 2024 Form 10-K | 8", "F-1", "F-2", "no number here"]
    html = BREAK.join(f"<p>Text of 2024 in 3 parts</p><p>{footer}</p>" for footer in footers)
    assert [page.label for page in read_html(body(html)).pages] == ["7", "8", "F-1", "F-2", None]


def test_page_label_may_be_roman_or_dotted_or_in_a_table() -> None:
    table = "<table><tr><td>Acme</td><td>{}</td></tr></table>"
    footers = ["ii", "iii", "12.", "13.", table.format(14), table.format(15)]
    html = BREAK.join(f"<p>Text</p><div>{footer}</div>" for footer in footers)
    document = read_html(body(html))
    assert [page.label for page in document.pages] == ["ii", "iii", "12", "13", "14", "15"]
    assert not document.tables


def test_a_lone_value_is_not_a_page_number() -> None:
    html = BREAK.join(f"<p>Text</p><p>Revenue {value}</p>" for value in (10, 12, 500))
    assert [page.label for page in read_html(body(html)).pages] == [None, None, None]


def test_lines_are_blocks_and_found_at_their_range() -> None:
    (page,) = read_html(body("<h1>Head</h1>loose<div>a<div>b</div>c</div><ul><li>d</li></ul>e<br/>f")).pages
    assert [line.text for line in page.lines] == ["Head", "loose", "a", "b", "c", "d", "e", "f"]
    assert [page.text[slice(*line.chars)] for line in page.lines] == [line.text for line in page.lines]


def test_whitespace_is_normalised_and_old_windows_references_repaired() -> None:
    assert texts("<p>  a&nbsp;&nbsp; b\n\t<b>c</b>d &#150; e&#8203;f</p>") == ["a b cd – ef"]


def test_hidden_content_is_not_text() -> None:
    hidden = (
        '<div style="display:none">x</div><script>x</script><style>.h{display:none}</style>'
        '<p class="h">x</p><p hidden="">x</p>'
    )
    assert texts(hidden + "<p>seen</p>tail") == ["seen\ntail"]


def test_line_element_is_own_id_then_ancestor_then_last_anchor() -> None:
    html = '<p>first</p><a id="a"></a><p>second</p><div id="d"><p>third</p><p id="p">fourth</p></div>'
    (page,) = read_html(body(html)).pages
    assert [line.element for line in page.lines] == [None, "a", "d", "p"]
