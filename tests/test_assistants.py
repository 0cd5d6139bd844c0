"""Assistants ask over MCP with the protocol's own client, and get exact quotes, codes, links and
versions.
"""

import json
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx2
import pytest
import uvicorn
from django.conf import settings
from factories import make_many, make_proposal, make_published, make_source, withdrawn
from mcp import Client

from recommendations.formats.mcp_tools import Refused, ask
from recommendations.search import facets
from tech7kb.assistants import PATH, application

SITE = settings.SITE_URL
TIMEOUT = 300  # seconds that a call may take before the test gives up


@pytest.fixture(scope="module")
def endpoint(django_db_setup, django_db_blocker):
    """The address of a server in a thread, which reads the committed data over its own
    connection.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening, django_db_blocker.unblock():
        server = uvicorn.Server(uvicorn.Config(application, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()  # what is asked before it is ready waits in the socket's queue
        yield f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
        server.should_exit = True
        thread.join(TIMEOUT)
        assert not thread.is_alive()


def run(call):
    """Run what a client does in a thread of its own: Playwright keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, call).result(TIMEOUT)


def called(endpoint: str, name: str, arguments: dict | None = None):
    """Return the result of one call by a real client."""

    async def call():
        async with Client(endpoint, read_timeout_seconds=TIMEOUT) as client:
            return await client.call_tool(name, arguments or {})

    return run(call)


def answered(endpoint: str, name: str, arguments: dict | None = None) -> dict:
    """Return what a call answers, after checking that text and data say the same."""
    result = called(endpoint, name, arguments)
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


def test_the_tools_are_listed_as_reading_only(endpoint):
    async def listed():
        async with Client(endpoint, read_timeout_seconds=TIMEOUT) as client:
            return (await client.list_tools()).tools

    tools = run(listed)
    assert [tool.name for tool in tools] == [
        "search_recommendations",
        "get_recommendation",
        "list_themes",
        "cite",
        "check_quote",
        "find_echoes",
    ]
    assert all(
        tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools
    )
    assert all(tool.input_schema["additionalProperties"] is False for tool in tools)


def test_a_search_answers_exact_quotes_codes_links_and_versions(endpoint):
    found = answered(endpoint, "search_recommendations", {"q": "curricula", "theme": ["skills"]})
    assert (found["count"], found["pages"]) == (1, 1)
    assert found["url"] == f"{SITE}/recommendations/?q=curricula&theme=skills"
    (entry,) = found["recommendations"]
    assert (entry["code"], entry["version"]) == ("PARIS-2025-5", 1)
    assert (entry["url"], entry["version_url"]) == (
        f"{SITE}/PARIS-2025-5",
        f"{SITE}/PARIS-2025-5/v/1",
    )
    text = (settings.BASE_DIR / "fixtures" / "paris-2025" / "declaration.txt").read_text()
    assert entry["quote"] in text


def test_a_refusal_is_the_sites_own_with_a_way_on(endpoint):
    result = called(endpoint, "search_recommendations", {"theme": ["skils"], "colour": "red"})
    assert result.is_error
    (content,) = result.content
    assert "There is no theme “skils”. Use Skills & workforce: " in content.text
    assert f"{SITE}/recommendations/?theme=skills" in content.text
    assert "There is no filter “colour”." in content.text


def test_one_recommendation_answers_to_any_spelling_of_its_code(endpoint):
    for code in ("PARIS-2025-4", " paris-2025-4 ", f"{SITE}/PARIS-2025-4/v/1"):
        found = answered(endpoint, "get_recommendation", {"code": code})
        assert found["code"] == "PARIS-2025-4"
        assert found["quote"].startswith("We call for prioritising digital fluency")
        assert found["source"]["code"] == "PARIS-2025"
        assert (found["status"], found["version"], found["url"]) == (
            "published",
            1,
            f"{SITE}/PARIS-2025-4",
        )


def test_an_unknown_code_names_near_ones(endpoint):
    result = called(endpoint, "get_recommendation", {"code": "PARIS-2025-14"})
    assert result.is_error
    assert result.content[0].text.startswith(
        "There is no recommendation PARIS-2025-14. Similar codes are PARIS-2025-"
    )


def test_themes_are_listed_with_their_counts(endpoint):
    found = answered(endpoint, "list_themes")["themes"]
    assert ("skills", "Skills & workforce", 3) in [
        (each["theme"], each["label"], each["count"]) for each in found
    ]
    assert all(
        each["url"] == f"{SITE}/themes/{each['theme']}" and each["definition"] for each in found
    )


@pytest.mark.parametrize(
    ("style", "begins"),
    [
        ("sentence", "TECH7, "),
        ("apa", "TECH7. (2025). "),
        ("chicago", "TECH7. "),
        ("bibtex", "@techreport{PARIS-2025-4,"),
    ],
)
def test_a_citation_comes_in_the_style_asked_for(endpoint, style, begins):
    found = answered(endpoint, "cite", {"code": "PARIS-2025-4", "style": style})
    assert found["citation"].startswith(begins)
    assert f"{SITE}/PARIS-2025-4/v/1" in found["citation"]
    assert (found["version"], found["quote"][:11]) == (1, "We call for")


