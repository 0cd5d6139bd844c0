"""The trial of the queries, small: it finds nothing, and it finds what is planted."""

import random
from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from recommendations import faults, search
from recommendations.representations import problems, tables
from recommendations.views import browse, passing
from tests.trials import grammar
from tests.trials.queries import Case, Trial, is_local, made, running

pytestmark = pytest.mark.django_db

PLANTED = "<b planted>"


def tried(*cases: Case) -> list[str]:
    """Run the trial on these cases; return the faults."""
    trial = Trial(1)
    trial.case = cases.__getitem__
    trial.run(range(len(cases)))
    return trial.faults


def browsing(query: str, kind: str = "browse", path: str = "/recommendations/") -> Case:
    return Case(kind, path, query, {})


def test_whatever_is_asked_has_an_answer():
    trial = Trial(1)
    trial.run(range(300))
    trial.cells(1000)
    assert trial.faults == []
    assert sum(trial.ends.values()) == 300
    assert {200, 301, 302, 400, 404, 405} <= set(trial.ends)
    assert trial.worst().count(" ms (case ") == 3
    assert len(trial.marks) > 1


def test_a_case_can_be_made_again():
    assert str(made(random.Random("1:7"), ())) == str(made(random.Random("1:7"), ()))
    assert str(made(random.Random("1:7"), ())) != str(made(random.Random("1:8"), ()))


def test_a_view_that_fails_is_found(monkeypatch):
    def parse(text: str):
        return text.encode("ascii")

    monkeypatch.setattr(search, "parse", parse)
    found = tried(browsing("q=%E2%82%AC"))
    assert found[0].startswith("case 0: answers 500: GET '/recommendations/' ? 'q=%E2%82%AC'")
    assert "case 0: raised" in found[-1]
    assert "UnicodeEncodeError" in found[-1]


def test_what_is_reflected_unescaped_is_found(monkeypatch):
    def refused(request, bad):
        return HttpResponse(f"<main><ul><li>{request.GET['q']} <a href='/'>On</a></li></ul></main>", status=400)

    monkeypatch.setattr(browse, "refused", refused)
    assert any("holds b planted=''" in fault for fault in tried(browsing(f"q={PLANTED}&x=1")))
    assert any("holds img onerror=" in fault for fault in tried(browsing("q=<img/src=x+onerror=ran=1>&x=1")))
    assert any("holds a href='javascript:" in fault for fault in tried(browsing("q=<a+href=javascript:1>&x=1")))


def test_a_refusal_without_a_reason_is_found(monkeypatch):
    monkeypatch.setattr(faults.BadSelection, "__init__", lambda bad, problems: setattr(bad, "problems", []))
    assert "refuses without a reason and a way on" in tried(browsing("x=1"))[0]
    assert "'problems'" in tried(browsing("x=1", "json", "/recommendations.json"))[0]


@pytest.mark.parametrize("place", ["//evil.invalid/", "https://evil.invalid/", "/\\evil.invalid", "///evil.invalid"])
def test_a_redirect_that_leads_away_is_found(monkeypatch, place):
    monkeypatch.setattr(browse, "refused", lambda *_given: HttpResponse(status=302, headers={"Location": place}))
    assert tried(browsing("x=1"))[0].startswith(f"case 0: leads to {place!r}")


def test_a_redirect_within_the_site_is_none_of_those():
    assert [is_local(place, "/a/") for place in ("/b", "b//c", "?q=//x", "%2F%2Fx")] == [True] * 4


def test_another_answer_the_second_time_is_found(monkeypatch):
    asked = iter(range(9))
    monkeypatch.setattr(
        passing.oembed,
        "wish",
        lambda _query: (_ for _ in ()).throw(passing.oembed.Refused(400, f"Refused {next(asked)}")),
    )
    assert "is answered otherwise the second time: 400, then 400" in tried(browsing("url=x", "oembed", "/oembed"))[0]


def test_problems_that_are_no_json_are_found(monkeypatch):
    monkeypatch.setattr(problems, "json", SimpleNamespace(dumps=lambda *_given, **_more: "{"))
    assert "cannot be read as application/problem+json" in tried(browsing("x=1", "json", "/recommendations.json"))[0]


def test_an_answer_many_times_as_large_as_its_question_is_found(monkeypatch):
    monkeypatch.setattr(faults, "MOST", 10_000)
    query = "&".join(f"{sign}=x" for sign in range(900)) + "&q=" + "%F0%9F%A7%91" * 900
    assert any(" MB: GET" in fault for fault in tried(browsing(query)))


def test_a_cell_that_would_run_is_found(monkeypatch):
    monkeypatch.setattr(tables, "cell", lambda value: f"'{value}" if value[:1] in "=+-@" else value)
    trial = Trial(1)
    trial.cells(200)
    assert any("＝" in fault for fault in trial.faults)
    assert any(r"\u200b" in fault for fault in trial.faults)
    assert list(running('PARIS-2025-4,"a;=1+1"\r\n')) == ['=1+1"']


def test_the_grammar_makes_what_it_promises():
    chance = random.Random(1)
    said = "".join(grammar.expression(chance) for _ in range(3000))
    for held in ("NEAR(", "<->", ":*", '""', "\\", "「", "\u202e", "🧑", "planted", "word word"):
        assert held in said, held
