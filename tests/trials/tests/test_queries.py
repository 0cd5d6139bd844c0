"""The trial of the queries, small: it finds nothing, and it finds what is planted."""

import random
import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse, QueryDict

from recommendations.formats import problems, tables
from recommendations.search import fulltext, query_errors, results
from recommendations.search import selection as selections
from recommendations.search.facets import FacetIndex
from recommendations.search.fulltext import query as searching
from recommendations.views import browse, embeds, errors, responses, site
from tests.trials import queries
from tests.trials.parts import grammar, questions
from tests.trials.parts.addresses import stranger
from tests.trials.parts.agreement import Agreement
from tests.trials.parts.holdings import furnish
from tests.trials.parts.questions import Case, made
from tests.trials.queries import Trial, is_local, running

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


def compared(*pairs: tuple[str, str], part: int = selections.SLICE_SIZE) -> list[str]:
    """Compare one selection of a site that holds enough to tell it from others."""
    furnish(6)
    trial = Trial(1)
    trial.client = stranger()
    Agreement(trial.get, trial.faults, part).compare([*pairs])
    return trial.faults


def test_whatever_is_asked_has_an_answer():
    furnish(6)
    trial = Trial(1)
    trial.run(range(240), 3)
    trial.cells(500)
    assert trial.faults == []
    assert sum(trial.ends.values()) == 240
    assert {200, 301, 302, 303, 400, 404, 405, 410} <= set(trial.ends)
    assert trial.worst().count(" ms (case ") == 3
    assert len(trial.marks) > 1


def test_a_case_can_be_made_again():
    assert str(made(random.Random("1:7"), ())) == str(made(random.Random("1:7"), ()))
    assert str(made(random.Random("1:7"), ())) != str(made(random.Random("1:8"), ()))


def test_a_view_that_fails_is_found(monkeypatch):
    def parse(text: str):
        text.encode("ascii")
        return fulltext.Query()

    monkeypatch.setattr(fulltext, "parse", parse)
    found = tried(browsing("q=%E2%82%AC"))
    assert found[0].startswith("case 0: answers 500: GET '/recommendations/' ? 'q=%E2%82%AC'")
    assert "case 0: raised" in found[-1]
    assert "UnicodeEncodeError" in found[-1]


def test_what_is_reflected_unescaped_is_found(monkeypatch):
    def refused(request, *_given):
        return HttpResponse(
            f"<main><ul><li>{request.GET['q']} <a href='/'>On</a></li></ul></main>", status=400
        )

    monkeypatch.setattr(errors, "bad_request", refused)
    assert any("holds b planted=''" in fault for fault in tried(browsing(f"q={PLANTED}&theme=x")))
    assert any(
        "holds img onerror=" in fault
        for fault in tried(browsing("q=<img/src=x+onerror=ran=1>&theme=x"))
    )
    assert any(
        "holds a href='javascript:" in fault
        for fault in tried(browsing("q=<a+href=javascript:1>&theme=x"))
    )


def test_a_refusal_without_a_reason_is_found(monkeypatch):
    monkeypatch.setattr(
        query_errors.BadSelection, "__init__", lambda bad, problems: setattr(bad, "problems", [])
    )
    assert "refuses without a reason and a way on" in tried(browsing("theme=x"))[0]
    assert "'problems'" in tried(browsing("x=1", "json", "/recommendations.json"))[0]


@pytest.mark.parametrize(
    "place", ["//evil.invalid/", "https://evil.invalid/", "/\\evil.invalid", "///evil.invalid"]
)
def test_a_redirect_that_leads_away_is_found(monkeypatch, place):
    monkeypatch.setattr(
        errors, "bad_request", lambda *_given: HttpResponse(status=302, headers={"Location": place})
    )
    assert tried(browsing("theme=x"))[0].startswith(f"case 0: leads to {place!r}")


