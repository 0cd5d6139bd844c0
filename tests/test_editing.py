"""The editors' desk: quotes are found or refused, acts are explicit, nothing is overwritten or
lost.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from factories import make_draft, make_published, make_source, sign_in
from taggit.models import Tag

from recommendations.models import Actor, Recommendation, Source, Theme

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DESK = "/admin/recommendations/recommendation/"


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
    data = {}
    form = response.context["adminform"].form
    forms = [form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
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
    """Send the form of a new entry."""
    data = filled_form(
        client,
        f"{DESK}add/",
        source=source.pk,
        title="Take sample action",
        themes=[Theme.objects.get(slug="skills").pk],
        **{"citations-0-quote": "We call for sample action 1 on alpha1."},
    )
    return client.post(f"{DESK}add/", data | changes)


def change_url(entry: Recommendation) -> str:
    return f"{DESK}{entry.pk}/change/"


def test_an_editor_pastes_a_quote_and_its_place_is_found(client, editor):
    response = add(client, make_source())
    assert response.status_code == 302, errors(response)
    entry = Recommendation.objects.get(code="SAMPLE-2020-1")
    passage = entry.passages[0]
    assert (passage.start, passage.end, passage.paragraph) == (30, 68, 1)
    assert (passage.prefix, passage.suffix) == (
        "his is sample text number 1. ".rjust(30, "T")[-30:],
        " It closes sample text 1.\n",
    )
    assert entry.status == "draft"


def test_an_absent_quote_is_refused_with_the_nearest_passage(client, editor):
    response = add(
        client, make_source(), **{"citations-0-quote": "We call for sample action 2 on alpha1."}
    )
    assert "The nearest passage is: “We call for sample action 1 on alpha1.”" in errors(response)
    assert not Recommendation.objects.filter(source__code="SAMPLE-2020").exists()


def test_a_quote_that_occurs_twice_is_refused_with_the_places(client, editor):
    source = make_source(text="Sample: we ask. Sample again: we ask.\n")
    response = add(client, source, **{"citations-0-quote": "we ask."})
    assert "occurs 2 times" in errors(response)
    assert "offset 8" in errors(response)
    assert "offset 30" in errors(response)


def test_a_quote_over_two_paragraphs_survives_the_line_ends_of_a_browser(client, editor):
    source = make_source(text="We call for\nsample things.\n")
    add(client, source, **{"citations-0-quote": "We call for\r\nsample things."})
    assert Recommendation.objects.get(code="SAMPLE-2020-1").quote == "We call for\nsample things."


def test_two_editors_saving_the_same_entry_the_second_is_told(client, editor):
    entry = make_draft(make_source())
    first = filled_form(client, change_url(entry), title="The first sample title")
    second = filled_form(client, change_url(entry), title="The second sample title")
    assert client.post(change_url(entry), first).status_code == 302
    response = client.post(change_url(entry), second)
    assert response.status_code == 200
    assert "This recommendation was saved by editors at" in errors(response)
    assert "nothing of theirs was overwritten" in errors(response)
    assert 'value="The second sample title"' in response.content.decode()
    entry.refresh_from_db()
    assert entry.title == "The first sample title"


def test_a_form_without_its_revision_is_refused(client, editor):
    entry = make_draft(make_source())
    response = client.post(
        change_url(entry), filled_form(client, change_url(entry), seen_revision="")
    )
    assert response.status_code == 200
    assert "Nothing of yours was saved" in errors(response)


def test_a_publisher_publishes_with_a_reason(client, publisher):
    entry = make_draft(make_source())
    url = f"{reverse('admin:publish_recommendations')}?entry={entry.pk}"
    assert entry.code in client.get(url).content.decode()
    assert "This field is required" in errors(client.post(url, {"reason": " "}))
    assert client.post(url, {"reason": "Sample reason."}).status_code == 302
    entry.refresh_from_db()
    assert (entry.status, entry.versions.get().reason) == ("published", "Sample reason.")
    assert client.get("/SAMPLE-2020-1").status_code == 200


def test_publishing_several_is_all_or_nothing(client, publisher):
    source = make_source()
    good, bad = (
        make_draft(source),
        Recommendation.objects.create(source=source, title="Sample without words"),
    )
    url = f"{reverse('admin:publish_recommendations')}?entry={good.pk}&entry={bad.pk}"
    response = client.post(url, {"reason": "Sample reason."})
    assert "it has no passage that states it" in errors(response)
    good.refresh_from_db()
    assert (good.status, good.versions.count()) == ("draft", 0)


def test_an_editor_may_neither_publish_nor_withdraw_nor_change_what_is_published(client, editor):
    source = make_source()
    draft, entry = make_draft(source), make_published(source, "It closes sample text 1.")
    assert (
        client.post(
            f"{reverse('admin:publish_recommendations')}?entry={draft.pk}", {"reason": "x"}
        ).status_code
        == 403
    )
    assert (
        client.post(
            reverse("admin:withdraw_recommendation", args=[entry.pk]), {"reason": "x"}
        ).status_code
        == 403
    )
    response = client.get(change_url(entry))
    assert response.context["has_change_permission"] is False
    assert client.post(change_url(entry), {"title": "x"}).status_code == 403


def test_correcting_a_published_entry_asks_for_a_reason_and_makes_a_version(client, publisher):
    entry = make_published(make_source())
    data = filled_form(client, change_url(entry), title="Take corrected sample action")
    assert "say why it changes" in errors(client.post(change_url(entry), data))
    response = client.post(change_url(entry), data | {"reason": "Sample correction."})
    assert response.status_code == 302, errors(response)
    assert [version.reason for version in entry.versions.all()] == [
        "Sample publication.",
        "Sample correction.",
    ]
    assert "Take corrected sample action" in client.get("/SAMPLE-2020-1").content.decode()


def test_changing_only_the_quote_of_a_published_entry_asks_for_a_reason_too(client, publisher):
    entry = make_published(make_source())
    data = filled_form(
        client, change_url(entry), **{"citations-0-quote": "We call for sample action 1"}
    )
    assert "say why it changes" in errors(client.post(change_url(entry), data))
    assert (
        client.post(change_url(entry), data | {"reason": "Sample correction."}).status_code == 302
    )
    assert Recommendation.objects.get(pk=entry.pk).quote == "We call for sample action 1"
    assert entry.versions.count() == 2


def test_saving_a_published_entry_unchanged_makes_no_version(client, publisher):
    entry = make_published(make_source())
    assert (
        client.post(
            change_url(entry), filled_form(client, change_url(entry), reason="None.")
        ).status_code
        == 302
    )
    assert entry.versions.count() == 1


def test_a_published_entry_keeps_its_words(client, publisher):
    entry = make_published(make_source())
    data = filled_form(client, change_url(entry), reason="x", **{"citations-0-DELETE": "on"})
    response = client.post(change_url(entry), data)
    assert "change the quote instead of deleting it" in response.content.decode()
    assert len(Recommendation.objects.get(pk=entry.pk).passages) == 1


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
    make_draft(source, "It closes sample text 1.")
    url = reverse("admin:withdraw_recommendation", args=[entry.pk])
    response = client.post(url, {"reason": "Sample reason.", "replaced_by": code})
    assert "There is no published entry" in errors(response)
    assert "Null characters" in errors(
        client.post(url, {"reason": "Sample reason.", "replaced_by": "a\0"})
    )
    assert Recommendation.objects.get(pk=entry.pk).is_published


@pytest.mark.parametrize("model", ["recommendation", "source", "theme", "actor"])
def test_nothing_that_readers_see_can_be_deleted(client, admin_user, model):
    client.force_login(admin_user)
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    used = {
        "recommendation": entry,
        "source": entry.source,
        "theme": entry.themes.first(),
        "actor": entry.addressees.first(),
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
    client.post(change, filled_form(client, change, name="Sample retraining", slug="other"))
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("Sample retraining", "reskilling")
    assert b"PARIS-2025-4" in client.get("/recommendations.json?q=retraining").content


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


def test_a_draft_has_a_preview_for_editors_only(client, editor):
    entry = make_draft(make_source())
    url = reverse("admin:preview_recommendation", args=[entry.pk])
    page = client.get(url).content.decode()
    assert "We call for sample action 1 on alpha1." in page
    assert "Readers cannot see SAMPLE-2020-1 yet" in page
    client.logout()
    assert client.get(url).status_code == 302


@pytest.mark.parametrize(
    "query", ["", "?status__exact=draft", "?themes__id__exact=1", "?q=sample", "?q=reskilling"]
)
def test_the_list_of_entries_can_be_filtered_and_searched(client, editor, query):
    make_draft(make_source())
    assert client.get(f"{DESK}{query}").status_code == 200


def test_the_completion_finds_sources_themes_and_actors(client, editor):
    for field, term, found in (
        ("source", "paris", "PARIS-2025"),
        ("themes", "reskill", "Skills"),
        ("addressees", "g7", "G7"),
    ):
        query = {
            "term": term,
            "app_label": "recommendations",
            "model_name": "recommendation",
            "field_name": field,
        }
        assert found in client.get("/admin/autocomplete/", query).content.decode()


def test_somebody_without_permission_sees_no_draft(client):
    sign_in(client)
    entry = make_draft(make_source())
    refused = client.get(DESK)
    assert refused.status_code == 403
    assert "Your account may not do this" in refused.content.decode()
    assert client.get(reverse("admin:preview_recommendation", args=[entry.pk])).status_code == 403


def test_a_form_from_elsewhere_is_refused_in_words():
    editor = Client(enforce_csrf_checks=True)
    sign_in(editor, "Editors")
    answer = editor.post(f"{DESK}add/", {"title": "Sample"})
    assert answer.status_code == 403
    assert "what you typed is still there" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["publish/", "publish/?entry=x", "publish/?entry=99999999999999999999", "0/withdraw/"]
)
def test_acts_on_nothing_are_answered(client, publisher, path):
    assert client.get(f"{DESK}{path}").status_code in (200, 404)


def test_an_empty_form_of_an_act_is_refused(client, publisher):
    entry = make_draft(make_source())
    url = f"{reverse('admin:publish_recommendations')}?entry={entry.pk}"
    assert "This field is required" in errors(client.post(url, {}))


# --- Four eyes ---


def test_under_four_eyes_nobody_publishes_what_they_wrote(client, settings):
    settings.FOUR_EYES = True
    writer = sign_in(client, "Publishers")
    add(client, make_source())
    entry = Recommendation.objects.get(code="SAMPLE-2020-1")
    url = f"{reverse('admin:publish_recommendations')}?entry={entry.pk}"
    response = client.post(url, {"reason": "Sample reason."})
    assert (
        "cannot be published by publishers, who changed it last: this site asks for four eyes"
        in errors(response)
    )
    entry.refresh_from_db()
    assert entry.status == "draft"
    writer.username = "rosa"
    writer.save()
    assert client.post(url, {"reason": "Sample reason."}).status_code == 302
    entry.refresh_from_db()
    assert entry.status == "published"


def test_without_four_eyes_everybody_who_may_publishes_their_own(client, publisher):
    add(client, make_source())
    entry = Recommendation.objects.get(code="SAMPLE-2020-1")
    url = f"{reverse('admin:publish_recommendations')}?entry={entry.pk}"
    assert client.post(url, {"reason": "Sample reason."}).status_code == 302


def test_under_four_eyes_a_published_entry_is_changed_by_a_proposal(client, settings):
    settings.FOUR_EYES = True
    sign_in(client, "Publishers")
    entry = make_published(make_source(), summary="Sample summary.")
    page = client.get(change_url(entry))
    assert page.context["has_change_permission"] is False
    assert "Propose a change…" in page.content.decode()
    assert client.post(change_url(entry), {"title": "x"}).status_code == 403
    url = reverse("admin:propose_change", args=[entry.pk])
    assert "asks for four eyes" in client.get(url).content.decode()
    for _twice in range(2):
        response = client.post(url, {"csrfmiddlewaretoken": "x"})
        assert (response.status_code, response["Location"]) == (
            302,
            reverse("admin:review_source", args=[entry.source_id]),
        )
    proposal = entry.proposals.get()
    assert (proposal.title, proposal.summary, proposal.spans, proposal.decision, proposal.tags) == (
        "Take sample action",
        "Sample summary.",
        [[30, 68]],
        "open",
        ["Sample tag"],
    )
    assert [theme.slug for theme in proposal.themes.all()] == ["skills"]
    assert entry.versions.count() == 1


def test_without_four_eyes_no_change_is_proposed_from_an_entry(client, publisher):
    entry = make_published(make_source())
    assert "Propose a change…" not in client.get(change_url(entry)).content.decode()


def things() -> dict:
    """Return one thing of each kind whose form has no revision of its own, with a field that an
    editor may change.
    """
    return {
        "theme": (Theme.objects.get(slug="skills"), "label"),
        "tag": (Tag.objects.create(name="Sample tag", slug="sample-tag"), "name"),
        "actor": (Actor.objects.get(slug="oecd"), "name"),
        "source": (Source.objects.get(code="PARIS-2025"), "title"),
    }


@pytest.mark.parametrize("kind", ["theme", "tag", "actor", "source"])
def test_two_editors_of_one_thing_overwrite_nothing(client, editor, kind):
    thing, field = things()[kind]
    url = reverse(f"admin:{thing._meta.app_label}_{kind}_change", args=[thing.pk])
    first = filled_form(client, url, **{field: "Sample name by the first"})
    second = filled_form(client, url, **{field: "Sample name by the second"})
    assert client.post(url, first).status_code == 302
    refused = client.post(url, second)
    assert f"This {kind} was saved by editors at" in errors(refused)
    assert "Sample name by the second" in refused.content.decode()
    thing.refresh_from_db()
    assert getattr(thing, field) == "Sample name by the first"
