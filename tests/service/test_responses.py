"""Headers of answers: tags, lifetimes, and what a drawing may do."""

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from gradgraph.service.drawing import Drawn
from gradgraph.service.refusals import Refusal
from gradgraph.service.responses import (
    drawing_response,
    held_tags,
    lifetime,
    on_http_error,
    refusal_response,
)
from gradgraph.version import __version__


def asked(*headers: tuple[str, str], method: str = "GET", query: str = "") -> Request:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return Request({"type": "http", "method": method, "path": "/", "query_string": query.encode(), "headers": raw})


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ('"a"', {'"a"'}),
        ('"a", "b" ,"c"', {'"a"', '"b"', '"c"'}),  # RFC 9110, section 13.1.2
        ('W/"a", W/"b"', {'"a"', '"b"'}),
        ("*", {"*"}),
        (" * ", {"*"}),
        ('"*"', {'"*"'}),
        ('"a,b"', {'"a,b"'}),
        ("a", set()),
        ("", set()),
        ('"a b"', set()),
        ('"', set()),
    ],
)
def test_tags_are_read_as_a_list(text, tags):
    assert held_tags(asked(("If-None-Match", text))) == tags


def test_several_headers_are_one_list_and_a_post_has_none():
    both = (("If-None-Match", '"a"'), ("If-None-Match", '"b"'))
    assert held_tags(asked(*both)) == {'"a"', '"b"'}
    assert held_tags(asked(*both, method="HEAD")) == {'"a"', '"b"'}
    assert held_tags(asked(*both, method="POST")) == set()


@pytest.mark.parametrize(
    ("method", "query", "told"),
    [
        ("GET", f"v={__version__}", "public, max-age=31536000, immutable"),
        ("HEAD", f"v={__version__}", "public, max-age=31536000, immutable"),
        ("GET", "", "public, max-age=3600"),
        ("GET", "v=", "public, max-age=3600"),
        ("GET", "v=0", "public, max-age=3600"),
        ("GET", f"v={__version__}%20", "public, max-age=3600"),
        ("POST", f"v={__version__}", "no-cache"),
    ],
)
def test_only_an_address_of_this_version_is_kept_for_ever(method, query, told):
    assert lifetime(asked(method=method, query=query)) == told


def test_a_drawing_may_do_nothing():
    drawn = Drawn(content=b"<svg/>", media_type="image/svg+xml", suffix=".svg")
    headers = drawing_response(drawn, {"ETag": '"a"', "Cache-Control": "x"}).headers
    assert headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["content-disposition"] == 'inline; filename="graph.svg"'
    assert headers["content-type"] == "image/svg+xml"
    assert headers["etag"] == '"a"'


def test_text_for_want_of_a_program_is_kept_nowhere():
    drawn = Drawn(content=b"x", media_type="text/plain", suffix=".txt", degraded="dot is missing")
    headers = drawing_response(drawn, {"ETag": '"a"', "Cache-Control": "x"}).headers
    assert (headers["gradgraph-degraded"], headers["cache-control"]) == ("text", "no-store")
    assert "etag" not in headers
    assert "dot is missing" not in str(headers)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/problem+json"),
        ("image/*", "image/svg+xml"),
        ("text/html,*/*;q=0.8", "application/problem+json"),
    ],
)
def test_a_refusal_is_a_problem_or_a_picture_with_the_same_status(accept, media):
    for status in (400, 404, 422, 503):
        response = refusal_response(asked(("Accept", accept)), Refusal(status, "no", retry_after=2))
        assert (response.status_code, response.media_type) == (status, media)
        assert (response.headers["cache-control"], response.headers["retry-after"]) == ("no-store", "2")


async def _refused(error: HTTPException) -> dict[str, str]:
    return dict((await on_http_error(asked(), error)).headers)


def test_a_wrong_method_names_the_right_ones():
    import asyncio

    headers = asyncio.run(_refused(HTTPException(405, headers={"Allow": "POST"})))
    assert headers["allow"] == "POST"
    assert headers["content-type"] == "application/problem+json"
