"""Readers on replicas: never a stale page, and no request lost with a server, on a real primary and
a real replica.
"""

import runpy
import secrets

import postgres
import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.db import OperationalError, router
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import resolve

from recommendations import absence, catalogue, replicas
from recommendations.models import ContentVersion, Recommendation
from tests.trials.parts.desk import Desk
from tests.trials.parts.server import Cluster, Site, until

WRONG = (
    "DATABASE_REPLICA_URLS are postgresql:// addresses, separated by commas, of replicas of "
    "DATABASE_URL, "
    "which is then postgresql:// too."
)

NUMBER, ENTRIES = 'FROM "recommendations_contentversion"', 'FROM "recommendations_recommendation"'

# --- The rules, without a server -------------------------------------------


@pytest.fixture(autouse=True)
def _nothing_left_out(monkeypatch):
    monkeypatch.setattr(absence, "_left_out", {})


@pytest.fixture
def two(monkeypatch):
    """Two replicas, of which the first is asked first; the value is what each database says its
    version is.
    """
    versions = {}
    monkeypatch.setattr(replicas, "REPLICAS", ["replica1", "replica2"])
    monkeypatch.setattr(replicas, "_turn", iter([0] * 100))
    monkeypatch.setattr(replicas, "version_of", versions.get)
    return versions


@pytest.fixture
def routed(monkeypatch):
    """Django's own router, with ours in it."""
    monkeypatch.setattr(router, "routers", [replicas.Router()])
    return router


def answered(rf, two, view, method="get", path="/", **cookies):
    """Answer a request through the middleware."""
    rf.cookies.load(cookies)
    return replicas.readers_from_replicas(view)(getattr(rf, method)(path))


def where(_request=None):
    """A view that says where it reads."""
    return HttpResponse(router.db_for_read(Recommendation))


CHOICES = {
    "the first that is not behind": ((7, 7, 7), "replica1"),
    "one that is ahead meanwhile": ((7, 8, 7), "replica1"),
    "another one where it is behind": ((7, 6, 7), "replica2"),
    "another one where it is away": ((7, None, 7), "replica2"),
    "the primary where all are behind": ((7, 6, 5), "default"),
    "the primary where all are away": ((7, None, None), "default"),
    "the furthest while the primary is away": ((None, 5, 6), "replica2"),
    "the only one left": ((None, 5, None), "replica1"),
    "the primary where nothing answers": ((None, None, None), "default"),
}


@pytest.mark.parametrize(("versions", "alias"), CHOICES.values(), ids=CHOICES)
def test_a_reader_is_answered_by(two, versions, alias):
    two |= dict(zip(["default", "replica1", "replica2"], versions, strict=True))
    assert replicas.chosen() == alias


def test_replicas_take_turns(two, monkeypatch):
    two |= {"default": 7, "replica1": 7, "replica2": 7}
    monkeypatch.setattr(replicas, "_turn", iter([0, 1, 2, 3]))
    assert [replicas.chosen() for _ in range(4)] == ["replica1", "replica2", "replica1", "replica2"]


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", ["/", "/PARIS-2025-4", "/recommendations/", "/administration"])
def test_a_reader_reads_from_a_replica(rf, two, routed, method, path):
    two |= {"default": 7, "replica1": 7}
    assert answered(rf, two, where, method, path).content == b"replica1"


@pytest.mark.parametrize(
    ("method", "path", "cookies"),
    [
        ("post", "/", {}),
        ("get", "/admin/", {}),
        ("get", "/accounts/login/", {}),
        ("get", "/readyz", {}),
        ("get", "/PARIS-2025-4", {settings.SESSION_COOKIE_NAME: "sample"}),
    ],
)
def test_everybody_else_reads_from_the_primary(rf, two, routed, method, path, cookies):
    two |= {"default": 7, "replica1": 7}
    assert answered(rf, two, where, method, path, **cookies).content == b"default"


def test_outside_a_request_the_primary_is_read_and_only_it_is_ever_written_or_migrated(routed):
    assert routed.db_for_read(Recommendation) == "default"
    assert routed.db_for_write(Recommendation) == "default"
    assert [
        routed.allow_migrate(alias, "recommendations") for alias in ("default", "replica1")
    ] == [True, False]


