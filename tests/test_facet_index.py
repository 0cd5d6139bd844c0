"""The catalogue that each process holds says what SQL says, when it was made from nothing and when
it was renewed.
"""

import sys
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import OperationalError, transaction
from factories import changed, make_many, make_published, make_source, republish, withdrawn
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap
from taggit.models import Tag

from recommendations.models import ContentVersion, Organisation, Recommendation, Theme
from recommendations.search import facets
from recommendations.search.facets.build import MEMBERS, build

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SLUGS = {
    "theme": "themes__slug",
    "tag": "tags__slug",
    "source": "source__code",
    "year": "source__issued_on__year",
    "issuer": "source__issuers__slug",
    "addressee": "addressees__slug",
}
ORDERS = {
    "newest": ("-source__issued_on", "source__code", "number"),
    "code": ("source__code", "number"),
}
THEMES, TAGS, ACTORS = (
    ("skills", "smes", "standards"),
    ("Sample a", "Sample b", "Sample c"),
    ("g7", "tech7", "oecd"),
)


def asked(chosen: dict, but: str = ""):
    """Ask the database for a selection, the plain way."""
    entries = Recommendation.objects
    for name, values in chosen.items():
        if name != but and values:
            having = Recommendation.objects.filter(**{f"{SLUGS[name]}__in": values})
            entries = entries.filter(pk__in=having.values("pk"))
    return entries


def counted(chosen: dict) -> dict:
    """Count every value of every facet with SQL."""
    counts = {}
    for name, path in SLUGS.items():
        rows = asked(chosen, but=name).order_by().values_list(path, "pk").distinct()
        found: dict[str, int] = {}
        for value, _pk in rows:
            if value is not None:
                found[str(value)] = found.get(str(value), 0) + 1
        counts[name] = found
    return counts


def check(index: facets.FacetIndex, chosen: dict) -> None:
    """Compare a facet index's answer with that of SQL."""
    selected = index.select(chosen)
    assert set(selected) == set(asked(chosen).values_list("pk", flat=True))
    assert {name: counts.all() for name, counts in index.counts(chosen).items()} == counted(chosen)
    for order, fields in ORDERS.items():
        wanted = list(asked(chosen).order_by(*fields).values_list("pk", flat=True))
        assert index.orders[order].all(selected).tolist() == wanted
        assert index.orders[order].part(selected, 2, 7) == wanted[2:7]


def some(values) -> st.SearchStrategy:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


ACTS = st.one_of(
    st.tuples(st.just("publish"), st.integers(0, 3), some(THEMES), some(TAGS), some(ACTORS)),
    st.tuples(st.just("change"), st.integers(0, 9), some(THEMES), some(TAGS), some(ACTORS)),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("move source"), st.integers(0, 3), st.integers(2010, 2014)),
    st.tuples(st.just("issue"), st.integers(0, 3), st.sampled_from(ACTORS)),
    st.tuples(st.just("rename theme"), st.sampled_from(THEMES)),
    st.tuples(st.just("rename tag"), st.integers(0, 2)),
)
CHOICES = st.fixed_dictionaries(
    {
        "theme": some(THEMES),
        "tag": some(("sample-a", "sample-b", "nothing")),
        "year": some(("2020", "2021", "2025")),
        "source": some(("SAMPLE-2020", "SAMPLE-2021", "PARIS-2025")),
        "issuer": some(ACTORS),
        "addressee": some(ACTORS),
    }
)


def perform(act: tuple, sources: list) -> None:
    """Do one editorial act; one that has nothing to act on does nothing."""
    kind, place, *rest = act
    published = list(Recommendation.objects.exclude(source__code="PARIS-2025").order_by("pk"))
    entry = (
        published[place % len(published)] if published and kind in ("change", "withdraw") else None
    )
    if kind in ("publish", "change"):
        themes, tags, addressees = rest
        filed = {"themes": themes or ["skills"], "tags": tags, "addressees": addressees}
        if kind == "publish":
            make_published(sources[place], **filed)
        elif entry:
            changed(entry, **filed)
    elif kind == "withdraw" and entry:
        withdrawn(entry, "Sample withdrawal.")
    elif kind == "move source":
        sources[place].issued_on = date(rest[0], 1, 1)
        sources[place].save()
    elif kind == "issue":
        sources[place].issuers.add(Organisation.objects.get(slug=rest[0]))
    elif kind == "rename theme":
        Theme.objects.filter(slug=place).update(label=f"Sample {ContentVersion.now()}")
    elif kind == "rename tag":
        Tag.objects.filter(name=TAGS[place]).update(name=TAGS[place])


