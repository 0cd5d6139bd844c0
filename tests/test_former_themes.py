"""Themes renamed, merged and retired: every address they had leads on in one step, or says when and
why it ended.
"""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from factories import (
    changed,
    make_many,
    make_proposal,
    make_published,
    make_source,
    renamed,
    withdrawn,
)
from taggit.models import Tag
from test_editing import errors, filled_form, sign_in

from recommendations.editorial import bundle, change, integrity, themes
from recommendations.editorial.errors import Refused
from recommendations.editorial.publish import publish
from recommendations.models import Change, FormerTheme, Recommendation, Theme
from recommendations.search import selection
from recommendations.search.indexing import index_again

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
REASON = "The sample vocabulary changed."


def theme(slug: str = "skills") -> Theme:
    return Theme.objects.get(slug=slug)


def rename(slug: str, label: str = "Sample skills", old: str = "skills") -> Theme:
    publish("rosa", [change.propose(theme(old), {"slug": slug, "label": label})], REASON)
    return theme(slug)


def merge(old: str, into: str, *, keep_names: bool = True) -> None:
    proposal = themes.propose_merge(theme(old), theme(into), keep_names=keep_names)
    publish("rosa", [proposal], REASON)


def refile(slug: str, into: str) -> None:
    """File every entry of a theme under another too."""
    for entry in Recommendation.objects.in_theme(theme(slug)):
        changed(entry, themes=[*(each.slug for each in entry.themes.all()), into])


def retire(slug: str = "skills", successor: Theme | None = None, reason: str = REASON) -> None:
    refile(slug, "standards")
    publish("rosa", [themes.propose_retirement(theme(slug), successor)], reason)


def hop(client, address: str) -> tuple[int, str]:
    """Return the status of an address and where it leads, which must itself answer."""
    response = client.get(address)
    place = response.headers.get("Location", "")
    if place:
        assert client.get(place).status_code == 200, place
    return response.status_code, place


ADDRESSES = [
    ("/themes/skills", "/themes/talent"),
    ("/themes/SKILLS", "/themes/talent"),
    ("/themes/skills?utm=1&b=%C3%A9", "/themes/talent"),
    ("/themes/skills.json", "/themes/talent.json"),
    ("/themes/skills.csv?q=AI", "/themes/talent.csv?q=AI"),
    ("/themes/skills.atom", "/themes/talent.atom"),
    ("/recommendations/?theme=skills", "/recommendations/?theme=talent"),
    (
        "/recommendations/?q=AI&theme=smes&theme=skills&page=1",
        "/recommendations/?q=AI&theme=smes&theme=talent&page=1",
    ),
    (
        "/recommendations.json?theme=skills&sort=code",
        "/recommendations.json?theme=talent&sort=code",
    ),
    ("/recommendations.csv?theme=skills", "/recommendations.csv?theme=talent"),
    ("/recommendations.bib?theme=skills", "/recommendations.bib?theme=talent"),
    ("/recommendations.atom?theme=skills", "/recommendations.atom?theme=talent"),
    ("/recommendations.atom?theme=skills&theme=talent", "/recommendations.atom?theme=talent"),
    ("/Themes/SKILLS/?utm=1", "/themes/talent"),
    ("/themes/skills/", "/themes/talent"),
    ("/Themes/Skills.JSON", "/themes/talent.json"),
    ("/recommendations?theme=skills&q=AI", "/recommendations/?theme=talent&q=AI"),
    ("/Recommendations.json/?theme=skills", "/recommendations.json?theme=talent"),
]


@pytest.mark.parametrize(("old", "new"), ADDRESSES)
def test_every_address_of_a_renamed_theme_leads_to_the_new_one_in_one_step(client, old, new):
    rename("talent")
    assert hop(client, old) == (301, new)


@pytest.mark.parametrize(("old", "new"), ADDRESSES)
def test_an_address_renamed_twice_still_takes_one_step(client, old, new):
    rename("sample-middle")
    rename("talent", old="sample-middle")
    assert hop(client, old) == (301, new)


def test_several_former_themes_in_one_query_are_followed_at_once_and_named_once(client):
    rename("talent")
    merge("smes", "talent")
    old = "/recommendations/?theme=smes&q=AI&theme=skills&theme=standards"
    assert hop(client, old) == (301, "/recommendations/?theme=talent&theme=standards&q=AI")


