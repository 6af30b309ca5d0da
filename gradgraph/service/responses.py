"""Responses: a drawing with its headers, an object, or a refusal as the client can read it."""

import re
from collections.abc import Mapping
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gradgraph.service.accepting import accepted, prefers_pictures
from gradgraph.service.drawing import Drawn
from gradgraph.service.refusals import MEDIA_TYPE, SECURE_SVG, Refusal, as_json
from gradgraph.version import __version__

_HOUR = 3_600
_TAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')


def drawing_response(drawn: Drawn, headers: Mapping[str, str]) -> Response:
    """Return the response that carries a drawing. One in text, for want of a program, is remembered nowhere."""
    told = {
        **headers,
        "Content-Type": f"{drawn.media_type}; charset=utf-8"
        if drawn.media_type.startswith("text/")
        else drawn.media_type,
        "Content-Disposition": f'inline; filename="graph{drawn.suffix}"',
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Content-Security-Policy": SECURE_SVG,
    }
    if drawn.degraded:
        told |= {"Gradgraph-Degraded": "text", "Cache-Control": "no-store"}
        del told["ETag"]
    return Response(drawn.content, headers=told)


def held_tags(request: Request) -> set[str]:
    """Return the tags of answers that the client has, "*" for any: If-None-Match (RFC 9110, section 13.1.2).

    Tags are compared weakly: a proxy that compressed an answer has made its tag a weak one.
    """
    if request.method not in ("GET", "HEAD"):
        return set()
    text = ",".join(request.headers.getlist("if-none-match"))
    return {"*"} if text.strip() == "*" else set(_TAG.findall(text))


def lifetime(request: Request) -> str:
    """Return how long an answer may be kept: for ever under an address that names this version."""
    if request.method == "POST":
        return "no-cache"
    named = request.query_params.get("v") == __version__
    return "public, max-age=31536000, immutable" if named else f"public, max-age={_HOUR}"


def json_response(what: object, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that carries an object."""
    return Response(as_json(what), media_type="application/json", headers=headers)


def refusal_response(request: Request, refusal: Refusal) -> Response:
    """Return the response that carries a refusal: a problem, or a picture of it for a client that shows pictures."""
    if prefers_pictures(accepted(request.headers)):
        headers = {**refusal.headers, "Content-Security-Policy": SECURE_SVG}
        return Response(refusal.as_svg(), refusal.status, headers, "image/svg+xml")
    return Response(refusal.as_json(), refusal.status, refusal.headers, MEDIA_TYPE)


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer a request that was refused."""
    return refusal_response(request, cast(Refusal, error))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Say as a problem what the router refuses: a path or a method."""
    refused = cast(HTTPException, error)
    sentences = {404: "there is nothing at this path", 405: "this path takes another method"}
    detail = sentences.get(refused.status_code, refused.detail)
    return refusal_response(request, Refusal(refused.status_code, detail, headers=refused.headers))


async def on_leaving(request: Request, error: Exception) -> Response:
    """Answer a client that has left: nobody reads it."""
    return Response(status_code=400)


async def on_failure(request: Request, error: Exception) -> Response:
    """Answer a request that failed by a fault of ours."""
    return refusal_response(request, Refusal(500, "the service failed"))
