"""The application: its routes, and what each answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from gradgraph.drawing.registry import find_renderer
from gradgraph.limits import Limits
from gradgraph.service import meters
from gradgraph.service.accepting import accepted, preferred
from gradgraph.service.answers import Answers
from gradgraph.service.bodies import kind_of, read_body, unpacked
from gradgraph.service.drawing import Drawn, list_renderers, validate_document
from gradgraph.service.gates import Gate
from gradgraph.service.leaving import unless_left
from gradgraph.service.openapi import description_json
from gradgraph.service.orders import Order, formats, order_of
from gradgraph.service.page_routes import Page
from gradgraph.service.readiness import Readiness
from gradgraph.service.refusals import Refusal, problem_object
from gradgraph.service.responses import (
    drawing_response,
    held_tags,
    json_response,
    lifetime,
    on_failure,
    on_http_error,
    on_leaving,
    on_refusal,
)
from gradgraph.service.settings import LOOPBACK, Settings, host_and_port
from gradgraph.service.workers import Workers
from gradgraph.version import __version__
from gradgraph_schemas import schema_text, schema_versions

DAY, HOUR = 86_400, 3_600
FOR_SCRIPTS = ("ETag", "Gradgraph-Degraded", "Retry-After", "X-Request-Id")
"""Headers that a script of another origin may read, if that origin is among the settings."""


class Service:
    """The routes over one pool of workers and one memory of drawings."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        formats()  # found now, and remembered: a service without room for files would find none
        self.settings = settings
        self.workers = Workers(settings, limits)
        self.answers = Answers(self.workers, settings.cache_bytes)
        self.readiness = Readiness(self.workers)
        self.page = Page(settings, self.drawn)

    def stop(self) -> None:
        """Say from now on that nothing more should come here."""
        self.readiness.stopping = True

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/v1/render/{format}", self.render_document, methods=["POST"]),
            Route("/v1/render", self.render_accepted, methods=["POST"]),
            Route("/v1/render/{format}/{packed}", self.render_address, methods=["GET"]),
            Route("/v1/validate", self.validate, methods=["POST"]),
            Route("/v1/renderers", self.renderers, methods=["GET"]),
            Route("/v1/schema/{version}", self.schema, methods=["GET"]),
            Route("/openapi.json", self.openapi, methods=["GET"]),
            Route("/healthz", self.healthz, methods=["GET"]),
            Route("/readyz", self.readyz, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
            *self.page.routes(),
        ]

    async def render_document(self, request: Request) -> Response:
        """Draw the document in the body."""
        format = request.path_params["format"]
        body = await read_body(request, self.settings)
        kind = kind_of(request.headers.get("content-type", ""), body)
        return await self.drawing(request, order_of(body, kind, format, request.query_params.multi_items()))

    async def render_accepted(self, request: Request) -> Response:
        """Draw the document in the body, in the format that the client accepts best."""
        types = {find_renderer(name).media_type: name for name in ("svg", *formats())}
        media = preferred(accepted(request.headers), list(types))
        if media is None:
            raise Refusal(406, f"there is no format of an accepted media type: accept one of {', '.join(types)}")
        request.path_params["format"] = types[media]
        response = await self.render_document(request)
        response.headers["Vary"] = "Accept"
        return response

    async def render_address(self, request: Request) -> Response:
        """Draw the document in the address."""
        document = unpacked(request.path_params["packed"], self.settings.body_bytes)
        order = order_of(document, "json", request.path_params["format"], request.query_params.multi_items())
        return await self.drawing(request, order)

    async def validate(self, request: Request) -> Response:
        """Judge the document in the body."""
        body = await read_body(request, self.settings)
        kind = kind_of(request.headers.get("content-type", ""), body)
        lane = self.workers.lane_of(body)
        self.workers.check(lane)
        found = await self.workers.run(lane, lambda: None, validate_document, body, kind)
        if found.status >= 400:
            raise Refusal(found.status, found.detail, problems=found.problems)
        problems = [problem_object(problem) for problem in found.problems]
        return json_response({"valid": not problems, "problems": problems})

    async def renderers(self, request: Request) -> Response:
        """List the formats."""
        lane = self.workers.small
        self.workers.check(lane)
        listed = await self.workers.run(lane, lambda: None, list_renderers)
        if listed.status >= 400:
            raise Refusal(listed.status, listed.detail)
        return Response(listed.content, media_type="application/json", headers={"Cache-Control": "no-cache"})

    async def schema(self, request: Request) -> Response:
        """Return the schema of documents of a version."""
        version = request.path_params["version"]
        if version not in schema_versions():
            raise Refusal(404, f"there is no schema of this version: take {', '.join(schema_versions())}")
        return Response(
            schema_text(version),
            media_type="application/schema+json",
            headers={"Cache-Control": f"public, max-age={DAY}"},
        )

    async def openapi(self, request: Request) -> Response:
        """Return the description of this service for programs."""
        headers = {"Cache-Control": f"public, max-age={HOUR}"}
        return Response(description_json(self.settings), media_type="application/json", headers=headers)

    async def healthz(self, request: Request) -> Response:
        """Say that the process is alive."""
        return json_response({"status": "alive", "version": __version__}, {"Cache-Control": "no-store"})

    async def readyz(self, request: Request) -> Response:
        """Say whether drawings are made here."""
        reason = await self.readiness.reason()
        if reason:
            raise Refusal(503, reason, retry_after=5)
        return json_response({"status": "ready"}, {"Cache-Control": "no-store"})

    async def metrics(self, request: Request) -> Response:
        """Return the figures for Prometheus."""
        for lane in (self.workers.small, self.workers.large):
            meters.waiting.labels(lane.name).set(lane.waiting)
        return Response(meters.exposition(), headers={"Content-Type": meters.MEDIA_TYPE, "Cache-Control": "no-store"})

    async def drawn(self, request: Request, order: Order) -> Drawn:
        """Return the drawing of an order, for as long as its client waits. Raises Refusal."""
        return await self._drawn(request, self.answers.key(order), order)

    async def drawing(self, request: Request, order: Order) -> Response:
        """Answer an order with its drawing, or with 304 for a client that has it."""
        key = self.answers.key(order)
        tag = f'"{key[:32]}"'
        headers = {"ETag": tag, "Cache-Control": lifetime(request)}
        held = held_tags(request)
        if tag in held:
            return Response(status_code=304, headers=headers)
        drawn = await self._drawn(request, key, order)
        if "*" in held and not drawn.degraded:
            return Response(status_code=304, headers=headers)
        return drawing_response(drawn, headers)

    async def _drawn(self, request: Request, key: str, order: Order) -> Drawn:
        return self.answers.known(key) or await unless_left(request, self.answers.drawn(key, order))


