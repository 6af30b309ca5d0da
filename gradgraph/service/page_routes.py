"""The page of the service: its files, and the form that it is for browsers without script."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gradgraph.service.bodies import Kind, read_body
from gradgraph.service.drawing import Drawn
from gradgraph.service.orders import Order, order_of, parameters
from gradgraph.service.page_parts import CHOICES, FORMATS, complaint, picture, radios, select
from gradgraph.service.refusals import Refusal
from gradgraph.service.settings import Settings

SECURE_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What the page may do: run its own script, show pictures that it has, and ask this service."""

_FOLDER = files("gradgraph.service") / "page"
_MEDIA = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "json": "application/json"}
_MOST_FIELDS = 20


class Page:
    """The routes of the page. `draw` draws an order for a request, or raises Refusal."""

    def __init__(self, settings: Settings, draw: Callable[[Request, Order], Awaitable[Drawn]]) -> None:
        self._settings = settings
        self._draw = draw
        self._template = Template(_FOLDER.joinpath("page.html").read_text("utf-8"))
        self._files = {file.name: file.read_bytes() for file in _FOLDER.iterdir() if _suffix(file.name) in _MEDIA}

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/", self.page_form, methods=["POST"]),
            Route("/page/{name}", self.page_file, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """Return the page, empty."""
        return self.filled({})

    async def page_form(self, request: Request) -> Response:
        """Return the page with the drawing of the document in the form, or with what is wrong with it."""
        fields: dict[str, str] = {}
        try:
            fields = _fields(request.headers.get("content-type", ""), await read_body(request, self._settings))
            if "example" in fields:
                fields["document"] = self._files["neuron.json"].decode()
            drawn = await self._draw(request, _order(fields))
        except Refusal as refusal:
            said = complaint(refusal.detail, refusal.problems, fields.get("document", ""))
            return self.filled(fields, problems=said, status=refusal.status, headers=refusal.headers)
        said = complaint(f"{drawn.degraded}: this is the drawing as text") if drawn.degraded else ""
        return self.filled(fields, problems=said, drawing=picture(drawn))

    async def page_file(self, request: Request) -> Response:
        """Return a file that the page consists of."""
        name = request.path_params["name"]
        if name not in self._files:
            raise Refusal(404, "the page has no file of this name")
        content = self._files[name]
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "same-origin"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type=_MEDIA[_suffix(name)])

    def filled(
        self,
        fields: Mapping[str, str],
        *,
        problems: str = "",
        drawing: str = "",
        file: str = "",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the page with what a form had in its fields. `problems` and `drawing` are HTML, `file` is a name."""
        text = self._template.substitute(
            title=escape(f"{file} – gradgraph" if file else "gradgraph"),
            file=escape(file),
            most=self._settings.body_bytes,
            document=escape(fields.get("document", "")),
            formats=radios(fields.get("format", "svg")),
            selects="".join(select(name, fields.get(name, "")) for name in CHOICES),
            problems=problems,
            drawing=drawing,
        )
        said = {**(headers or {}), "Cache-Control": "no-store", "Content-Security-Policy": SECURE_PAGE}
        return Response(text.encode("utf-8", "backslashreplace"), status, said, "text/html; charset=utf-8")


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    """Return the fields of a form. Raises Refusal."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refusal(415, "this is no form: send a document to /v1/render")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Refusal(400, "the form is not as a browser sends it: send a document to /v1/render") from None
    return {name: text.replace("\r\n", "\n") for name, text in pairs}


def _order(fields: Mapping[str, str]) -> Order:
    """Return the order that a form makes, without the options that its format does not have. Raises Refusal."""
    format = fields.get("format", "svg")
    if format not in FORMATS:
        raise Refusal(404, f"the page shows no format of this name: take {', '.join(FORMATS)}")
    document = fields.get("document", "")
    query = [(name, fields[name]) for name in CHOICES if fields.get(name) and name in parameters(format)]
    kind: Kind = "json" if document.lstrip()[:1] in ("{", "[") else "yaml"
    return order_of(document.encode(), kind, format, query)
