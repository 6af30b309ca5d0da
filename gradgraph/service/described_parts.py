"""Parts of the description of the service that its routes share: headers, objects, and every refusal."""

from http import HTTPStatus
from typing import Any

from gradgraph.service.refusals import MEDIA_TYPE

ANYWHERE = (400, 404, 405, 408, 413, 414, 421, 431, 500, 503)
"""Statuses that any request may get, of whatever route."""
_ALL = (*ANYWHERE, 406, 415, 422, 429, 504)
_BUSY = (429, 503)

HEADERS: dict[str, Any] = {
    "Allow": {"description": "The methods of this path.", "schema": {"type": "string"}},
    "ETag": {
        "description": "A strong tag of the drawing, for If-None-Match. Text for want of a program has none.",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
    },
    "Gradgraph-Degraded": {
        "description": "There if a program is missing, and the answer is text in place of a picture.",
        "schema": {"type": "string", "const": "text"},
    },
    "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer", "minimum": 1}},
    "X-Request-Id": {
        "description": "The name of the request in the log: that of the request, if it can be one.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
}

_PROBLEMS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["sentence", "pointer"],
        "properties": {
            "sentence": {"type": "string"},
            "pointer": {"type": "string", "description": "A JSON Pointer into the document."},
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1},
            "remedy": {"type": "string"},
        },
        "additionalProperties": False,
    },
}

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). `problems` are those of the document, each with its place.",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "problems": _PROBLEMS,
    },
    "additionalProperties": False,
}

OBJECTS: dict[str, Any] = {
    "Report": {
        "type": "object",
        "description": "Whether a document is valid, and what is wrong with it.",
        "required": ["valid", "problems"],
        "properties": {"valid": {"type": "boolean"}, "problems": _PROBLEMS},
        "additionalProperties": False,
    },
    "Renderers": {
        "type": "object",
        "required": ["renderers"],
        "properties": {
            "renderers": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "media_type", "suffixes", "available"],
                    "properties": {
                        "name": {"type": "string"},
                        "media_type": {"type": "string"},
                        "suffixes": {"type": "array", "items": {"type": "string"}},
                        "available": {"type": "boolean"},
                        "missing": {"type": "string", "description": "Why the format does not work here."},
                    },
                    "additionalProperties": False,
                },
            }
        },
        "additionalProperties": False,
    },
    "State": {
        "type": "object",
        "required": ["status"],
        "properties": {"status": {"type": "string"}, "version": {"type": "string"}},
        "additionalProperties": False,
    },
}


def refusals() -> dict[str, Any]:
    """Return the refusals by status: a problem, or a picture of it for a client that prefers pictures."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, "image/svg+xml": {}}
    said: dict[str, Any] = {}
    for status in sorted(_ALL):
        names = ["Retry-After"] if status in _BUSY else ["Allow"] if status == 405 else []
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        said[str(status)] = {"description": HTTPStatus(status).phrase, "headers": headers, "content": content}
    return said