def application(service: Service, routes: Sequence[Route] = (), doors: Sequence[Middleware] = ()) -> ASGIApp:
    """Return the service as an ASGI application, behind its gate and these `doors`. `routes` come before its own."""
    settings = service.settings

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        starting = asyncio.create_task(service.readiness.start())
        try:
            yield
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            await service.workers.stop()

    shared = [
        Middleware(
            CORSMiddleware, allow_origins=settings.origins, allow_methods=["GET", "POST"], expose_headers=FOR_SCRIPTS
        )
    ]
    inner = Starlette(
        routes=[*routes, *service.routes()],
        middleware=[*(shared if settings.origins else []), *doors],
        exception_handlers={
            Refusal: on_refusal,
            HTTPException: on_http_error,
            ClientDisconnect: on_leaving,
            Exception: on_failure,
        },
        lifespan=lifespan,
    )
    inner.router.redirect_slashes = False  # an address leads to one thing, and never to what a Host header names
    return Gate(inner, allowed_hosts(settings), settings.max_requests, service.workers.crowded)


def allowed_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the host names that the service answers for: those of the settings, else those of this machine."""
    if settings.hosts:
        return settings.hosts
    if settings.listen.startswith("unix:"):
        return LOOPBACK
    host, _ = host_and_port(settings.listen)
    return (*LOOPBACK, f"[{host}]" if ":" in host else host)