def test_a_redirect_within_the_site_is_none_of_those():
    assert [is_local(place, "/a/") for place in ("/b", "b//c", "?q=//x", "%2F%2Fx")] == [True] * 4


def test_another_answer_the_second_time_is_found(monkeypatch):
    asked = iter(range(9))
    monkeypatch.setattr(
        embeds.oembed,
        "read",
        lambda _query: (_ for _ in ()).throw(embeds.oembed.Refused(400, f"Refused {next(asked)}")),
    )
    assert (
        "is answered otherwise the second time: 400, then 400"
        in tried(browsing("url=x", "oembed", "/oembed"))[0]
    )


def test_a_parameter_that_is_passed_over_is_found(monkeypatch):
    unknown = query_errors._unknown_parameters

    def all_but_utm(params, filterset, paging):
        return [
            fault
            for fault in unknown(params, filterset, paging)
            if not fault.parameter.startswith("utm")
        ]

    monkeypatch.setattr(query_errors, "_unknown_parameters", all_but_utm)
    asked = "utm_source=x&theme=skills"
    for path in ("/recommendations.csv", "/recommendations.json"):
        assert (
            "answers 200, though it has too many parameters, or unknown ones"
            in tried(browsing(asked, "", path))[0]
        )


@pytest.mark.parametrize(
    "wrong", [f"q={'w' * 1001}", "page=0", "sort=Code", "theme=a%00b", "q=a&q=b"]
)
def test_what_is_wrong_and_answered_is_found(monkeypatch, wrong):
    assert tried(browsing(wrong)) == []
    monkeypatch.setattr(
        browse,
        "read_selection",
        lambda _params, *paging: selections.read_selection(QueryDict(), *paging),
    )
    assert "answers 200, though" in tried(browsing(wrong))[0]


def test_a_digit_that_is_no_number_is_asked_for_at_each_page():
    asked = {(case.path, case.query) for case in questions.in_order()}
    for path, query in (
        ("/recommendations/", "q=skills&sort=relevance&page=%C2%B2"),
        ("/oembed", "maxwidth=%C2%B2"),
        ("/RECOMMENDATIONS.JSON/", "theme=%00"),
    ):
        assert any(each == path and said.endswith(query) for each, said in asked), path
    assert len(asked) < queries.FULL["cases"] / questions.EVERY


def test_one_tag_for_several_answers_is_found(monkeypatch):
    monkeypatch.setattr(responses, "tag", lambda request: f'W/"{request.path}"')
    one, other = (
        browsing(f"theme={slug}", "json", "/recommendations.json") for slug in ("skills", "smes")
    )
    found = tried(one, other)
    assert "has the entity tag of case 0, whose answer is another one" in found[0]


def test_not_modified_without_its_tag_is_found(monkeypatch):
    def unmarked(*given, **more):
        response = answer(*given, **more)
        if response.status_code == 304:
            del response["ETag"]
        return response

    answer = responses.answer
    monkeypatch.setattr(browse, "answer", unmarked)
    found = tried(browsing("theme=skills", "json", "/recommendations.json"))
    assert "asked with its own tag, answers 304 with None" in found[0]


def test_a_choice_of_colours_that_leads_away_is_found(monkeypatch):
    asked = [each for each in questions.in_order() if each.method == "POST"]
    assert tried(*asked) == []
    monkeypatch.setattr(site, "url_has_allowed_host_and_scheme", lambda *_given, **_more: True)
    assert len([fault for fault in tried(*asked) if "leads to" in fault]) > 10


def test_a_search_that_takes_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr(queries, "ENDLESS", 0.2)
    monkeypatch.setattr(
        fulltext, "parse", lambda text: re.match("(?:[a-z]+)*'", text) or searching.parse(text)
    )
    found = tried(browsing(f"q={'a' * 40}"), browsing("q=skills"))
    assert len(found) == 1
    assert "case 0: has no answer after 0 s of this process" in found[0]


