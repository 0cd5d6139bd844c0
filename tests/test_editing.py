"""The editors' desk: quotes are found or refused, every change is a proposal, nothing is overwritten
or lost.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from factories import changed, make_proposal, make_published, make_source, sign_in, withdrawn
from taggit.models import Tag

from recommendations.models import NameChange, Organisation, Recommendation, Source, Theme
from recommendations.models.proposal import Proposal

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DESK = "/admin/recommendations/recommendation/"
PROPOSALS = "/admin/recommendations/proposal/"


@pytest.fixture
def editor(client):
    return sign_in(client, "Editors")


@pytest.fixture
def publisher(client):
    return sign_in(client, "Publishers")


def filled_form(client, url: str, **changes) -> dict:
    """Return what a browser would send for a form as it stands, with changes."""
    response = client.get(url)
    assert response.status_code == 200
    context, data = response.context, {}
    if "adminform" in context:
        forms = [context["adminform"].form]
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    else:
        forms, formsets = [context["form"]], [each for _legend, each in context["formsets"]]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    for each in forms:
        for bound in each:
            value = bound.value()
            if value is not None:
                data[bound.html_name] = (
                    [getattr(v, "pk", v) for v in value]
                    if isinstance(value, list | tuple)
                    else value
                )
    return {name: value for name, value in (data | changes).items() if value is not None}


def errors(response) -> str:
    """Return every error that a form shows, without tags."""
    found = re.findall(
        r'<ul class="errorlist.*?</ul>|<p class="errornote">.*?</p>',
        response.content.decode(),
        re.DOTALL,
    )
    return re.sub(r"<[^>]+>", " ", " ".join(found))


def add(client, source: Source, **changes):
    """Send the form of a new entry, to be kept as a proposal."""
    url = f"{PROPOSALS}add/?source={source.code}"
    data = filled_form(
        client,
        url,
        title="Take sample action",
        themes=["skills"],
        propose="Save",
        **{"quotes-0-quote": "We call for sample action 1 on alpha1."},
    )
    return client.post(url, data | changes)


def change_url(entry: Recommendation) -> str:
    """Return the address of the form that changes an entry."""
    return reverse("admin:propose_change", args=[entry.pk])


def page_of(proposal: Proposal) -> str:
    return f"{PROPOSALS}{proposal.pk}/change/"


def publish_at(client, proposal: Proposal, **values):
    """Press the button that publishes a proposal."""
    sent = {"revision": proposal.revision, "reason": "Sample reason."} | values
    return client.post(reverse("admin:publish_proposal", args=[proposal.pk]), sent)


def test_an_editor_pastes_a_quote_and_its_place_is_found(client, editor):
    response = add(client, make_source())
    assert response.status_code == 302, errors(response)
    proposal = Proposal.objects.get()
    assert (proposal.spans, proposal.written_by) == ([[30, 68]], "editors")
    assert proposal.quotes == ["We call for sample action 1 on alpha1."]
    assert not Recommendation.objects.filter(source__code="SAMPLE-2020").exists()


def test_a_new_entry_asks_first_of_which_declaration_it_is(client, editor):
    make_source()
    page = client.get(f"{PROPOSALS}add/").content.decode()
    assert f'href="{PROPOSALS}add/?source=SAMPLE-2020"' in page
    assert client.get(f"{PROPOSALS}add/?source=NONE-2020").status_code == 200


def test_an_absent_quote_is_refused_with_the_nearest_passage(client, editor):
    response = add(
        client, make_source(), **{"quotes-0-quote": "We call for sample action 2 on alpha1."}
    )
    assert "The nearest passage is: “We call for sample action 1 on alpha1.”" in errors(response)
    assert not Proposal.objects.exists()


def test_a_quote_that_occurs_twice_is_refused_with_the_places(client, editor):
    source = make_source(text="Sample: we ask. Sample again: we ask.\n")
    response = add(client, source, **{"quotes-0-quote": "we ask."})
    assert "occurs 2 times" in errors(response)
    assert "offset 8" in errors(response)
    assert "offset 30" in errors(response)


def test_a_quote_over_two_paragraphs_survives_the_line_ends_of_a_browser(client, editor):
    source = make_source(text="We call for\nsample things.\n")
    add(client, source, **{"quotes-0-quote": "We call for\r\nsample things."})
    assert Proposal.objects.get().quotes == ["We call for\nsample things."]


def test_two_editors_saving_the_same_proposal_the_second_is_told(client, editor):
    proposal = make_proposal(make_source())
    url = reverse("admin:edit_proposal", args=[proposal.pk])
    first = filled_form(client, url, title="The first sample title", propose="Save")
    second = filled_form(client, url, title="The second sample title", propose="Save")
    assert client.post(url, first).status_code == 302
    response = client.post(url, second)
    assert response.status_code == 200
    assert "editors changed it at" in errors(response)
    assert "nothing of theirs overwritten" in errors(response)
    assert 'value="The second sample title"' in response.content.decode()
    proposal.refresh_from_db()
    assert proposal.title == "The first sample title"


def test_two_editors_changing_the_same_entry_the_second_is_told(client, editor):
    entry = make_published(make_source())
    first = filled_form(client, change_url(entry), title="The first sample title")
    second = filled_form(client, change_url(entry), title="The second sample title")
    assert client.post(change_url(entry), first).status_code == 302
    response = client.post(change_url(entry), second)
    assert "editors changed it at" in errors(response)
    assert Proposal.objects.get().title == "The first sample title"


def test_a_form_without_what_was_seen_is_refused(client, editor):
    proposal = make_proposal(make_source())
    url = reverse("admin:edit_proposal", args=[proposal.pk])
    response = client.post(url, filled_form(client, url, seen=""))
    assert response.status_code == 200
    assert "Nothing of yours was saved" in errors(response)


def test_a_publisher_publishes_a_proposal_with_a_reason(client, publisher):
    proposal = make_proposal(make_source())
    assert "We call for sample action 1" in client.get(page_of(proposal)).content.decode()
    assert "This field is required" in errors(publish_at(client, proposal, reason=" "))
    assert publish_at(client, proposal).status_code == 302
    entry = Recommendation.objects.get(code="SAMPLE-2020-1")
    assert entry.versions.get().reason == "Sample reason."
    assert client.get("/SAMPLE-2020-1").status_code == 200
    proposal.refresh_from_db()
    assert proposal.entry == entry
    assert "Published." in client.get(page_of(proposal)).content.decode()


def test_a_proposal_that_lacks_something_is_not_published_and_says_what(client, publisher):
    proposal = make_proposal(make_source(), title="", themes=[])
    response = publish_at(client, proposal)
    assert (response.status_code, "lacks a title" in errors(response)) == (409, True)
    assert not Recommendation.objects.filter(source__code="SAMPLE-2020").exists()


def test_a_publisher_writes_and_publishes_in_one_step(client, publisher):
    source = make_source()
    url = f"{PROPOSALS}add/?source={source.code}"
    values = {"title": "Take sample action", "themes": ["skills"], "reason": "Sample reason."}
    quote = {"quotes-0-quote": "We call for sample action 1 on alpha1."}
    response = client.post(url, filled_form(client, url, **values, **quote))
    assert response.status_code == 302, errors(response)
    assert Recommendation.objects.get(code="SAMPLE-2020-1").versions.count() == 1
    assert not Proposal.objects.exists()


def test_changing_an_entry_asks_for_a_reason_and_makes_a_version(client, publisher):
    entry = make_published(make_source())
    data = filled_form(client, change_url(entry), title="Take corrected sample action")
    assert "A reason is missing." in errors(client.post(change_url(entry), data))
    response = client.post(change_url(entry), data | {"reason": "Sample correction."})
    assert response.status_code == 302, errors(response)
    assert [version.reason for version in entry.versions.all()] == [
        "Sample publication.",
        "Sample correction.",
    ]
    assert "Take corrected sample action" in client.get("/SAMPLE-2020-1").content.decode()


def test_a_change_is_prepared_and_published_later(client, publisher):
    entry = make_published(make_source())
    data = filled_form(client, change_url(entry), title="Take later sample action", note="Wait.")
    assert client.post(change_url(entry), data | {"propose": "Save"}).status_code == 302
    assert "Take later sample action" not in client.get("/SAMPLE-2020-1").content.decode()
    proposal = Proposal.objects.get()
    page = client.get(page_of(proposal)).content.decode()
    assert "Take later sample action" in page
    assert "Wait." in page
    assert publish_at(client, proposal).status_code == 302
    assert "Take later sample action" in client.get("/SAMPLE-2020-1").content.decode()
    assert entry.versions.count() == 2


def test_changing_the_words_of_an_entry_makes_a_version_too(client, publisher):
    entry = make_published(make_source())
    changes = {"quotes-0-quote": "We call for sample action 1", "reason": "Sample correction."}
    data = filled_form(client, change_url(entry), **changes)
    assert client.post(change_url(entry), data).status_code == 302
    assert Recommendation.objects.get(pk=entry.pk).quote == "We call for sample action 1"
    assert entry.versions.count() == 2


def test_works_are_cited_changed_and_left_out(client, publisher):
    entry, _work = make_published(make_source()), make_source("WORK-2019", "")
    changes = {"works-0-source": "WORK-2019", "works-0-note": "Named.", "reason": "x"}
    client.post(change_url(entry), filled_form(client, change_url(entry), **changes))
    assert [(w.source.code, w.note) for w in Recommendation.objects.get(pk=entry.pk).works] == [
        ("WORK-2019", "Named.")
    ]
    changes = {"works-0-note": "Meant.", "reason": "x"}
    client.post(change_url(entry), filled_form(client, change_url(entry), **changes))
    assert Recommendation.objects.get(pk=entry.pk).works[0].note == "Meant."
    changes = {"works-0-DELETE": "on", "reason": "x"}
    client.post(change_url(entry), filled_form(client, change_url(entry), **changes))
    assert Recommendation.objects.get(pk=entry.pk).works == []


def test_a_published_entry_keeps_its_words(client, publisher):
    entry = make_published(make_source())
    data = filled_form(client, change_url(entry), reason="x", **{"quotes-0-DELETE": "on"})
    assert "lacks a passage" in errors(client.post(change_url(entry), data))
    assert len(Recommendation.objects.get(pk=entry.pk).passages) == 1


def test_an_entry_itself_is_only_read(client, publisher):
    entry = make_published(make_source())
    url = reverse("admin:recommendations_recommendation_change", args=[entry.pk])
    page = client.get(url)
    assert page.context["has_change_permission"] is False
    for name in ("Change", "Split", "Withdraw"):
        assert f"{name}…" in page.content.decode()
    assert client.post(url, {"title": "x"}).status_code == 403
    assert client.get(f"{DESK}add/").status_code == 403


def test_withdrawing_says_why_and_what_to_use_instead(client, publisher):
    source = make_source()
    entry, other = make_published(source), make_published(source, "It closes sample text 1.")
    url = reverse("admin:withdraw_recommendation", args=[entry.pk])
    assert client.get(url).status_code == 200
    response = client.post(
        url, {"reason": "It repeated another sample.", "replaced_by": other.code.lower()}
    )
    assert response.status_code == 302, errors(response)
    page = client.get("/SAMPLE-2020-1")
    assert page.status_code == 410
    assert "It repeated another sample." in page.content.decode()


@pytest.mark.parametrize("code", ["SAMPLE-2020-9", "SAMPLE-2020-2", "<b>", "12"])
def test_only_a_published_entry_is_named_to_use_instead(client, publisher, code):
    source = make_source()
    entry = make_published(source)
    make_proposal(source, "It closes sample text 1.")
    url = reverse("admin:withdraw_recommendation", args=[entry.pk])
    response = client.post(url, {"reason": "Sample reason.", "replaced_by": code})
    assert "There is no published entry" in errors(response)
    assert "Null characters" in errors(
        client.post(url, {"reason": "Sample reason.", "replaced_by": "a\0"})
    )
    assert Recommendation.objects.get(pk=entry.pk).is_published


@pytest.mark.parametrize("model", ["recommendation", "source", "theme", "organisation"])
def test_nothing_that_readers_see_can_be_deleted(client, admin_user, model):
    client.force_login(admin_user)
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    used = {
        "recommendation": entry,
        "source": entry.source,
        "theme": entry.themes.first(),
        "organisation": entry.addressees.first(),
    }[model]
    assert (
        client.post(
            f"/admin/recommendations/{model}/{used.pk}/delete/", {"post": "yes"}
        ).status_code
        == 403
    )
    action = {"action": "delete_selected", "_selected_action": [used.pk], "post": "yes"}
    client.post(f"/admin/recommendations/{model}/", action)
    used.refresh_from_db()


def test_a_tag_in_use_cannot_be_deleted_nor_its_address_changed(client, admin_user):
    client.force_login(admin_user)
    tag = Recommendation.objects.get(code="PARIS-2025-4").tags.get(slug="reskilling")
    assert client.post(f"/admin/taggit/tag/{tag.pk}/delete/", {"post": "yes"}).status_code == 403
    change = f"/admin/taggit/tag/{tag.pk}/change/"
    names = {"name": "Sample retraining", "slug": "other"}
    data = filled_form(client, change, **names)
    assert "say why it changes" in errors(client.post(change, data))
    assert client.post(change, data | {"reason": "A better word."}).status_code == 302
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("Sample retraining", "reskilling")
    assert b"PARIS-2025-4" in client.get("/recommendations.json?q=retraining").content
    kept = NameChange.objects.get()
    assert (kept.kind, kept.slug, kept.before, kept.after, kept.reason, kept.who) == (
        "tag",
        "reskilling",
        "Reskilling",
        "Sample retraining",
        "A better word.",
        "admin",
    )


def test_the_text_of_a_quoted_declaration_is_fixed_at_the_desk(client, admin_user):
    client.force_login(admin_user)
    source = Source.objects.get(code="PARIS-2025")
    page = client.get(f"/admin/recommendations/source/{source.pk}/change/").content.decode()
    assert 'name="text"' not in page
    assert 'name="code"' not in page


def test_a_new_declaration_keeps_its_text_verbatim(client, admin_user):
    client.force_login(admin_user)
    data = {
        "code": "NEW-2026",
        "title": "Sample declaration",
        "short_title": "Sample",
        "kind": "declaration",
        "issuers": [Recommendation.objects.get(code="PARIS-2025-4").source.issuers.get().pk],
        "issued_on": "2026-01-02",
        "language": "en",
        "text": "  Sample text.\r\n\r\n  • Sample point. \r\n",
        "note_signs": "[]",
        "contents": "[]",
    }
    response = client.post("/admin/recommendations/source/add/", data)
    assert response.status_code == 302, errors(response)
    assert Source.objects.get(code="NEW-2026").text == "  Sample text.\n\n  • Sample point. \n"


def test_a_proposal_has_a_preview_for_editors_only(client, editor):
    proposal = make_proposal(make_source())
    url = reverse("admin:preview_proposal", args=[proposal.pk])
    page = client.get(url).content.decode()
    assert "We call for sample action 1 on alpha1." in page
    assert "Readers see none of this yet" in page
    assert not Recommendation.objects.filter(source__code="SAMPLE-2020").exists()
    client.logout()
    assert client.get(url).status_code == 302


@pytest.mark.parametrize(
    "query", ["", "?status__exact=withdrawn", "?themes__id__exact=1", "?q=sample", "?q=reskilling"]
)
def test_the_list_of_entries_can_be_filtered_and_searched(client, editor, query):
    withdrawn(make_published(make_source()))
    assert client.get(f"{DESK}{query}").status_code == 200


@pytest.mark.parametrize("query", ["", "?act__exact=entry", "?decision__exact=open", "?q=sample"])
def test_the_list_of_proposals_can_be_filtered_and_searched(client, editor, query):
    make_proposal(make_source())
    page = client.get(f"{PROPOSALS}{query}")
    assert (page.status_code, b"Take sample action" in page.content) == (200, True)


def test_somebody_without_permission_sees_no_proposal(client):
    sign_in(client)
    proposal = make_proposal(make_source())
    refused = client.get(DESK)
    assert refused.status_code == 403
    assert "Your account may not do this" in refused.content.decode()
    for url in (PROPOSALS, page_of(proposal), f"{PROPOSALS}{proposal.pk}/preview/"):
        assert client.get(url).status_code == 403


def test_a_form_from_elsewhere_is_refused_in_words():
    editor = Client(enforce_csrf_checks=True)
    sign_in(editor, "Editors")
    answer = editor.post(f"{PROPOSALS}add/", {"title": "Sample"})
    assert answer.status_code == 403
    assert "what you typed is still there" in answer.content.decode()


@pytest.mark.parametrize("path", ["merge/", "merge/?entry=x", "merge/?entry=99999999999999999999"])
def test_acts_on_nothing_are_answered(client, publisher, path):
    assert client.get(f"{DESK}{path}").status_code == 200
    assert client.get(f"{DESK}0/withdraw/").status_code == 404
    assert client.get(f"{PROPOSALS}0/change/").status_code == 404
    assert client.get(f"{PROPOSALS}x/change/").status_code == 404


def things() -> dict:
    """Return one thing of each kind that readers see, with a field of it."""
    return {
        "theme": (Theme.objects.get(slug="skills"), "label"),
        "tag": (Tag.objects.get(slug="reskilling"), "name"),
        "organisation": (Organisation.objects.get(slug="oecd"), "name"),
        "source": (Source.objects.get(code="PARIS-2025"), "title"),
    }


def form_of(thing) -> str:
    name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change"
    return reverse(name, args=[thing.pk])


@pytest.mark.parametrize("kind", ["theme", "tag", "organisation", "source"])
def test_two_publishers_of_one_thing_overwrite_nothing(client, publisher, kind):
    thing, field = things()[kind]
    url = form_of(thing)
    first = filled_form(client, url, reason="x", **{field: "Sample name by the first"})
    second = filled_form(client, url, reason="x", **{field: "Sample name by the second"})
    assert client.post(url, first).status_code == 302
    refused = client.post(url, second)
    assert f"This {kind} was saved by publishers at" in errors(refused)
    assert "Sample name by the second" in refused.content.decode()
    thing.refresh_from_db()
    assert getattr(thing, field) == "Sample name by the first"


@pytest.mark.parametrize("kind", ["theme", "tag", "organisation", "source"])
def test_what_an_editor_changes_of_it_is_a_proposal(client, editor, kind):
    thing, field = things()[kind]
    before = getattr(thing, field)
    data = filled_form(client, form_of(thing), reason="Sample.", **{field: "Sample new name"})
    response = client.post(form_of(thing), data)
    assert response.status_code == 302, errors(response)
    thing.refresh_from_db()
    proposal = Proposal.objects.get()
    assert (getattr(thing, field), proposal.written_by) == (before, "editors")
    page = client.get(page_of(proposal)).content.decode()
    assert "Sample new name" in page
    assert publish_at(client, proposal).status_code == 403
    client.logout()
    sign_in(client, "Publishers")
    assert publish_at(client, proposal).status_code == 302
    thing.refresh_from_db()
    assert getattr(thing, field) == "Sample new name"


def test_what_changed_meanwhile_is_shown_and_asked_about(client, publisher):
    entry = make_published(make_source())
    data = filled_form(client, change_url(entry), title="Take prepared action", propose="Save")
    assert client.post(change_url(entry), data).status_code == 302
    changed(entry, summary="Sample summary.")
    proposal = Proposal.objects.get()
    refused = publish_at(client, proposal)
    assert refused.status_code == 409
    assert "was at version 1 when “Take prepared action” was written" in errors(refused)
    assert "and is at version 2 now" in errors(refused)
    proposal.refresh_from_db()
    assert (proposal.title, proposal.published_at) == ("Take prepared action", None)
    assert publish_at(client, proposal, confirmed="on").status_code == 302
    assert entry.versions.last().snapshot["title"] == "Take prepared action"


def test_a_proposal_is_rejected_reopened_and_noted(client, editor):
    proposal = make_proposal(make_source())
    url = reverse("admin:decide_proposal", args=[proposal.pk])
    client.post(url, {"revision": proposal.revision, "reject": ""})
    proposal.refresh_from_db()
    assert proposal.decision == "rejected"
    client.post(url, {"revision": proposal.revision, "reopen": ""})
    proposal.refresh_from_db()
    assert proposal.decision == "open"
    client.post(url, {"revision": proposal.revision, "note": "Ask Rosa."})
    client.post(url, {"revision": proposal.revision, "note": "Too late."})
    proposal.refresh_from_db()
    assert proposal.note == "Ask Rosa."
    assert "Ask Rosa." in client.get(page_of(proposal)).content.decode()


def test_a_rejected_proposal_is_not_published(client, publisher):
    proposal = make_proposal(make_source(), decision="rejected")
    assert "reopen it first" in errors(publish_at(client, proposal))


def test_the_second_of_two_publishers_is_told_who_published_it(client, publisher):
    proposal = make_proposal(make_source())
    url, sent = reverse("admin:publish_proposal", args=[proposal.pk]), {"reason": "Sample."}
    sent["revision"] = proposal.revision
    assert client.post(url, sent).status_code == 302
    told = client.post(url, sent)
    assert told.status_code == 409
    assert f"{publisher.username} changed it at" in told.content.decode()


def test_saving_a_waiting_change_again_hides_no_change_that_nobody_confirmed(client, publisher):
    entry = make_published(make_source())
    url = change_url(entry)
    client.post(url, filled_form(client, url, title="Take other action", propose="Save"))
    changed(entry, title="Take a third action")
    told = client.post(url, filled_form(client, url, title="Take one more", reason="Sample."))
    assert "Save it as a proposal to see and confirm this." in errors(told)
    client.post(url, filled_form(client, url, title="Take one more", propose="Save"))
    proposal = Proposal.objects.get(entry=entry, published_at=None)
    asked = publish_at(client, proposal)
    assert (asked.status_code, proposal.title) == (409, "Take one more")
    assert "was at version 1 when" in asked.content.decode()
    assert publish_at(client, proposal, confirmed="on").status_code == 302
    assert Recommendation.objects.get(pk=entry.pk).title == "Take one more"
