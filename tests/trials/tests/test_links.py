"""The trial of the links, small: it finds nothing, and it finds what is planted."""

import random
import re

import pytest
from django.core.cache import caches
from django.http import HttpResponse, HttpResponsePermanentRedirect
from factories import changed, withdrawn
from taggit.models import Tag

from recommendations.formats import share
from recommendations.models import Theme, Version
from recommendations.operations.page_cache import PAGES
from recommendations.search import results
from recommendations.search import selection as selections
from recommendations.views import declarations, embeds, errors, record, themes
from tests.trials.links import Trial
from tests.trials.parts.server import people

pytestmark = pytest.mark.django_db
OTHER = "https://example.org/elsewhere"


@pytest.fixture
def trial() -> Trial:
    """A trial with people to act in it."""
    people()
    return Trial(random.Random(1), few=14)


def asked(trial: Trial, *addresses: str) -> list[str]:
    """Ask for some addresses, whose pages are made anew, and return the faults that this adds."""
    caches[PAGES].clear()
    before = len(trial.faults)
    for address in addresses:
        trial.check(address, "the trial")
    return trial.faults[before:]


def test_every_address_answers_after_two_dozen_acts(trial):
    trial.run(24, 24, 30, 45)
    assert (trial.faults, trial.editors.done.total()) == ([], 24)
    assert len(trial.known) > 300
    assert trial.ends["200"] > 45
    assert trial.places > 20


def test_an_entry_that_answers_otherwise_than_its_state_says_is_found(trial, monkeypatch):
    trial.begin()
    live, gone = trial.editors.published()[:2]
    withdrawn(gone, by=live)
    forms = [
        f"/{entry.code}{end}"
        for entry in (live, gone)
        for end in ("", ".bib", "/embed", ".qr.svg", ".qr.png")
    ]
    oembed = f"/oembed?url=http%3A//testserver/{gone.code}&format=json"
    assert asked(trial, *forms, f"/{gone.code}.json") == []
    monkeypatch.setattr(record, "gone", lambda request, entry: HttpResponse("Gone.", "text/plain"))
    monkeypatch.setattr(
        record, "answer", lambda *asked: HttpResponse(status=410, content_type="text/plain")
    )
    assert asked(trial, forms[1], forms[5], oembed)[:2] == [
        f"{forms[1]} (seen on {forms[0]}) answers 410  where 200 is implied",
        f"{forms[5]} (seen on the trial) answers 200  where 410 is implied",
    ]
    monkeypatch.setattr(
        record, "gone", lambda request, entry: HttpResponse(status=410, content_type="text/plain")
    )
    assert asked(trial, forms[5]) == [
        f"{forms[5]} (seen on the trial) does not name /{live.code}, which replaces it"
    ]


def test_a_qr_code_of_another_address_is_found_on_the_page_and_in_both_files(trial, monkeypatch):
    trial.begin()
    code = trial.editors.published().first().code
    draw, save = share.qr_code, embeds.qr_file
    monkeypatch.setattr(share, "qr_code", lambda link: draw(OTHER))
    monkeypatch.setattr(embeds, "qr_file", lambda link, kind: save(OTHER, kind))
    found = asked(trial, f"/{code}", f"/{code}.qr.svg", f"/{code}.qr.png")
    assert sum("has a QR code of another address" in fault for fault in found) == 3


def test_a_former_theme_that_leads_elsewhere_or_nowhere_or_twice_is_found(trial, monkeypatch):
    trial.begin()
    skills = Theme.objects.get(slug="skills")
    addresses = [
        "/themes/skills",
        "/themes/skills.ris",
        "/recommendations.json?theme=skills&tag=education&after=x",
    ]
    trial.editors.put(f"/admin/recommendations/theme/{skills.pk}/change/", "seen", slug="talent")
    assert asked(trial, *addresses) == []
    with monkeypatch.context() as planted:
        planted.setattr(errors, "moved", lambda request, address: HttpResponse(status=400))
        assert len(asked(trial, addresses[2])) == 1
    for wrong in (None, Theme.objects.exclude(slug="talent").first()):
        with monkeypatch.context() as planted:
            planted.setattr(themes, "current_theme", lambda slug, wrong=wrong: wrong)
            assert {fault.split()[0] for fault in asked(trial, *addresses[:2])} == {*addresses[:2]}
    monkeypatch.setattr(
        themes, "moved", lambda request, address: HttpResponsePermanentRedirect(address.upper())
    )
    assert any("which answers 301" in fault for fault in asked(trial, addresses[0]))


def test_a_selection_that_is_lost_or_loses_its_entries_is_found(trial, monkeypatch):
    trial.begin()
    monkeypatch.setattr(selections, "SLICE_SIZE", 3)
    tag = Tag.objects.exclude(recommendations_tagging_items=None).first()
    tagged = f"/recommendations.json?tag={tag.slug}"
    trial.note({tagged}, "a page")
    assert asked(trial, "/recommendations.json", tagged) == []
    (after,) = [
        each for each in trial.known if re.fullmatch(r"/recommendations\.json\?after=[^&]+", each)
    ]
    monkeypatch.setattr(
        results.Results,
        "_signer",
        lambda self, selection: results.signing.Signer(salt="of the act"),
    )
    assert [fault.partition("answers")[2] for fault in asked(trial, after)] == [
        " 400  where 200 is implied"
    ]
    Tag.objects.filter(pk=tag.pk).update(slug="another")
    assert any("400" in fault or "holds 0 entries" in fault for fault in asked(trial, tagged))


def test_a_permanent_page_with_other_words_and_a_place_that_is_none_are_found(trial, monkeypatch):
    trial.begin()
    entry = trial.editors.published().get(code="LINKSA-2000-1")
    trial.editors.count("correct", corrected := correct(trial, entry.source))
    changed(entry, title="Take another sample action")
    permanent = [f"/{entry.source.code}/t/1", f"/{entry.code}/v/1"]
    assert (corrected.status_code, asked(trial, *permanent, f"/{entry.source.code}")) == (302, [])
    trial.look_for_places(50)
    assert (trial.faults, trial.places > 4) == ([], True)
    annotate, render = declarations.annotate, record.render

    def newest(request, name, said: dict) -> HttpResponse:
        last = said["steps"][-1].version
        page = record.RecommendationPage.from_snapshot(last.snapshot, entry.source, last.number, {})
        return render(request, name, said | {"version": last, "page": page})

    with monkeypatch.context() as planted:
        planted.setattr(
            declarations,
            "annotate",
            lambda source, entries, former=None: annotate(source, entries),
        )
        planted.setattr(record, "render", newest)
        found = asked(trial, *permanent)
    assert [fault.partition(") ")[2] for fault in found] == 2 * [
        "does not hold any more what it first held"
    ]
    monkeypatch.setattr(
        Version,
        "passages",
        property(lambda self: [({"paragraph": 1}, f"/{entry.source.code}#para1")]),
    )
    asked(trial, permanent[1])
    trial.look_for_places(50)
    assert any(
        "#para1 " in fault and "is no place of its target" in fault for fault in trial.faults
    )


def correct(trial: Trial, source) -> HttpResponse:
    """Correct a text at the desk, so that the trial knows a former one."""
    trial.chance.seed(0)
    while source.text_number == 1:
        answer = trial.editors.correct()
        source.refresh_from_db()
    return answer