@settings(max_examples=25, deadline=None)
@given(st.lists(ACTS, min_size=1, max_size=12), CHOICES)
def test_after_any_acts_it_says_what_sql_says(acts, chosen):
    facets.forget()
    with transaction.atomic():
        sources = [
            make_source(f"SAMPLE-{year}", issued_on=date(year, 5, 1))
            for year in (2019, 2020, 2021, 2022)
        ]
        for act in acts:
            facets.current()
            perform(act, sources)
        index = facets.current()
        check(index, chosen)
        check(index, {})
        fresh = build(index.number)
        for name in MEMBERS:
            assert index.facets[name].options == fresh.facets[name].options
        transaction.set_rollback(True)
    facets.forget()


def test_it_is_made_once_and_renewed_by_what_has_changed(django_assert_num_queries):
    first = facets.current()
    with django_assert_num_queries(1):
        assert facets.current() is first
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    withdrawn(entry, "Sample withdrawal.")
    with django_assert_num_queries(12):
        renewed = facets.current()
    assert set(first.published - renewed.published) == {entry.pk}
    assert entry.pk in first.published


def test_what_was_found_by_a_search_narrows_it():
    entries = make_many(3)
    index = facets.current()
    found = BitMap([entries[0].pk, entries[2].pk])
    assert index.select({"theme": ["skills"], "source": ["MANY-2021"]}, found) == found
    assert index.counts({}, found)["source"].all() == {"MANY-2021": 2}


def test_kin_share_most_tags_and_themes_and_the_newest_come_first():
    source = make_source(
        text="".join(f"We call for sample action {n} on alpha{n}. " for n in range(1, 6))
    )
    filed = [
        {},
        {"tags": ["Sample b"]},
        {"tags": ["Sample tag", "Sample b"]},
        {"themes": ["smes"], "tags": ["Sample c"]},
        {},
    ]
    one, two, three, four, five = (
        make_published(source, f"We call for sample action {number} on alpha{number}.", **fields)
        for number, fields in enumerate(filed, start=1)
    )
    withdrawn(Recommendation.objects.filter(source__code="PARIS-2025").first(), "Sample.")
    index = facets.current()
    assert index.related(one.pk, {"theme": 1, "tag": 2}, 2) == [three.pk, five.pk]
    assert index.related(two.pk, {"tag": 2}, 9) == [three.pk]
    assert index.related(four.pk, {"tag": 2}, 9) == []


def test_it_is_made_at_the_start_and_a_database_that_is_away_stops_no_server(monkeypatch, caplog):
    module = sys.modules["recommendations.search.facets.current"]
    closed = []
    monkeypatch.setattr(module, "connection", SimpleNamespace(close=lambda: closed.append(True)))
    monkeypatch.setattr(module, "build", lambda number: f"made at {number}")
    facets.prepare()
    assert (module._last, closed) == (f"made at {ContentVersion.now()}", [True])
    facets.forget()

    def fail(number):
        raise OperationalError("sample outage")

    monkeypatch.setattr(module, "build", fail)
    facets.prepare()
    assert (module._last, closed) == (None, [True, True])
    assert "The facet index was not made at the start: sample outage" in caplog.text


def test_a_selection_whose_last_entry_was_withdrawn_is_empty_and_not_unknown(client):
    entry = make_published(make_source())
    entry.tags.set(["Sample only"])
    republish(entry, "Sample tag.")
    addresses = ["?tag=sample-only", "?source=SAMPLE-2020", "?year=2020"]
    before = facets.current()
    withdrawn(entry, "Sample withdrawal.")
    for index in (facets.current(), build(before.number + 1)):
        assert index.select({"tag": ["sample-only"]}) == BitMap()
        assert index.totals["source"].all() == {"PARIS-2025": 10}
        assert index.neighbours(entry.source_id, 5) == ([], [])
    for address in addresses:
        assert client.get(f"/recommendations/{address}").status_code == 200
        assert client.get(f"/recommendations.json{address}").json()["count"] == 0
    assert "sample-only" not in client.get("/recommendations/").content.decode()