def test_an_entry_that_is_left_out_between_two_parts_is_found(monkeypatch):
    monkeypatch.setattr(selections, "SLICE_SIZE", 4)
    after = results.Results.place_after
    monkeypatch.setattr(results.Results, "place_after", lambda *given: after(*given) + 1)
    assert (
        "cannot be compared: ValueError('the parts count {17}, and hold 14')" in compared(part=4)[0]
    )


def test_a_format_that_forgets_a_filter_or_the_order_is_found(monkeypatch):
    def forgetful(params, paging="page"):
        kept = params.copy()
        for name in ("sort", "theme") if not paging else ():
            kept.pop(name, None)
        return selections.read_selection(kept, paging)

    monkeypatch.setattr(browse, "read_selection", forgetful)
    found = compared(("theme", "skills"), ("sort", "code"))
    assert [fault.split(": ")[1].split(" holds ")[0] for fault in found] == [
        *("csv", "bib", "ris", "atom", "jsonfeed", "the theme's own CSV")
    ]


def test_a_filter_that_every_format_forgets_is_found(monkeypatch):
    select = FacetIndex.select
    monkeypatch.setattr(
        FacetIndex, "select", lambda held, _chosen, *rest, **more: select(held, {}, *rest, **more)
    )
    assert "the records say" in compared(("tag", "sample-tag-1"))[0]


def test_words_beyond_the_first_that_count_are_found(monkeypatch):
    monkeypatch.setattr(searching, "MAX_TERMS", 6400)
    trial = Trial(1)
    trial.client = stranger()
    Agreement(trial.get, trial.faults, selections.SLICE_SIZE).run(0, 1)
    assert [fault.partition(":")[0] for fault in trial.faults] == [
        "words beyond the first 64 of a search count"
    ] * 2


def test_problems_that_are_no_json_are_found(monkeypatch):
    monkeypatch.setattr(problems, "json", SimpleNamespace(dumps=lambda *_given, **_more: "{"))
    assert (
        "cannot be read as application/problem+json"
        in tried(browsing("x=1", "json", "/recommendations.json"))[0]
    )


def test_an_answer_many_times_as_large_as_its_question_is_found(monkeypatch):
    monkeypatch.setattr(query_errors, "MOST", 10_000)
    monkeypatch.setattr(query_errors, "MOST_VALUES", 10_000)
    query = "&".join(f"tag={sign}x" for sign in range(900)) + "&q=" + "%F0%9F%A7%91" * 900
    assert any(" MB: GET" in fault for fault in tried(browsing(query)))


def test_a_cell_that_would_run_is_found(monkeypatch):
    monkeypatch.setattr(tables, "cell", lambda value: f"'{value}" if value[:1] in "=+-@" else value)
    trial = Trial(1)
    trial.cells(200)
    assert any("＝" in fault for fault in trial.faults)
    assert any(r"\u200b" in fault for fault in trial.faults)
    assert list(running('PARIS-2025-4,"a;=1+1"\r\n')) == ['=1+1"']


@pytest.mark.parametrize(
    ("column", "name"),
    [("themes", "themes"), ("language", "language"), ("refers_to", "works")],
)
def test_a_column_that_is_not_made_safe_is_found(monkeypatch, column, name):
    value_of = tables.COLUMNS[column]
    monkeypatch.setitem(tables.COLUMNS, column, lambda row: Raw(value_of(row)))
    monkeypatch.setattr(
        tables,
        "cell",
        lambda value, cell=tables.cell: value if isinstance(value, Raw) else cell(value),
    )
    trial = Trial(1)
    trial.cells(100)
    assert any(name in fault for fault in trial.faults)


class Raw(str):
    """A cell as it is."""


def test_the_grammar_makes_what_it_promises():
    chance = random.Random(1)
    said = "".join(grammar.expression(chance) for _ in range(3000))
    for held in ("NEAR(", "<->", ":*", '""', "\\", "「", "\u202e", "🧑", "planted", "word word"):
        assert held in said, held
