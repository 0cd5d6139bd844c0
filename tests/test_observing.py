"""What an operator sees: log lines that name no reader, an identifier in each answer, counts on a
private port.
"""

import json
import logging
import re
import sys
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from django.conf import settings as site_settings
from django.http import HttpResponse
from django.test import RequestFactory
from prometheus_client import REGISTRY

from recommendations.backing_up import STAMP
from recommendations.models import ContentVersion
from recommendations.observing import metrics
from recommendations.observing.logs import JsonLines, asked
from recommendations.observing.requests import HEADER, identified


@pytest.fixture
def lines():
    """Every line that is logged, as the site would write it on stderr."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    handler, log = Kept(), logging.getLogger("recommendations.requests")
    handler.setFormatter(JsonLines())
    root, level = logging.getLogger(), log.level
    root.addHandler(handler)
    log.setLevel(logging.INFO)
    yield written
    log.setLevel(level)
    root.removeHandler(handler)


def record(**fields):
    values = {
        "name": "sample",
        "levelno": logging.WARNING,
        "levelname": "WARNING",
        "msg": "Sample\nof %s.",
        "args": ("two",),
    }
    return logging.makeLogRecord(values | {"created": 1_700_000_000.25} | fields)


def test_a_line_is_one_json_object():
    written = JsonLines().format(record())
    assert "\n" not in written
    assert json.loads(written) == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "level": "WARNING",
        "logger": "sample",
        "message": "Sample\nof two.",
    }


def test_a_line_of_a_request_names_it_without_its_query():
    request = RequestFactory().get("/recommendations/?q=private", REMOTE_ADDR="192.0.2.7")
    request.id = "sample-id"
    token = asked.set(request)
    try:
        written = json.loads(JsonLines().format(record(status=200)))
    finally:
        asked.reset(token)
    named = {name: written[name] for name in ("request", "method", "path", "status")}
    assert named == {
        "request": "sample-id",
        "method": "GET",
        "path": "/recommendations/",
        "status": 200,
    }
    assert "private" not in str(written)
    assert "192.0.2.7" not in str(written)


def test_an_exception_is_one_string_in_its_line():
    try:
        raise ValueError("sample fault")
    except ValueError:
        written = JsonLines().format(record(exc_info=sys.exc_info()))
    assert "\n" not in written
    traceback = json.loads(written)["traceback"]
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert traceback.endswith("\nValueError: sample fault")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/livez", "/PARIS-2025-4", "/themes", "/nowhere", "/recommendations/?theme=x", "/admin/"],
)
def test_every_answer_has_an_identifier_of_its_own(client, path):
    first, second = client.get(path)[HEADER], client.get(path)[HEADER]
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


@pytest.mark.django_db
def test_a_page_that_is_kept_has_a_new_identifier_each_time(client):
    pages = [client.get("/PARIS-2025-4") for _time in range(3)]
    assert len({page[HEADER] for page in pages}) == 3
    assert pages[1].content == pages[2].content


GIVEN = "sample-0123-ABCdef"


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, GIVEN, True),
        (0, GIVEN, False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "sample id", False),
        (1, "sample-id\n", False),
        (1, "sämple-id", False),
    ],
)
def test_the_identifier_of_a_trusted_proxy_is_taken_if_it_is_well_formed(
    settings, proxies, given, is_taken
):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_REQUEST_ID=given)
    assert (identified(lambda request: HttpResponse())(request)[HEADER] == given) is is_taken


@pytest.mark.django_db
def test_a_fault_is_logged_with_the_identifier_that_its_answer_has(client, lines, monkeypatch):
    client.raise_request_exception = False

    def fail():
        raise RuntimeError("sample fault")

    monkeypatch.setattr("recommendations.catalogue.current", fail)
    answer = client.get("/recommendations/?q=private")
    (line,) = [line for line in lines if line["logger"] == "django.request"]
    assert (answer.status_code, line["request"], line["path"]) == (
        500,
        answer[HEADER],
        "/recommendations/",
    )
    assert "RuntimeError: sample fault" in line["traceback"]
    assert "private" not in json.dumps(line)


@pytest.mark.django_db
def test_answers_are_logged_only_where_that_is_asked_for(client, lines, settings):
    client.get("/PARIS-2025-4?x=private")
    assert lines == []
    settings.LOG_REQUESTS = True
    answer = client.get("/themes/skills?x=private", headers={"User-Agent": "Sample browser"})
    (line,) = lines
    assert line.pop("milliseconds") >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert line == {
        "level": "INFO",
        "logger": "recommendations.requests",
        "message": "answered",
        "request": answer[HEADER],
        "method": "GET",
        "path": "/themes/skills",
        "route": "theme",
        "status": answer.status_code,
    }


def test_no_request_outlives_its_answer():
    identified(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert asked.get() is None


def test_the_identifier_is_given_before_any_other_middleware():
    assert site_settings.MIDDLEWARE[0] == "recommendations.observing.requests.identified"


@pytest.fixture
def counting(settings, tmp_path, monkeypatch):
    """Count what a middleware answers; the server's address and the counted middleware."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    settings.METRICS = "127.0.0.1:0"
    servers, listen = [], metrics.listen
    monkeypatch.setattr(metrics, "listen", lambda address: servers.append(listen(address)))

    def counted(respond):
        return metrics.counted(respond)

    yield SimpleNamespace(
        counted=counted, address=lambda: f"http://127.0.0.1:{servers[0].server_port}/metrics"
    )
    for server in servers:
        server.shutdown()
        server.server_close()


