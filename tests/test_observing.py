"""What an operator sees: log lines that name no reader, and an identifier in each answer."""

import json
import logging
import re
import sys

import pytest
from django.conf import settings as site_settings
from django.http import HttpResponse
from django.test import RequestFactory

from recommendations.operations.log_format import JsonFormatter, current_request
from recommendations.operations.request_id import HEADER, request_id_middleware


@pytest.fixture
def lines():
    """Every line that is logged, as the site would write it on stderr."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(json.loads(self.format(record)))

    handler, log = Kept(), logging.getLogger("recommendations.requests")
    handler.setFormatter(JsonFormatter())
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
    written = JsonFormatter().format(record())
    assert "\n" not in written
    assert json.loads(written) == {
        "time": "2023-11-14T22:13:20.250+00:00",
        "level": "WARNING",
        "logger": "sample",
        "message": "Sample\nof two.",
    }


def test_a_line_of_a_request_names_it_without_its_query():
    request = RequestFactory().get("/recommendations/?q=first", REMOTE_ADDR="192.0.2.7")
    request.id = "sample-id"
    token = current_request.set(request)
    try:
        written = json.loads(JsonFormatter().format(record(status=200)))
    finally:
        current_request.reset(token)
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
        written = JsonFormatter().format(record(exc_info=sys.exc_info()))
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
    assert (
        request_id_middleware(lambda request: HttpResponse())(request)[HEADER] == given
    ) is is_taken


@pytest.mark.django_db
def test_a_fault_is_logged_with_the_identifier_that_its_answer_has(client, lines, monkeypatch):
    client.raise_request_exception = False

    def fail():
        raise RuntimeError("sample fault")

    monkeypatch.setattr("recommendations.search.facets.current", fail)
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
    client.get("/recommendations/?q=first")
    assert lines == []
    settings.LOG_REQUESTS = True
    answer = client.get("/recommendations/?q=private", headers={"User-Agent": "Sample browser"})
    (line,) = lines
    assert line.pop("milliseconds") >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert line == {
        "level": "INFO",
        "logger": "recommendations.requests",
        "message": "answered",
        "request": answer[HEADER],
        "method": "GET",
        "path": "/recommendations/",
        "route": "browse",
        "status": answer.status_code,
    }


def test_no_request_outlives_its_answer():
    request_id_middleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert current_request.get() is None


def test_the_identifier_is_given_before_any_other_middleware():
    assert (
        site_settings.MIDDLEWARE[0] == "recommendations.operations.request_id.request_id_middleware"
    )


@pytest.mark.django_db
def test_readers_cannot_ask_for_metrics(client):
    assert client.get("/metrics").status_code == 404
