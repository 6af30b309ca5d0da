"""The description of the service for programs: OpenAPI 3.1, around the published schemas."""

from http import HTTPStatus
from typing import Any

from msgspec import inspect

from gradgraph.drawing.registry import find_renderer
from gradgraph.option_records import Field
from gradgraph.service.bodies import KINDS
from gradgraph.service.orders import LAYOUTS, formats, parameters
from gradgraph.service.refusals import MEDIA_TYPE
from gradgraph.service.settings import Settings
from gradgraph.version import __version__
from gradgraph_schemas import schema, schema_versions

_ANYWHERE = (400, 404, 405, 408, 413, 414, 421, 431, 500, 503)
_OF_DRAWINGS = (415, 422, 429, 504)
_NAMES = ("$schema", "$id")
"""Keys of a schema that would give it an address of its own."""
_PICTURE_OR_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, "image/svg+xml": {}}


def description(settings: Settings) -> dict[str, Any]:
    """Return the whole description. Each format has paths of its own, since each has its own parameters."""
    paths: dict[str, Any] = {}
    for format in formats():
        paths[f"/v1/render/{format}"] = {"post": _posted(format, settings)}
        paths[f"/v1/render/{format}/{{packed}}"] = {"get": _got(format)}
    paths["/v1/render"] = {"post": _posted_by_accept(settings)}
    paths["/v1/validate"] = {"post": _validated()}
    for path, (name, sentence, media) in _SIMPLE.items():
        paths[path] = {"get": _operation(name, sentence, {media: {}}, ())}
    paths["/v1/schema/{version}"] = {"get": _schema_of_a_version()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "gradgraph",
            "version": __version__,
            "summary": "Draws autograd computation graphs.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {"schemas": {"Document": _document(), "Problem": _PROBLEM}},
    }


_SIMPLE = {
    "/v1/renderers": ("listRenderers", "List the formats, and whether each works here.", "application/json"),
    "/openapi.json": ("describe", "Return this description.", "application/json"),
    "/healthz": ("healthz", "Say that the process is alive.", "application/json"),
    "/readyz": ("readyz", "Say whether drawings are made here.", "application/json"),
    "/metrics": ("metrics", "Return figures in the text format of Prometheus.", "text/plain"),
}

_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). `problems` are those of the document, each with its place.",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "problems": {
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
            },
        },
    },
}


def _document() -> dict[str, Any]:
    """Return the newest published schema, with its references made to point into this description."""
    return {key: _moved(part) for key, part in schema(schema_versions()[-1]).items() if key not in _NAMES}


def _moved(part: Any) -> Any:
    match part:
        case dict():
            return {
                key: value.replace("#/", "#/components/schemas/Document/", 1) if key == "$ref" else _moved(value)
                for key, value in part.items()
            }
        case list():
            return [_moved(one) for one in part]
        case _:
            return part


def _posted(format: str, settings: Settings) -> dict[str, Any]:
    renderer = find_renderer(format)
    said = _operation(
        f"render_{format}", f"Draw the document in the body as {format}.", _drawings(format), _OF_DRAWINGS
    )
    return {
        **said,
        "parameters": [*_queries(format)],
        "requestBody": _body(settings),
        "description": f"The answer is {renderer.media_type}, or text where the program is missing.",
    }


def _posted_by_accept(settings: Settings) -> dict[str, Any]:
    media: dict[str, Any] = {find_renderer(name).media_type: {} for name in formats()}
    said = _operation("render", "Draw the document in the body as Accept says.", media, (406, *_OF_DRAWINGS))
    return {**said, "requestBody": _body(settings)}


def _got(format: str) -> dict[str, Any]:
    said = _operation(
        f"get_{format}", f"Draw the document in the address as {format}.", _drawings(format), _OF_DRAWINGS
    )
    said["responses"]["304"] = {"description": "What the client has is right."}
    packed = {
        "name": "packed",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        "description": "The document in JSON, deflated (RFC 1950), in base64url without padding.",
    }
    return {**said, "parameters": [packed, *_queries(format)]}


def _validated() -> dict[str, Any]:
    said = _operation(
        "validate", "List the problems of the document in the body.", {"application/json": {}}, (415, 422, 504)
    )
    return {**said, "requestBody": _body(None)}


def _schema_of_a_version() -> dict[str, Any]:
    said = _operation("schema", "Return the schema of documents.", {"application/schema+json": {}}, ())
    version = {"name": "version", "in": "path", "required": True, "schema": {"enum": list(schema_versions())}}
    return {**said, "parameters": [version]}


def _operation(name: str, sentence: str, media: dict[str, Any], more: tuple[int, ...]) -> dict[str, Any]:
    refusals = {
        str(status): {"description": HTTPStatus(status).phrase, "content": _PICTURE_OR_PROBLEM}
        for status in sorted((*_ANYWHERE, *more))
    }
    return {
        "operationId": name,
        "summary": sentence,
        "responses": {"200": {"description": sentence, "content": media}, **refusals},
    }


def _drawings(format: str) -> dict[str, Any]:
    return {find_renderer(format).media_type: {}, "text/plain": {}}


def _body(settings: Settings | None) -> dict[str, Any]:
    said = {media: {"schema": {"$ref": "#/components/schemas/Document"}} for media in KINDS}
    most = {} if settings is None else {"description": f"A document of at most {settings.body_bytes:,} bytes."}
    return {"required": True, "content": said, **most}


def _queries(format: str) -> list[dict[str, Any]]:
    strict = {
        "name": "strict",
        "in": "query",
        "description": "Answer 503 instead of text when a program is missing.",
        "schema": {"type": "boolean", "default": False},
    }
    version = {
        "name": "v",
        "in": "query",
        "description": "The version of gradgraph. An answer under the right one may be kept for ever.",
        "schema": {"type": "string"},
    }
    return [*[_query(name, field) for name, field in parameters(format).items()], strict, version]


def _query(name: str, field: Field) -> dict[str, Any]:
    layouts = {"enum": list(LAYOUTS)} if field.name == "layout" else {}
    default = field.default if isinstance(field.default, (bool, int, float, str)) else None
    kind = _type(field.takes) | layouts | ({} if default is None else {"default": default})
    return {"name": name, "in": "query", "description": field.sentence, "schema": kind}


def _type(takes: inspect.Type) -> dict[str, Any]:
    """Return the JSON Schema of a query parameter."""
    match takes:
        case inspect.Metadata(type):
            return _type(type)
        case inspect.UnionType(types):
            known = [_type(one) for one in types if not isinstance(one, inspect.NoneType)]
            return known[0] if len(known) == 1 else {"type": "string"}
        case inspect.LiteralType(values):
            return {"enum": list(values)}
        case inspect.BoolType():
            return {"type": "boolean"}
        case inspect.IntType(ge=least, le=most):
            return {"type": "integer"} | _bounds(least, most)
        case inspect.FloatType(ge=least, le=most):
            return {"type": "number"} | _bounds(least, most)
        case inspect.VarTupleType():
            return {"type": "array", "items": {"type": "string"}}
        case inspect.StrType(max_length=most):
            return {"type": "string"} | ({} if most is None else {"maxLength": most})
        case _:
            return {}


def _bounds(least: float | None, most: float | None) -> dict[str, Any]:
    return ({} if least is None else {"minimum": least}) | ({} if most is None else {"maximum": most})