def test_a_step_is_kept_by_no_cache_and_open_to_other_sites_data(client):
    rename("talent")
    assert client.get("/themes/skills")["Cache-Control"] == "no-cache"
    data = client.get("/themes/skills.json")
    assert data["Access-Control-Allow-Origin"] == "*"
    assert data["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_new_label_alone_changes_no_address_and_is_found(client):
    rename("skills", "Sample gumption")
    assert FormerTheme.objects.count() == 0
    assert client.get("/themes/skills").status_code == 200
    assert client.get("/recommendations.json?q=gumption").json()["count"] == 3


def test_a_theme_may_take_its_own_former_address_back(client):
    rename("talent")
    rename("skills", old="talent")
    assert client.get("/themes/skills").status_code == 200
    assert hop(client, "/themes/talent") == (301, "/themes/skills")
    assert list(FormerTheme.objects.values_list("slug", "successor__slug")) == [
        ("talent", "skills")
    ]


@pytest.mark.parametrize("slug", ["smes", "skills", "", "Skills", "a b", "a--b", "<b>", "é"])
def test_an_address_that_is_or_was_anothers_or_is_none_is_refused(slug):
    rename("talent")
    with pytest.raises(Refused):
        rename(slug, "Sample", old="standards")
    assert theme("standards").label != "Sample"


def test_two_themes_never_have_one_label():
    with pytest.raises(Refused, match="Preferred label already exists"):
        rename("talent", theme("smes").label)


def test_a_new_theme_cannot_take_a_former_address(client):
    rename("talent")
    sign_in(client, "Publishers")
    url = "/admin/recommendations/theme/add/"
    values = filled_form(client, url, label="Sample", slug="skills", definition="Sample.")
    assert "“skills” was the address of “Skills &amp; workforce”" in errors(
        client.post(url, values)
    )


def test_merging_moves_entries_and_proposals_and_versions_what_readers_see(client):
    source = make_source()
    gone = withdrawn(make_published(source, "It closes sample text 1."))
    proposal = make_proposal(source, "This is sample")
    both = Recommendation.objects.in_theme(theme()).order_by("pk").first()
    changed(both, themes=["skills", "smes"])
    before = {e.code: e.versions.count() for e in Recommendation.objects.all()}
    moved = {e.code for e in Recommendation.objects.in_theme(theme())}
    alternatives = theme().names
    merge("skills", "smes")
    after = {e.code: e.versions.count() for e in Recommendation.objects.all()}
    assert {code: after[code] - before[code] for code in before} == {
        code: int(code in moved) for code in before
    }
    assert len(moved) == 3
    assert list(gone.themes.values_list("slug", flat=True)) == ["smes"]
    proposal.refresh_from_db()
    assert proposal.themes == ["smes"]
    last = both.versions.last()
    assert last.reason == REASON
    assert [slug for slug, _label in last.snapshot["themes"]].count("smes") == 1
    assert "skills" not in [slug for slug, _label in last.snapshot["themes"]]
    assert set(alternatives) <= set(theme("smes").names)
    assert not Theme.objects.filter(slug="skills").exists()
    assert integrity.prove().failures == []
    assert hop(client, "/themes/skills") == (301, "/themes/smes")


def test_merged_names_are_found_by_a_search_or_left_out(client):
    rename("skills", "Sample gumption")
    count = Recommendation.objects.filter(themes__slug__in=["skills", "smes"]).distinct().count()
    merge("skills", "smes")
    assert client.get("/recommendations.json?q=gumption").json()["count"] == count
    rename("smes", "Sample pluck", old="smes")
    merge("smes", "standards", keep_names=False)
    assert client.get("/recommendations.json?q=pluck").json()["count"] == 0


def test_a_name_that_a_theme_had_twice_is_taken_over_once():
    publish("rosa", [change.propose(theme(), {"alternatives": ["Sample talent"]})], REASON)
    rename("skills", "Sample Talent")
    merge("skills", "smes")
    assert [name for name in theme("smes").names if name.casefold() == "sample talent"] == [
        "Sample Talent"
    ]


def test_a_chain_of_merges_is_one_step(client):
    rename("talent")
    merge("talent", "smes")
    merge("smes", "standards")
    assert dict(FormerTheme.objects.values_list("slug", "successor__slug")) == dict.fromkeys(
        ["skills", "smes", "talent"], "standards"
    )
    for slug in ("skills", "talent", "smes"):
        assert hop(client, f"/themes/{slug}.json") == (301, "/themes/standards.json")


def test_a_retired_theme_leads_to_the_list_and_a_query_for_it_says_when_and_why(client):
    retire()
    day = datetime.now(UTC)
    said = f"The theme “Skills & workforce” was retired on {day.day} {day:%B %Y}: {REASON}"
    assert hop(client, "/themes/skills") == (301, "/themes/")
    page = client.get("/recommendations/?theme=skills&q=AI")
    assert page.status_code == 410
    assert said.replace("&", "&amp;") in page.content.decode()
    assert 'href="/recommendations/?q=AI">Continue without it</a>' in page.content.decode()
    for address in (
        "/recommendations.json?theme=skills",
        "/recommendations.atom?theme=skills",
        "/themes/skills.csv",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
        assert answer.json()["problems"][0]["detail"] == said
    assert client.get("/recommendations.json?theme=skills&theme=smes").status_code == 410


def test_a_walk_through_a_theme_that_gets_another_address_starts_anew_there(client, monkeypatch):
    monkeypatch.setattr(selection, "SLICE_SIZE", 2)
    following = (
        client.get("/recommendations.json?theme=skills&sort=code")
        .json()["next"]
        .removeprefix(settings.SITE_URL)
    )
    assert client.get(following).status_code == 200
    rename("talent")
    assert hop(client, following) == (301, "/recommendations.json?theme=talent&sort=code")


def test_a_theme_retired_in_favour_of_another_leads_there_and_moves_nothing(client):
    filed = theme("smes").recommendations.count()
    retire(successor=theme("smes"))
    assert theme("smes").recommendations.count() == filed
    assert hop(client, "/recommendations.json?theme=skills") == (
        301,
        "/recommendations.json?theme=smes",
    )


def test_another_spelling_of_a_retired_theme_takes_one_step_too(client):
    retire()
    assert hop(client, "/Themes/SKILLS/") == (301, "/themes/")
    assert client.get("/recommendations?theme=skills").status_code == 410
    assert client.get("/recommendations?theme=sk%00ills&theme=nothing")["Location"].startswith(
        "/recommendations/?"
    )


def test_what_led_to_a_retired_theme_ends_with_it(client):
    rename("talent")
    retire("talent")
    assert hop(client, "/themes/skills") == (301, "/themes/")
    assert client.get("/recommendations.json?theme=skills").status_code == 410


def test_an_entry_that_loses_its_only_theme_is_found_under_other_topics(client):
    entry = make_published(make_source())
    publish("rosa", [themes.propose_retirement(theme())], REASON)
    assert [each.slug for each in entry.themes.all()] == []
    assert client.get("/SAMPLE-2020-1.json").json()["themes"] == []
    items = client.get("/recommendations.json?theme=other").json()["items"]
    codes = [each["code"] for each in items]
    assert "SAMPLE-2020-1" in codes
    assert "SAMPLE-2020-1" in client.get("/themes/other").content.decode()
    assert "Other topics" in client.get("/themes/").content.decode()
    exported = b"".join(client.get("/themes/other.csv").streaming_content).decode()
    assert "/SAMPLE-2020-1,2,Take sample action" in exported
    assert "Other topics" not in exported
    assert integrity.prove().failures == []


def test_other_topics_are_offered_only_where_there_are_some_and_no_theme_takes_their_address(
    client,
):
    assert client.get("/themes/other").status_code == 200
    assert "Other topics" not in client.get("/themes/").content.decode()
    assert "Other topics" not in client.get("/recommendations/").content.decode()
    assert client.get("/recommendations.json?theme=other").json()["count"] == 0
    with pytest.raises(Refused, match="entries without a theme"):
        themes.check_free("other")


def test_retiring_gives_each_published_entry_its_next_version(client):
    entry = make_published(make_source())
    retire()
    version = entry.versions.last()
    assert (version.number, version.reason, version.snapshot["themes"]) == (
        3,
        REASON,
        [["standards", theme("standards").label]],
    )
    assert integrity.prove().failures == []


@pytest.mark.parametrize(
    "address", ["/themes/", "/overview/", "/", "/sitemap-themes.xml", "/recommendations/"]
)
def test_no_list_shows_a_former_theme(client, address):
    rename("talent", "Sample talent")
    page = client.get(address).content.decode()
    assert "/themes/skills" not in page
    assert "theme=skills" not in page


def test_the_letter_case_of_a_theme_takes_one_step(client):
    assert hop(client, "/themes/SMES?utm=1") == (301, "/themes/smes")
    assert hop(client, "/themes/Smes.json") == (301, "/themes/smes.json")


def test_unknown_themes_are_still_unknown(client):
    rename("talent")
    assert client.get("/themes/skils").status_code == 404
    assert client.get("/recommendations/?theme=skils").status_code == 400
    assert client.get("/recommendations/?theme=sk%00ills").status_code == 400


def test_every_act_on_a_theme_is_on_record():
    into, entry = theme("smes"), make_published(make_source())
    rename("talent", "Sample talent")
    merge("talent", "smes", keep_names=False)
    changes = [
        (c.act, c.kind, c.label)
        for c in Change.objects.filter(who="rosa", kind="theme").order_by("pk")
    ]
    assert changes == [
        ("change", "theme", "Sample talent"),
        ("merge", "theme", into.label),
        ("merge", "theme", "Sample talent"),
    ]
    first, *_rest, ended = Change.objects.filter(who="rosa", kind="theme").order_by("pk")
    assert (first.before["slug"], first.after["slug"], first.reason) == (
        "skills",
        "talent",
        REASON,
    )
    assert (ended.before["slug"], ended.after) == ("talent", None)
    moved = Change.objects.get(act="refile", kind="recommendation", object_id=str(entry.pk))
    assert (moved.before, moved.after) == ({"themes": ["talent"]}, {"themes": ["smes"]})


@pytest.mark.parametrize("count", [1, 30])
def test_merging_takes_as_many_queries_for_30_entries_as_for_1(django_assert_num_queries, count):
    make_many(count)
    with django_assert_num_queries(MERGING):
        merge("skills", "smes")


MERGING = 57


# --- A declaration's folder ---


def test_a_folder_that_names_a_former_theme_is_filed_under_its_successor(tmp_path):
    source = make_source()
    make_published(source)
    bundle.export(source, tmp_path)
    rename("talent")
    report = bundle.load(tmp_path)
    assert "Skills & workforce (former) (The sample vocabulary changed.)" in report.kept
    assert not Theme.objects.filter(slug="skills").exists()
    assert any(name.startswith("SAMPLE-2020-1") for name in report.unchanged)


def test_the_site_starts_again_after_a_theme_of_the_first_declaration_ended():
    retire()
    call_command("loaddeclaration", "fixtures/paris-2025", verbosity=0)
    assert not Theme.objects.filter(slug="skills").exists()


# --- At the desk ---


@pytest.mark.parametrize(
    ("act", "values", "said"),
    [
        ("merge_theme", {"into": "smes"}, "Done: Merge “Skills"),
        ("retire_theme", {}, "Done: Retire “Skills"),
    ],
)
def test_a_publisher_acts_on_a_theme(client, act, values, said):
    sign_in(client, "Publishers")
    refile("skills", "standards")
    url = reverse(f"admin:{act}", args=[theme().pk])
    page = client.get(url).content.decode()
    assert "3 published entries" in page
    assert "This field is required" in errors(client.post(url, values))
    values = {name: theme(value).pk if name == "into" else value for name, value in values.items()}
    response = client.post(url, values | {"reason": REASON}, follow=True)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert FormerTheme.objects.get(slug="skills").reason == REASON
    assert REASON in client.get("/admin/recommendations/formertheme/").content.decode()


def test_the_pages_of_themes_offer_the_acts_to_those_who_may_change_them(client):
    url = f"/admin/recommendations/theme/{theme().pk}/change/"
    sign_in(client)
    assert client.get(url).status_code == 403
    assert client.post(reverse("admin:merge_theme", args=[theme().pk])).status_code == 403
    sign_in(client, "Publishers")
    page = client.get(url).content.decode()
    assert [f"{name}…" in page for name in ("Merge into", "Retire")] == [True, True]


def test_former_themes_are_only_read(client, admin_user):
    rename("talent")
    client.force_login(admin_user)
    former = FormerTheme.objects.get()
    base = "/admin/recommendations/formertheme/"
    assert client.get(f"{base}{former.pk}/change/").status_code == 200
    assert client.get(f"{base}add/").status_code == 403
    assert client.post(f"{base}{former.pk}/delete/", {"post": "yes"}).status_code == 403


def test_markup_in_names_and_reasons_is_shown_as_text(client):
    rename("skills", "<b>x</b>")
    retire(reason="<script>alert(1)</script>")
    page = client.get("/recommendations/?theme=skills").content.decode()
    assert "The theme “&lt;b&gt;x&lt;/b&gt;” was retired" in page
    assert "<script>alert(1)" not in page


def test_a_tag_that_only_a_former_version_names_is_not_deleted(client, admin_user):
    entry = make_published(make_source())
    tag = entry.tags.get()
    changed(entry, tags=[])
    client.force_login(admin_user)
    assert client.post(f"/admin/taggit/tag/{tag.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_tag_that_no_version_names_is_deleted(client, admin_user):
    tag = Tag.objects.create(name="Sample tag", slug="sample-tag")
    client.force_login(admin_user)
    assert client.post(f"/admin/taggit/tag/{tag.pk}/delete/", {"post": "yes"}).status_code == 302


@pytest.mark.parametrize("query", ["retraining", "skills", '"call for prioritising"', "digital"])
def test_names_written_alone_are_found_as_with_the_whole_entry(client, query):
    renamed(Tag.objects.get(slug="reskilling"), name="Sample retraining")
    found = client.get(f"/recommendations.json?q={query}").json()["items"]
    index_again(Recommendation.objects.all())
    assert client.get(f"/recommendations.json?q={query}").json()["items"] == found
    assert found