def test_a_request_that_has_written_reads_what_it_wrote(rf, two, routed):
    two |= {"default": 7, "replica1": 7}

    def writing(request):
        before, written = routed.db_for_read(Recommendation), routed.db_for_write(Recommendation)
        return HttpResponse(" ".join([before, written, routed.db_for_read(Recommendation)]))

    assert answered(rf, two, writing).content == b"replica1 default default"
    assert answered(rf, two, where).content == b"replica1"


def test_one_request_reads_from_one_database_to_its_end_also_where_it_streams(
    rf, two, routed, monkeypatch
):
    two |= {"default": 7, "replica1": 7, "replica2": 7}
    monkeypatch.setattr(replicas, "_turn", iter([0, 1]))

    def streaming(request):
        return StreamingHttpResponse(routed.db_for_read(Recommendation) for _ in range(3))

    response = answered(rf, two, streaming)
    assert routed.db_for_read(Recommendation) == "default"
    assert list(response) == [b"replica1"] * 3
    assert routed.db_for_read(Recommendation) == "default"


def test_a_request_that_reads_nothing_asks_no_database(rf, two, monkeypatch):
    monkeypatch.setattr(replicas, "version_of", None)  # would fail
    assert answered(rf, two, lambda request: HttpResponse("ok")).content == b"ok"


def test_a_replica_lost_halfway_leaves_the_answer_to_another(rf, two, routed, monkeypatch):
    two |= {"default": 7, "replica1": 7, "replica2": 7}
    request = rf.get("/llms.txt")
    request.resolver_match = resolve("/llms.txt")

    def losing(request):
        assert routed.db_for_read(Recommendation) == "replica1"
        two["replica1"] = None
        response = middleware.process_exception(request, OperationalError("sample loss"))
        return HttpResponse([str(response.status_code), " ", routed.db_for_read(Recommendation)])

    monkeypatch.setattr(
        replicas, "connections", {"replica1": type("Lost", (), {"close": lambda self: None})()}
    )
    middleware = replicas.readers_from_replicas(losing)
    assert middleware(request).content == b"200 replica2"
    with pytest.raises(absence.Away):
        absence.ask(replicas.NAME.format("replica1"), lambda: 7, (OperationalError,))


def test_an_error_that_is_no_loss_is_not_hidden(rf, two, routed):
    two |= {"default": 7, "replica1": 7}

    def failing(request):
        routed.db_for_read(Recommendation)
        return HttpResponse(repr(middleware.process_exception(request, ValueError("sample"))))

    middleware = replicas.readers_from_replicas(failing)
    assert middleware(rf.get("/")).content == b"None"


def test_without_replicas_nothing_stands_in_the_way():
    with pytest.raises(MiddlewareNotUsed):
        replicas.readers_from_replicas(where)


@pytest.mark.django_db
def test_a_replica_behind_what_was_seen_shows_and_keeps_nothing_of_a_later_version(monkeypatch):
    number = catalogue.current().number
    monkeypatch.setattr(ContentVersion, "now", lambda: number - 1)
    assert catalogue.current().number == number - 1
    monkeypatch.undo()
    assert catalogue.current().number == number


@pytest.mark.parametrize(
    ("database", "given"),
    [
        ("sqlite:////tmp/sample.sqlite3", "postgresql://kb@replica/kb"),
        ("postgresql://kb@primary/kb", "sqlite:////tmp/sample.sqlite3"),
        ("postgresql://kb@primary/kb", "postgresql://kb@replica/kb,replica2"),
        ("postgresql://kb@primary/kb", "oracel://kb:hunter2@replica/kb"),
    ],
)
def test_replicas_that_are_none_are_told_in_one_sentence(monkeypatch, database, given):
    with pytest.raises(ImproperlyConfigured) as told:
        settings_with(monkeypatch, DATABASE_URL=database, DATABASE_REPLICA_URLS=given)
    assert str(told.value) == WRONG


