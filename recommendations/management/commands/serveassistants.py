"""`manage.py serveassistants`: the tools of `formats.mcp_tools` over the Model Context Protocol.

Nothing else on the site imports `mcp`, which only this process needs (requirements-assistants.txt).
"""

import json
import logging

import uvicorn
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections
from mcp import types
from mcp.server import Server
from mcp.server.transport_security import TransportSecuritySettings

from recommendations.formats.mcp_tools import TOOLS, Refused, ask

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


class Command(BaseCommand):
    """Runs in its own process, so that the site needs neither its packages nor its time."""

    help = "Answer assistants over MCP (streamable HTTP, stateless, read-only)."

    def add_arguments(self, parser) -> None:
        """Add the address to listen on."""
        parser.add_argument("host", nargs="?", default="127.0.0.1")
        parser.add_argument("port", nargs="?", default=8001, type=int)

    def handle(self, *, host: str, port: int, **options) -> None:
        """Serve until stopped."""
        uvicorn.run(application(), host=host, port=port, log_level="warning", access_log=False)


def application():
    """Return the ASGI application; it accepts only the site's hosts, against DNS rebinding."""
    server = Server(
        "tech7-recommendations",
        title="TECH7 Recommendations",
        instructions=INSTRUCTIONS,
        website_url=settings.SITE_URL,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    hosts = [*LOOPBACK, *(host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK)]
    security = TransportSecuritySettings(
        allowed_hosts=[name for host in hosts for name in (host, f"{host}:*")],
        allowed_origins=[settings.SITE_URL, *(f"http://{host}:*" for host in LOOPBACK)],
    )
    return server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST,
        transport_security=security,
    )


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
            for tool in TOOLS
        ]
    )


async def call_tool(_context, params: types.CallToolRequestParams) -> types.CallToolResult:
    """Answer a call as data and as text; a refusal says what works instead."""
    try:
        found = await sync_to_async(answer)(params.name, params.arguments or {})
    except Refused as refused:
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
        return ask(name, arguments)
    except DatabaseError as error:
        logger.exception("%s could not be answered", name)
        raise Refused("The site cannot answer at the moment; try again in a minute.") from error
    finally:
        connections.close_all()
