"""The record: every change at the desk says who, when, what before and after, and nobody can change
that.
"""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import reverse
from factories import changed, make_proposal, make_published, make_source
from taggit.models import Tag
from test_editing import add, change_url, errors, filled_form, publish_at, sign_in

from recommendations.editorial import bundle
from recommendations.models import Change, Organisation, Recommendation, Source, Theme
from recommendations.models.proposal import Proposal

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LIST = "/admin/recommendations/change/"


def last() -> Change:
    return Change.objects.first()


def told(change: Change) -> tuple[str, str, str, str]:
    return change.who, change.act, change.kind, change.label


def history(client, thing) -> str:
    name = f"admin:{thing._meta.app_label}_{thing._meta.model_name}_history"
    response = client.get(reverse(name, args=[thing.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_proposing_and_editing_an_entry_is_on_record_with_its_words_and_tags(client):
    sign_in(client, "Editors")
    assert add(client, make_source(), tags="Sample tag").status_code == 302
    proposal = Proposal.objects.get()
    assert told(last()) == ("editors", "propose", "proposal", "Take sample action")
    assert last().before is None
    assert (last().after["spans"], last().after["tags"]) == ([[30, 68]], ["Sample tag"])
    url = reverse("admin:edit_proposal", args=[proposal.pk])
    changes = {"title": "Take another action", "quotes-0-quote": "We call for"}
    assert client.post(url, filled_form(client, url, **changes)).status_code == 302
    before, after = last().before, last().after
    assert (before["title"], after["title"]) == ("Take sample action", "Take another action")
    assert (before["spans"], after["spans"]) == ([[30, 68]], [[30, 41]])


def test_a_change_that_is_refused_records_nothing(client):
    sign_in(client, "Publishers")
    entry, count = make_published(make_source()), Change.objects.count()
    data = filled_form(client, change_url(entry), title="Take another action")
    assert client.post(change_url(entry), data).status_code == 200
    bare = {f"quotes-{number}-quote": "" for number in range(3)}
    assert "lacks a passage" in errors(
        client.post(change_url(entry), data | bare | {"reason": "Sample."})
    )
    assert Change.objects.count() == count


def test_publishing_changing_and_withdrawing_are_on_record_with_their_reasons(client):
    sign_in(client, "Publishers")
    publish_at(client, make_proposal(make_source()), reason="Sample reason one.")
    entry = Recommendation.objects.get(code="SAMPLE-2020-1")
    data = filled_form(
        client, change_url(entry), title="Take another action", reason="Sample reason two."
    )
    assert client.post(change_url(entry), data).status_code == 302
    client.post(
        reverse("admin:withdraw_recommendation", args=[entry.pk]),
        {"reason": "Sample reason three."},
    )
    acts = Change.objects.filter(kind="recommendation", object_id=str(entry.pk)).order_by("pk")
    assert [(each.act, each.reason) for each in acts] == [
        ("publish", "Sample reason one."),
        ("publish", "Sample reason two."),
        ("withdraw", "Sample reason three."),
    ]
    assert (acts[0].before, acts[0].after["title"]) == (None, "Take sample action")
    assert (acts[1].before["title"], acts[1].after["title"]) == (
        "Take sample action",
        "Take another action",
    )
    assert acts[2].after["withdrawn"] == {"reason": "Sample reason three."}


def test_deleting_one_or_several_is_on_record_with_what_was_lost(client, admin_user):
    client.force_login(admin_user)
    one, two, three = (
        Organisation.objects.create(slug=f"sample-{n}", name=f"Sample {n}") for n in range(3)
    )
    url = "/admin/recommendations/organisation/"
    assert client.post(f"{url}{one.pk}/delete/", {"post": "yes"}).status_code == 302
    action = {"action": "delete_selected", "_selected_action": [two.pk, three.pk], "post": "yes"}
    assert client.post(url, action).status_code == 302
    changes = list(Change.objects.filter(act="delete"))
    assert {(each.object_id, each.after) for each in changes} == {
        (str(pk), None) for pk in (one.pk, two.pk, three.pk)
    }
    assert {each.before["name"] for each in changes} == {"Sample 0", "Sample 1", "Sample 2"}
    assert not Organisation.objects.filter(slug__startswith="sample-").exists()


def test_a_deletion_that_fails_is_not_on_record(client, admin_user, monkeypatch):
    client.force_login(admin_user)
    thing = Organisation.objects.create(slug="sample", name="Sample")
    monkeypatch.setattr(
        Organisation, "delete", lambda *_: (_ for _ in ()).throw(RuntimeError("sample"))
    )
    with pytest.raises(RuntimeError):
        client.post(f"/admin/recommendations/organisation/{thing.pk}/delete/", {"post": "yes"})
    assert not Change.objects.filter(act="delete").exists()


@pytest.mark.parametrize(
    ("model", "url", "changes", "field"),
    [
        (Source, "/admin/recommendations/source/", {"short_title": "Sample title"}, "short_title"),
        (
            Theme,
            "/admin/recommendations/theme/",
            {"definition": "Sample definition."},
            "definition",
        ),
        (Organisation, "/admin/recommendations/organisation/", {"name": "Sample body"}, "name"),
        (Tag, "/admin/taggit/tag/", {"name": "Sample keyword"}, "name"),
        (User, "/admin/auth/user/", {"email": "sample@example.org"}, "email"),
        (Group, "/admin/auth/group/", {"name": "Sample group"}, "name"),
    ],
)
def test_changes_of_everything_else_are_on_record_too(
    client, admin_user, model, url, changes, field
):
    client.force_login(admin_user)
    thing = model.objects.order_by("pk").first()
    before = getattr(thing, field)
    place = f"{url}{thing.pk}/change/"
    values = filled_form(client, place, **changes)
    if model not in (User, Group):
        values["reason"] = "Sample reason."
    values |= {
        f"{name}_{part}": ""
        for name in ("last_login", "date_joined")
        for part in (0, 1)
        if model is User
    }
    if model is User:
        values |= {"date_joined_0": "2026-01-02", "date_joined_1": "10:00:00"}
    response = client.post(place, values)
    assert response.status_code == 302, errors(response)
    assert told(last())[:3] == ("admin", "change", model._meta.model_name)
    assert (last().before[field], last().after[field]) == (before, changes[field])
    page = history(client, thing)
    assert f"<td>{changes[field]}</td>" in page
    assert "admin, change" in page


def test_adding_somebody_and_making_a_password_link_is_on_record_and_the_link_never_is(
    client, admin_user
):
    client.force_login(admin_user)
    page = client.post("/admin/auth/user/add/", {"username": "rosa"}).content.decode()
    rosa = User.objects.get(username="rosa")
    added, linked = Change.objects.filter(kind="user", object_id=str(rosa.pk)).order_by("pk")
    assert told(added) == ("admin", "add", "user", "rosa")
    assert told(linked) == ("admin", "make password link", "user", "rosa")
    secret = re.search(r"key=([\w-]+)", page)[1]
    kept = [
        str(value) for change in Change.objects.all() for value in (change.before, change.after)
    ]
    assert not [value for value in kept if "password" in value or "md5" in value or secret in value]


def test_a_correction_of_a_text_is_on_record_once_and_in_its_history(client):
    sign_in(client, "Publishers")
    source = make_source()
    place = reverse("admin:correct_source", args=[source.pk])
    values = {"text": "Another sample text.", "reason": "A sample slip.", "seen": 1}
    shown = client.post(place, values).context["form"]
    values["previewed"] = shown.initial["previewed"]
    assert client.post(place, values | {"confirm": "Save"}).status_code == 302
    [change] = Change.objects.filter(kind="source", object_id=str(source.pk))
    assert told(change) == ("publishers", "correct the text", "source", str(source))
    page = history(client, source)
    assert "publishers, correct the text" in page
    assert "A sample slip." in page


def test_giving_somebody_a_group_is_on_record(client, admin_user):
    client.force_login(admin_user)
    rosa = User.objects.create_user("rosa", password="sample-pass-phrase", is_staff=True)
    place = f"/admin/auth/user/{rosa.pk}/change/"
    values = filled_form(client, place, groups=[Group.objects.get(name="Publishers").pk])
    values |= {
        "date_joined_0": "2026-01-02",
        "date_joined_1": "10:00:00",
        "last_login_0": "",
        "last_login_1": "",
    }
    assert client.post(place, values).status_code == 302
    assert (last().before["groups"], last().after["groups"]) == ([], ["Publishers"])
    assert "<td>Publishers</td>" in history(client, rosa)


def test_loading_a_folder_is_on_record_of_the_command_line(tmp_path):
    loaded = Change.objects.filter(
        act="load", kind="recommendation", label__startswith="PARIS-2025-4:"
    ).get()
    assert (loaded.who, loaded.before, loaded.after["number"]) == ("command line", None, 4)
    source = make_source()
    entry = make_published(source)
    bundle.export(source, tmp_path)
    count = Change.objects.count()
    call_command("loaddeclaration", str(tmp_path), verbosity=0)
    assert Change.objects.count() == count
    changed(entry, title="Changed sample title")
    call_command("loaddeclaration", str(tmp_path), overwrite=True, verbosity=0)
    assert Change.objects.count() == count + 2
    assert (last().before["title"], last().after["title"]) == (
        "Changed sample title",
        "Take sample action",
    )


def test_the_history_shows_before_and_after_and_markup_as_text(client):
    sign_in(client, "Publishers")
    entry = make_published(make_source())
    hostile = "<script>alert(1)</script>"
    data = filled_form(client, change_url(entry), title=hostile, reason=f"{hostile} reason")
    assert client.post(change_url(entry), data).status_code == 302
    for page in (history(client, entry), client.get(f"{LIST}{last().pk}/change/").content.decode()):
        row = re.search(r'<th scope="row">title</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>', page)
        assert row.groups() == ("Take sample action", "&lt;script&gt;alert(1)&lt;/script&gt;")
        assert "&lt;script&gt;alert(1)&lt;/script&gt; reason" in page
        assert "<script>alert(1)" not in page


def test_the_history_is_for_those_who_may_see_the_thing(client):
    entry = make_published(make_source())
    sign_in(client)
    assert (
        client.get(f"/admin/recommendations/recommendation/{entry.pk}/history/").status_code == 403
    )
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize(
    "query", ["", "?act=publish", "?kind=recommendation", "?who=publishers", "?q=SAMPLE-2020"]
)
def test_the_whole_record_is_listed_and_filtered(client, query):
    sign_in(client, "Publishers")
    publish_at(client, make_proposal(make_source()))
    page = client.get(f"{LIST}{query}").content.decode()
    assert "SAMPLE-2020-1: Take sample action" in page
    assert "Sample reason." in page


def test_nobody_adds_to_the_record_or_changes_or_deletes_from_it(client, admin_user):
    client.force_login(admin_user)
    change, count = last(), Change.objects.count()
    assert client.get(f"{LIST}{change.pk}/change/").status_code == 200
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{change.pk}/change/", {"who": "nobody"}).status_code == 403
    assert client.post(f"{LIST}{change.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [change.pk], "post": "yes"})
    assert (Change.objects.count(), last().who) == (count, change.who)


def test_editors_do_not_see_what_is_on_record_of_people(client, admin_user):
    client.force_login(admin_user)
    client.post("/admin/auth/user/add/", {"username": "rosa"})
    change = last()
    client.get(LIST)  # where the message of success is shown
    sign_in(client, "Editors")
    assert "rosa" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{change.pk}/change/").status_code == 302


@pytest.mark.parametrize("count", [1, 30])
def test_a_history_takes_as_many_queries_for_30_changes_as_for_1(
    client, django_assert_num_queries, count
):
    sign_in(client, "Editors")
    entry = make_published(make_source())
    for _ in range(count):
        Change.objects.create(
            who="rosa", act="change", kind="recommendation", object_id=str(entry.pk), label="x"
        )
    with django_assert_num_queries(11):
        history(client, entry)
