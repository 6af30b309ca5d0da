"""What a client accepts, by the rules and examples of RFC 9110, section 12.5.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from gradgraph.service.accepting import accepted, preferred, prefers_pictures

OFFERED = ["image/svg+xml", "text/plain", "text/vnd.mermaid", "application/pdf"]


@pytest.mark.parametrize(
    ("accept", "offered", "best"),
    [
        ("", OFFERED, "image/svg+xml"),
        ("*/*", OFFERED, "image/svg+xml"),
        ("audio/*; q=0.2, audio/basic", ["audio/ogg", "audio/basic"], "audio/basic"),  # the RFC's first example
        ("text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c", ["text/plain", "text/x-dvi"], "text/x-dvi"),
        ("text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c", ["text/x-c", "text/html"], "text/x-c"),
        ("text/*, text/plain, */*;q=0.1", ["application/pdf", "text/plain"], "text/plain"),
        ("text/*;q=0.9, text/plain;q=0.1", ["text/plain", "text/vnd.mermaid"], "text/vnd.mermaid"),
        ("image/webp", OFFERED, None),
        ("image/svg+xml;q=0, */*", OFFERED, "text/plain"),
        ("*/*;q=0", OFFERED, None),
        ("TEXT/Plain ; Q=0.5", OFFERED, "text/plain"),
        ("text/plain;charset=utf-8", OFFERED, "text/plain"),
        ("text/plain;format=flowed", OFFERED, None),
        ("text/plain;q=0.3;ext=1, application/pdf;q=0.2", OFFERED, "text/plain"),
        (",, text/plain ,", OFFERED, "text/plain"),
        ("text/plain;q=nan, application/pdf;q=0.01", OFFERED, "application/pdf"),
        ("text/plain;q=7, application/pdf", ["application/pdf", "text/plain"], "application/pdf"),
        ("text/plain;q=x", OFFERED, None),
    ],
)
def test_the_best_type_is_found(accept, offered, best):
    assert preferred(accept, offered) == best


def test_the_table_of_the_rfc():
    """Section 12.5.1: the weight of each type, read off by offering it beside one of known weight."""
    accept = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
    # The RFC gives 0.7 for text/plain, 0.3 for text/html and 0.5 for image/jpeg.
    order = ["text/html", "image/jpeg", "text/plain"]
    for place, low in enumerate(order):
        for high in order[place + 1 :]:
            assert preferred(accept, [low, high]) == high
            assert preferred(accept, [high, low]) == high


def test_several_headers_are_one_list():
    headers = Headers(raw=[(b"accept", b"text/plain;q=0.1"), (b"accept", b"application/pdf")])
    assert preferred(accepted(headers), OFFERED) == "application/pdf"


@pytest.mark.parametrize(
    ("accept", "picture"),
    [
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", True),  # <img> of Chromium
        ("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", True),  # of Firefox
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", False),  # an address bar
        ("image/*", True),
        ("image/*;q=0.5, application/problem+json", False),
        ("image/svg+xml;q=0", False),
        ("application/json", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_images_in_pages_prefer_pictures_and_programs_do_not(accept, picture):
    assert prefers_pictures(accept) is picture


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=200))
def test_any_text_is_an_answer(accept):
    assert preferred(accept, OFFERED) in (None, *OFFERED)
    assert prefers_pictures(accept) in (True, False)