def test_each_replica_is_a_database_that_a_test_takes_for_the_primary(monkeypatch):
    made = settings_with(
        monkeypatch,
        DATABASE_URL="postgresql://kb@primary/kb",
        DATABASE_REPLICA_URLS="postgresql://kb@one/kb, postgresql://kb@two/kb",
    )
    hosts = {alias: database["HOST"] for alias, database in made["DATABASES"].items()}
    assert hosts == {"default": "primary", "replica1": "one", "replica2": "two"}
    assert made["DATABASES"]["replica2"]["TEST"] == {"MIRROR": "default"}
    assert made["DATABASES"]["replica1"]["OPTIONS"]["connect_timeout"] == 2


def settings_with(monkeypatch, **environment):
    """Return the settings of a machine with these variables."""
    for name, value in {"SECRET_KEY": "x" * 60, **environment}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(settings.BASE_DIR / "tech7kb" / "settings.py"))


# --- A primary, a replica and the site on both, in processes of their own --


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site on a primary and a replica, which log what they are asked; a test leaves both
    running and replaying.
    """
    logging = "?options=-c%20log_statement%3Dall"
    with postgres.server() as primary, postgres.server(primary) as replica:
        made = Site(tmp_path_factory.mktemp("site"), Cluster(f"{primary}{logging}"))
        made.replica = Cluster(f"{replica}{logging}")
        made.environment |= {"DATABASE_REPLICA_URLS": made.replica.url, "WORKERS": "1"}
        made.start()
        yield made
        made.kill()


def asked(cluster, act):
    """Return what a database is asked while something is done."""
    with (cluster.folder / "log").open() as log:
        log.seek(0, 2)
        act()
        return log.read()


def change(cluster):
    """Change what a page shows, as an editor would, and return what it shows from then on."""
    label = f"Sample {secrets.token_hex(4)}"
    with psycopg.connect(cluster.url) as connection:
        connection.execute(
            "UPDATE recommendations_theme SET label = %s WHERE slug = 'skills'", [label]
        )
    return label


def page(site, **cookies):
    """Ask for a page that nobody asked for before, so that none is kept."""
    desk = Desk(site.port)
    desk.cookies |= cookies
    answer = desk.get(f"/recommendations/?q=training+or+{secrets.token_hex(4)}")
    assert answer.status == 200
    return answer.text


def replica_is_used(site):
    """Tell whether a reader's page is made from the replica."""
    return ENTRIES in asked(site.replica, lambda: page(site))


def test_pages_are_made_from_the_replica_and_an_editor_reads_from_the_primary(site):
    until(lambda: replica_is_used(site), "the replica was not used")
    of_reader = asked(site.database, lambda: page(site))
    assert (NUMBER in of_reader, ENTRIES in of_reader) == (True, False)
    assert "statement" not in asked(site.replica, lambda: page(site, sessionid="sample"))
    assert ENTRIES in asked(site.database, lambda: page(site, sessionid="sample"))


def test_a_publication_is_seen_by_the_next_reader_and_its_editor_while_the_replica_lags(site):
    with psycopg.connect(site.replica.url, autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        try:
            for _ in range(3):
                label = change(site.database)
                assert label in page(site)
                assert label in page(site, sessionid="sample")
                assert not replica_is_used(site)
        finally:
            connection.execute("SELECT pg_wal_replay_resume()")
    until(lambda: replica_is_used(site), "the replica was not used again")
    assert label in page(site)


def test_readers_notice_nothing_of_a_replica_that_is_killed_and_comes_back(site):
    until(lambda: replica_is_used(site), "the replica was not used")
    site.replica.kill()
    label = change(site.database)
    assert [label in page(site) for _ in range(5)] == [True] * 5
    site.replica.start()
    until(lambda: replica_is_used(site), "the replica was not used again")
    told = [line for line in site.log().splitlines() if "replica1" in line]
    assert ["answers again" in line for line in told] == [False, True]


def test_readers_are_served_by_the_replica_while_the_primary_is_away(site):
    label = change(site.database)
    until(lambda: replica_is_used(site), "the replica did not follow")
    site.database.kill()
    try:
        assert [label in page(site) for _ in range(5)] == [True] * 5
        paths = [
            "/",
            "/PARIS-2025-4",
            "/PARIS-2025",
            "/recommendations.csv",
            "/recommendations.json",
            "/livez",
        ]
        assert [Desk(site.port).get(path).status for path in paths] == [200] * len(paths)
    finally:
        site.database.start()
    label = change(site.database)
    until(lambda: label in page(site), "the primary was not asked again")
