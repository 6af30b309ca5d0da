"""The description of the service for programs: OpenAPI 3.1, around the published schemas."""

from functools import cache
from typing import Any

from msgspec import inspect

from gradgraph.drawing.choosing import drawn_as
from gradgraph.drawing.registry import find_renderer
from gradgraph.option_records import Field
from gradgraph.service.bodies import KINDS
from gradgraph.service.described_parts import ANYWHERE, HEADERS, OBJECTS, PROBLEM, refusals
from gradgraph.service.orders import LAYOUTS, formats, parameters
from gradgraph.service.refusals import as_json
from gradgraph.service.settings import Settings
from gradgraph.version import __version__
from gradgraph_schemas import schema, schema_versions

_OF_DRAWINGS = (422, 429, 504)
_OF_BODIES = (415,)
_NAMES = ("$schema", "$id")
"""Keys of a schema that would give it an address of its own."""
_SIMPLE: dict[str, tuple[str, str, dict[str, Any], tuple[int, ...]]] = {
    "/v1/renderers": (
        "listRenderers",
        "List the formats, and whether each works here.",
        {"application/json": {"schema": {"$ref": "#/components/schemas/Renderers"}}},
        (504,),
    ),
    "/openapi.json": ("describe", "Return this description.", {"application/json": {"schema": {"type": "object"}}}, ()),
    "/healthz": (
        "healthz",
        "Say that the process is alive.",
        {"application/json": {"schema": {"$ref": "#/components/schemas/State"}}},
        (),
    ),
    "/readyz": (
        "readyz",
        "Say whether drawings are made here.",
        {"application/json": {"schema": {"$ref": "#/components/schemas/State"}}},
        (),
    ),
    "/metrics": (
        "metrics",
        "Return figures in the text format of Prometheus.",
        {"text/plain": {"schema": {"type": "string"}}},
        (),
    ),
}
"""The routes without parameters: name, sentence, content and statuses of their own."""


@cache
def description_json(settings: Settings) -> bytes:
    """Return the description as JSON, made once."""
    return as_json(description(settings))


def description(settings: Settings) -> dict[str, Any]:
    """Return the whole description. Each format has paths of its own, since each has its own parameters."""
    paths: dict[str, Any] = {}
    for format in formats():
        paths[f"/v1/render/{format}"] = {"post": _posted(format, settings)}
        paths[f"/v1/render/{format}/{{packed}}"] = {"get": _got(format)}
    paths["/v1/render"] = {"post": _posted_by_accept(settings)}
    paths["/v1/validate"] = {"post": _validated(settings)}
    for path, simple in _SIMPLE.items():
        paths[path] = {"get": _operation(*simple)}
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
        "components": {
            "schemas": {"Document": _document(), "Problem": PROBLEM, **OBJECTS},
            "headers": HEADERS,
            "responses": refusals(),
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
    said = _operation(
        f"render_{format}",
        f"Draw the document in the body as {format}.",
        _drawings(format),
        (*_OF_BODIES, *_OF_DRAWINGS),
        ("ETag", "Gradgraph-Degraded"),
    )
    return {**said, "parameters": _queries(parameters(format)), "requestBody": _body(settings)}


def _posted_by_accept(settings: Settings) -> dict[str, Any]:
    content = {media: said for format in formats() for media, said in _drawings(format).items()}
    said = _operation(
        "render",
        "Draw the document in the body as Accept says, as svg if it says nothing. "
        "Takes the parameters of the format that is chosen; those of all formats are listed.",
        content,
        (406, *_OF_BODIES, *_OF_DRAWINGS),
        ("ETag", "Gradgraph-Degraded"),
    )
    return {**said, "parameters": _queries(_shared()), "requestBody": _body(settings)}


def _got(format: str) -> dict[str, Any]:
    said = _operation(
        f"get_{format}",
        f"Draw the document in the address as {format}.",
        _drawings(format),
        _OF_DRAWINGS,
        ("ETag", "Gradgraph-Degraded"),
    )
    said["responses"]["304"] = {"description": "What the client has is right.", "headers": _headers("ETag")}
    packed = {
        "name": "packed",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        "description": "The document in JSON, deflated (RFC 1950), in base64url without padding.",
    }
    return {**said, "parameters": [packed, *_queries(parameters(format))]}


def _validated(settings: Settings) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
    sentence = "List the problems of the document in the body."
    said = _operation("validate", sentence, content, (*_OF_BODIES, 422, 504))
    return {**said, "requestBody": _body(settings, {})}


def _schema_of_a_version() -> dict[str, Any]:
    content = {"application/schema+json": {"schema": {"type": "object"}}}
    said = _operation("schema", "Return the schema of documents of a version.", content, ())
    kind = {"type": "string", "enum": list(schema_versions())}
    return {**said, "parameters": [{"name": "version", "in": "path", "required": True, "schema": kind}]}


def _operation(
    name: str, sentence: str, content: dict[str, Any], more: tuple[int, ...], headers: tuple[str, ...] = ()
) -> dict[str, Any]:
    refused = {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted((*ANYWHERE, *more))}
    done = {"description": sentence, "headers": _headers("X-Request-Id", *headers), "content": content}
    return {"operationId": name, "summary": sentence, "responses": {"200": done, **refused}}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _drawings(format: str) -> dict[str, Any]:
    """Return the content of a drawing: the format itself, and the text that replaces it where a program is missing."""
    types = [find_renderer(one).media_type for one in drawn_as(format)]
    return {media: {"schema": {"type": "string"}} if media.startswith("text/") else {} for media in types}


def _body(settings: Settings, kind: dict[str, Any] | None = None) -> dict[str, Any]:
    document = {"$ref": "#/components/schemas/Document"} if kind is None else kind
    return {
        "required": True,
        "description": f"A document of at most {settings.body_bytes:,} bytes, also when it is inflated.",
        "content": {media: {"schema": document} for media in KINDS},
    }


def _shared() -> dict[str, Field]:
    """Return the parameters that all formats have."""
    first, *others = [parameters(format) for format in formats()]
    return {name: field for name, field in first.items() if all(name in other for other in others)}


def _queries(fields: dict[str, Field]) -> list[dict[str, Any]]:
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
    return [*[_query(name, field) for name, field in fields.items()], strict, version]


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
