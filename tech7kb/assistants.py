"""The entry point of the assistants' server: the tools of `formats.mcp_tools` over MCP.

The Model Context Protocol, streamable HTTP, stateless: each question is one POST with one answer.
Nothing else on the site imports `mcp`, which only this process needs (requirements-assistants.txt).
"""

import json
import logging
import os
from http import HTTPStatus
from importlib import import_module

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, connections
from django.http.request import split_domain_port, validate_host
from mcp import types
from mcp.server import Server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tech7kb.settings")
django.setup()
tools = import_module("recommendations.formats.mcp_tools")  # models need Django set up

logger = logging.getLogger(__name__)

PATH = "/mcp"
LARGEST = 64 * 1024  # bytes of a question
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
INSTRUCTIONS = (
    "Recommendations of TECH7, the technology trade associations of the G7, word for word from "
    "their declarations. "
    "Quote `quote` exactly and give `version_url` as the source. Titles, themes and tags are the "
    "editors' words."
)


def make_application() -> ASGIApp:
    """Return the ASGI application."""
    server = Server(
        "tech7-recommendations",
        title="TECH7 Recommendations",
        instructions=INSTRUCTIONS,
        website_url=settings.SITE_URL,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    protocol = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        status = refusal(scope) if scope["type"] == "http" else None
        answer: ASGIApp = protocol
        if status:
            answer = PlainTextResponse(f"{status.phrase}\n", status, {"Allow": "POST"})
        await answer(scope, receive, send)

    return guarded


def refusal(scope: Scope) -> HTTPStatus | None:
    """Say why a request is not for the protocol: another host or site, or a stream asked for.

    Names are compared whole, against DNS rebinding; a GET would hold a connection open for messages
    that this server never sends, and the protocol lets a server refuse it.
    """
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host, _port = split_domain_port(headers.get(b"host", ""))
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        return HTTPStatus.MISDIRECTED_REQUEST
    if not is_own(headers.get(b"origin", settings.SITE_URL)):
        return HTTPStatus.FORBIDDEN
    return None if scope["method"] == "POST" else HTTPStatus.METHOD_NOT_ALLOWED


def is_own(origin: str) -> bool:
    """Tell whether an origin is the site's, or a page served on this machine."""
    scheme, _, authority = origin.partition("://")
    host, _port = split_domain_port(authority)
    return origin == settings.SITE_URL or (scheme == "http" and host in LOOPBACK)


async def list_tools(_context, _params) -> types.ListToolsResult:
    """List the tools; none of them changes anything."""
    hints = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    return types.ListToolsResult(
        tools=[
            types.Tool(
                name=tool.name,
                description=tool.description,
                input_schema=tool.schema,
                annotations=hints,
            )
            for tool in tools.TOOLS
        ]
    )


async def call_tool(_context, params: types.CallToolRequestParams) -> types.CallToolResult:
    """Answer a call as data and as text; a refusal says what works instead."""
    try:
        found = await sync_to_async(answer)(params.name, params.arguments or {})
    except tools.Refused as refused:
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=str(refused))], is_error=True
        )
    text = json.dumps(found, ensure_ascii=False, indent=2)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], structured_content=found
    )


def answer(name: str, arguments: dict) -> dict:
    """Run a tool and close its database connection, since calls are rare."""
    try:
        return tools.ask(name, arguments)
    except DatabaseError as error:
        logger.exception("%s could not be answered", name)
        raise tools.Refused(
            "The site cannot answer at the moment; try again in a minute."
        ) from error
    finally:
        connections.close_all()


application = make_application()