def test_other_styles_are_whole_records(endpoint):
    assert (
        answered(endpoint, "cite", {"code": "PARIS-2025-4", "style": "csl"})["citation"]["type"]
        == "report"
    )
    assert answered(endpoint, "cite", {"code": "PARIS-2025-4", "style": "ris"})[
        "citation"
    ].startswith("TY  - RPRT\r\n")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1:8154@evil"}, 421),
        ({"Origin": "http://localhost:5000"}, 200),
    ],
)
def test_pages_of_other_sites_are_turned_away(endpoint, headers, status):
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    assert (
        httpx2.post(endpoint, json=message, headers=accept | headers, timeout=TIMEOUT).status_code
        == status
    )


def test_no_stream_is_held_open(endpoint):
    accept = {"Accept": "text/event-stream"}
    answer = httpx2.get(endpoint, headers=accept, timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.django_db
def test_a_withdrawn_recommendation_says_so_and_a_draft_is_unknown():
    source = make_source()
    entry, other = (
        make_published(source),
        make_published(source, "It closes sample text 1.", title="Use this sample"),
    )
    make_proposal(source, "This is sample text number 1.")
    withdrawn(entry, "It repeated another sample.", other)
    found = ask("get_recommendation", {"code": "sample-2020-1"})
    assert (found["status"], found["reason"]) == ("withdrawn", "It repeated another sample.")
    assert found["replaced_by"] == {"code": "SAMPLE-2020-2", "url": f"{SITE}/SAMPLE-2020-2"}
    assert (found["version"], found["version_url"]) == (1, f"{SITE}/SAMPLE-2020-1/v/1")
    assert found["quote"] == "We call for sample action 1 on alpha1."
    json.dumps(found)
    last = make_published(source, "It closes sample text", title="Use that sample")
    withdrawn(other, "It repeated another sample.", last)
    assert ask("get_recommendation", {"code": "SAMPLE-2020-1"})["replaced_by"]["code"] == last.code
    withdrawn(last, "It was no sample.")
    assert ask("get_recommendation", {"code": "SAMPLE-2020-1"})["replaced_by"] is None
    with pytest.raises(Refused, match="SAMPLE-2020-1 was withdrawn"):
        ask("cite", {"code": "SAMPLE-2020-1"})
    with pytest.raises(Refused, match="There is no recommendation SAMPLE-2020-4"):
        ask("get_recommendation", {"code": "SAMPLE-2020-4"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("delete", {}, "There is no tool “delete”. The tools are search_recommendations, get_rec"),
        ("get_recommendation", {}, "get_recommendation needs code."),
        ("get_recommendation", {"code": 4}, "code must be text, such as PARIS-2025-4."),
        ("get_recommendation", {"code": "\0\ud800"}, "There is no recommendation"),
        (
            "get_recommendation",
            {"code": "PARIS-2025-4", "x": 1},
            "There is no argument “x”: this tool takes only code.",
        ),
        ("list_themes", {"x": 1}, "There is no argument “x”: this tool takes nothing."),
        ("cite", {"code": "PARIS-2025-4", "style": ["apa"]}, "There is no style"),
        ("search_recommendations", {"q": {"a": 1}}, "“q” must be text or a number, not dict."),
        (
            "search_recommendations",
            {"theme": ["x"] * 5000},
            "“theme” has 5000 values; at most 10 are read.",
        ),
        ("search_recommendations", {"page": 2}, "There is no page 2: the last is 1."),
        ("search_recommendations", {"q": "\ud800\0"}, "Search with at most 1000 characters"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(name, arguments, message):
    with pytest.raises(Refused) as refused:
        ask(name, arguments)
    assert str(refused.value).startswith(message)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_a_search_takes_as_many_queries_for_30_entries_as_for_1(django_assert_num_queries, count):
    make_many(count)
    facets.current()
    with django_assert_num_queries(8):
        found = ask("search_recommendations", {"source": "MANY-2021", "sort": None})
    assert len(found["recommendations"]) == min(count, 10)
    assert {entry["version"] for entry in found["recommendations"]} == {1}


def test_the_site_itself_does_not_need_the_protocols_packages():
    code = (
        "import django, sys; django.setup(); import tech7kb.wsgi, tech7kb.urls; sys.exit('mcp' "
        "in sys.modules)"
    )
    program = [sys.executable, "-c", code]
    environment = {"DJANGO_SETTINGS_MODULE": "tech7kb.settings", "SECRET_KEY": "x" * 50}
    assert (
        subprocess.run(program, cwd=settings.BASE_DIR, env=environment, check=False).returncode == 0
    )