def counts():
    """The counts of this process."""
    classes = {
        f"{n}xx": REGISTRY.get_sample_value("tech7kb_requests_total", {"status": f"{n}xx"})
        for n in range(1, 6)
    }
    others = ("tech7kb_kept_pages_total", "tech7kb_errors_total", "tech7kb_request_seconds_count")
    return classes | {name: REGISTRY.get_sample_value(name) for name in others}


def answer(status, view="", path="/sample", **headers):
    def respond(request):
        request.resolver_match = SimpleNamespace(view_name=view) if view else None
        return HttpResponse(status=status, headers=headers)

    return respond, RequestFactory().get(path)


COUNTED = {
    "a page": (answer(200, "home"), {"2xx"}),
    "a page that was kept": (answer(200, ETag='"x"'), {"2xx", "tech7kb_kept_pages_total"}),
    "a page that the reader has": (answer(304, ETag='"x"'), {"3xx", "tech7kb_kept_pages_total"}),
    "a file": (answer(200, path="/static/x.css", ETag='"x"'), {"2xx"}),
    "a tagged answer of a view": (answer(200, "export", ETag='"x"'), {"2xx"}),
    "a wrong address": (answer(404), {"4xx"}),
    "a fault": (answer(500, "home"), {"5xx", "tech7kb_errors_total"}),
    "an outage": (answer(503, "home"), {"5xx"}),
    "a format that is not offered": (answer(501, "oembed"), set()),
}


@pytest.mark.parametrize(("answered", "raised"), COUNTED.values(), ids=COUNTED)
def test_each_answer_is_counted_once_as_what_it_is(counting, answered, raised):
    respond, request = answered
    middleware, before = counting.counted(respond), counts()
    middleware(request)
    assert {name for name, value in counts().items() if value == before[name] + 1} == raised | {
        "tech7kb_request_seconds_count"
    }


@pytest.mark.django_db
def test_the_private_port_tells_the_state_of_the_site(counting, settings, tmp_path):
    (settings.VAR_DIR / STAMP).write_text("sample")
    counting.counted(None)
    with urlopen(counting.address()) as answered:
        text = answered.read().decode()
    values = dict(re.findall(r"^(tech7kb_\w+) (\S+)$", text, re.MULTILINE))
    assert values["tech7kb_database_up"] == "1.0"
    assert float(values["tech7kb_content_version"]) == ContentVersion.now()
    assert float(values["tech7kb_entries_published"]) == 10
    assert (
        float(values["tech7kb_last_backup_timestamp_seconds"])
        == (settings.VAR_DIR / STAMP).stat().st_mtime
    )


@pytest.mark.django_db
def test_a_database_that_is_away_is_a_value_and_not_a_fault(counting, monkeypatch):
    def fail():
        raise metrics.DatabaseError

    monkeypatch.setattr(ContentVersion, "now", fail)
    counting.counted(None)
    with urlopen(counting.address()) as answered:
        text = answered.read().decode()
    assert "\ntech7kb_database_up 0.0\n" in text
    assert "content_version" not in text


@pytest.mark.django_db
def test_readers_cannot_ask_for_metrics(client):
    assert client.get("/metrics").status_code == 404


def test_nothing_listens_unless_it_is_asked_to():
    assert (site_settings.METRICS, "counted" in str(site_settings.MIDDLEWARE)) == ("", False)
