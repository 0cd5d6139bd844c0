"""Entries merged and split: nothing is deleted, every code stays alive, and the end of a chain is
named.
"""

import pytest
from django.urls import reverse
from factories import changed, make_published, make_source, withdrawn
from test_editing import errors, publish_at, sign_in

from recommendations.editorial import integrity
from recommendations.editorial import merge as merging
from recommendations.editorial import split as splitting
from recommendations.editorial.errors import Refused
from recommendations.editorial.publish import publish
from recommendations.editorial.withdraw import final_replacement
from recommendations.models import Change, Recommendation, Theme, Version
from recommendations.models.proposal import Proposal
from recommendations.text import positions

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEXT = "Sample: we ask one and two. Sample: we ask three. Sample: we ask four.\n"
ONE, TWO, THREE = "Sample: we ask one and two.", "Sample: we ask three.", "Sample: we ask four."


@pytest.fixture
def source():
    return make_source(text=TEXT)


def fresh(entry: Recommendation) -> Recommendation:
    return Recommendation.with_withdrawn.get(pk=entry.pk)


def merge(who: str, kept, others, reason: str, *, unite: bool = True) -> Version:
    """Merge entries at once."""
    return publish(who, [merging.propose(kept, others, unite=unite)], reason)[0]


def split(who: str, entry, leaving, title: str, reason: str) -> Recommendation:
    """Split an entry by passages at once; return the new one."""
    proposal = splitting.propose(fresh(entry), leaving, title)
    return newest(publish(who, [proposal], reason), entry)


def split_words(who: str, entry, staying: str, leaving: str, title: str, reason: str):
    """Split an entry by words at once; return the new one."""
    proposal = splitting.propose_by_words(fresh(entry), staying, leaving, title)
    return newest(publish(who, [proposal], reason), entry)


def newest(versions: list[Version], entry: Recommendation) -> Recommendation:
    (new,) = [v.recommendation for v in versions if v.recommendation_id != entry.pk]
    return Recommendation.objects.get(pk=new.pk)


def quotes(entry: Recommendation) -> list[str]:
    return [passage.quote for passage in fresh(entry).passages]


def test_the_entry_kept_takes_over_words_works_and_labels_and_the_others_lead_to_it(client, source):
    kept, gone = (
        make_published(source, THREE),
        make_published(source, ONE, title="Take sample action two"),
    )
    work = make_source("WORK-2019", text="")
    changed(
        gone,
        works=[("refers to", work.code, "Sample note")],
        themes=["skills", "smes"],
        tags=["Another sample tag", "Sample tag"],
        addressees=["g7"],
    )
    version = merge("rosa", kept, [gone], "They said the same.")
    kept, gone = fresh(kept), fresh(gone)
    assert (version.number, version.reason) == (2, "They said the same.")
    assert quotes(kept) == [ONE, THREE]
    assert [(work.source.code, work.note) for work in kept.works] == [("WORK-2019", "Sample note")]
    assert {theme.slug for theme in kept.themes.all()} == {"skills", "smes"}
    assert {tag.name for tag in kept.tags.all()} == {"Another sample tag", "Sample tag"}
    assert [actor.slug for actor in kept.addressees.all()] == ["g7"]
    assert (gone.status, gone.replaced_by_id, gone.withdrawal_reason) == (
        "withdrawn",
        kept.pk,
        "They said the same.",
    )
    assert quotes(gone) == [ONE]
    page = client.get("/SAMPLE-2020-2")
    assert page.status_code == 410
    assert (
        '<dt>Use instead</dt><dd><a href="/SAMPLE-2020-1">SAMPLE-2020-1</a> Take sample action</dd>'
        in text(page)
    )
    assert integrity.prove().failures == []


def text(response) -> str:
    return response.content.decode()


def test_labels_are_left_where_only_the_words_are_wanted(source):
    kept, gone = make_published(source, THREE), make_published(source, ONE)
    changed(gone, themes=["skills", "smes"])
    merge("rosa", kept, [gone], "Sample.", unite=False)
    assert [theme.slug for theme in fresh(kept).themes.all()] == ["skills"]


def test_overlapping_words_become_one_passage_and_words_that_it_has_are_not_doubled(source):
    kept = make_published(source, "we ask one")
    longer, same, apart = (
        make_published(source, quote) for quote in (ONE, "Sample: we ask one", TWO)
    )
    merge("rosa", kept, [longer, same, apart], "Sample.")
    assert quotes(kept) == [ONE, TWO]
    assert Recommendation.with_withdrawn.filter(replaced_by=kept).count() == 3


def test_entries_of_two_declarations_are_not_merged(source):
    kept = make_published(source, ONE)
    other = make_published(make_source("OTHER-2021"))
    with pytest.raises(Refused, match="OTHER-2021-1 is of another declaration than SAMPLE-2020-1"):
        merge("rosa", kept, [other], "Sample.")
    assert fresh(other).is_published


def test_only_what_readers_see_is_merged_and_never_one_entry_with_itself(source):
    kept, gone = make_published(source, ONE), withdrawn(make_published(source, TWO))
    with pytest.raises(Refused, match="SAMPLE-2020-2 is not published"):
        merge("rosa", kept, [gone], "Sample.")
    with pytest.raises(Refused, match="Choose at least two entries"):
        merge("rosa", kept, [kept], "Sample.")
    with pytest.raises(Refused, match="A reason is missing"):
        merge("rosa", kept, [make_published(source, THREE)], " ")


def test_passages_leave_for_a_new_entry_and_each_names_the_other(client, source):
    entry = make_published(source, ONE)
    merge("rosa", entry, [make_published(source, TWO)], "Sample.")
    leaving = fresh(entry).passages[1]
    new = split("rosa", entry, [leaving.pk], "Ask for three", "Two asks, sample.")
    assert (new.code, new.title, quotes(new), quotes(entry)) == (
        "SAMPLE-2020-3",
        "Ask for three",
        [TWO],
        [ONE],
    )
    assert [theme.slug for theme in new.themes.all()] == ["skills"]
    assert [tag.name for tag in new.tags.all()] == ["Sample tag"]
    assert [v.reason for v in new.versions.all()] == ["Two asks, sample; split from SAMPLE-2020-1."]
    assert fresh(entry).versions.last().reason == "Two asks, sample; the rest is now SAMPLE-2020-3."
    assert [client.get(f"/SAMPLE-2020-{n}").status_code for n in (1, 2, 3)] == [200, 410, 200]
    assert integrity.prove().failures == []


def test_one_passage_is_split_by_words_inside_it(source):
    entry = make_published(source, ONE)
    new = split_words("rosa", entry, "Sample: we ask one", "two.", "Ask for two", "Two asks.")
    assert (quotes(entry), quotes(new)) == (["Sample: we ask one"], ["two."])
    assert integrity.prove().failures == []


@pytest.mark.parametrize(
    ("staying", "leaving", "error", "message"),
    [
        ("we ask one", "ask one and", Refused, "overlap"),
        ("we ask one", "we ask three", positions.QuoteError, "not in the text"),
        ("n", "two", positions.QuoteError, "occurs 2 times"),
        ("", "two", positions.QuoteError, "not in the text"),
    ],
)
def test_words_that_are_not_two_parts_of_the_passage_are_refused(
    source, staying, leaving, error, message
):
    entry = make_published(source, ONE)
    with pytest.raises(error, match=message):
        split_words("rosa", entry, staying, leaving, "Ask for two", "Sample.")
    assert (quotes(entry), Recommendation.objects.filter(source=source).count()) == ([ONE], 1)


def test_a_split_leaves_a_passage_and_takes_one(source):
    entry = make_published(source, ONE)
    merge("rosa", entry, [make_published(source, TWO)], "Sample.")
    for leaving in ([], [passage.pk for passage in fresh(entry).passages]):
        with pytest.raises(Refused, match="at least one, and not all"):
            split("rosa", entry, leaving, "Ask for three", "Sample.")
    assert quotes(entry) == [ONE, TWO]


def test_a_reason_without_room_for_the_other_code_is_refused(source):
    with pytest.raises(Refused, match="Shorten the reason by 27 characters"):
        split_words("rosa", make_published(source, ONE), "one", "two", "Ask for two", "x" * 300)


def test_the_page_of_a_withdrawn_entry_names_the_end_of_the_chain(client, source):
    first, second, third = (make_published(source, quote) for quote in (ONE, TWO, THREE))
    withdrawn(first, "Sample reason.", second)
    withdrawn(second, "Sample reason.", third)
    assert '<dt>Use instead</dt><dd><a href="/SAMPLE-2020-3">' in text(client.get("/SAMPLE-2020-1"))
    problem = client.get("/SAMPLE-2020-1.json").json()
    assert problem["detail"].endswith(
        "Sample reason. Use SAMPLE-2020-3 instead: http://127.0.0.1:8000/SAMPLE-2020-3"
    )
    withdrawn(third, "Sample reason.")
    page = text(client.get("/SAMPLE-2020-1"))
    assert "Use instead" not in page
    assert (
        '<a href="/SAMPLE-2020-3">SAMPLE-2020-3</a> Take sample action, which was withdrawn as well'
        in page
    )


def test_a_loop_of_replacements_is_cut(client, source):
    first, second = (make_published(source, quote) for quote in (ONE, TWO))
    withdrawn(first, "Sample reason.", second)
    withdrawn(second, "Sample reason.")
    Recommendation.with_withdrawn.filter(pk=second.pk).update(replaced_by=first)
    assert final_replacement(fresh(first)) == second
    assert client.get("/SAMPLE-2020-1").status_code == 410


def test_a_merge_is_on_record_for_every_entry(source):
    kept, gone = make_published(source, ONE), make_published(source, TWO)
    merge("rosa", kept, [gone], "They said the same.")
    changes = Change.objects.filter(act="merge").order_by("pk")
    assert [(each.who, each.label[:13], each.reason) for each in changes] == [
        ("rosa", "SAMPLE-2020-1", "They said the same."),
        ("rosa", "SAMPLE-2020-2", "They said the same."),
    ]
    assert (changes[0].before["quotes"], changes[0].after["quotes"]) == ([ONE], [ONE, TWO])
    assert changes[1].after["withdrawn"] == {"reason": "They said the same.", "replaced_by": 1}


# --- At the desk ---


def test_a_publisher_merges_entries_chosen_in_the_list(client, source):
    sign_in(client, "Publishers")
    kept, gone = make_published(source, ONE), make_published(source, TWO)
    action = {"action": "merge", "_selected_action": [kept.pk, gone.pk]}
    page = client.post("/admin/recommendations/recommendation/", action)
    assert page.status_code == 302
    assert f"<blockquote>{TWO}</blockquote>" in text(client.get(page["Location"]))
    response = client.post(page["Location"], {"survivor": kept.pk, "reason": "They said the same."})
    assert response.status_code == 302, errors(response)
    assert (fresh(gone).replaced_by, quotes(kept)) == (kept, [ONE, TWO])
    assert Change.objects.first().who == "publishers"


def test_under_four_eyes_a_merge_and_a_split_are_proposed_and_published_by_another(
    client, source, settings
):
    settings.FOUR_EYES = True
    sign_in(client, "Publishers")
    kept, gone = make_published(source, ONE), make_published(source, TWO)
    address = f"{reverse('admin:merge_recommendations')}?entry={kept.pk}&entry={gone.pk}"
    assert "nobody publishes what they wrote themselves" in text(client.get(address))
    assert client.post(address, {"survivor": kept.pk, "reason": "Sample."}).status_code == 302
    halves = {"staying": "Sample: we ask", "leaving": "three.", "title": "Take sample action"}
    url = reverse("admin:split_recommendation", args=[gone.pk])
    assert client.post(url, halves | {"reason": "Sample."}).status_code == 302
    merged, parted = Proposal.objects.order_by("pk")
    assert (fresh(gone).is_published, quotes(gone)) == (True, [TWO])
    for proposal in (merged, parted):
        assert "was written last by publishers" in errors(publish_at(client, proposal))
    client.logout()
    sign_in(client, "Publishers", name="bert")
    assert publish_at(client, parted).status_code == 302
    assert quotes(gone) == ["Sample: we ask"]
    refused = publish_at(client, merged)
    assert "SAMPLE-2020-2 was at version 1" in errors(refused)
    assert publish_at(client, merged, confirmed="on").status_code == 302
    assert fresh(gone).replaced_by == kept


@pytest.mark.parametrize(
    ("act", "values"), [("merge_theme", {"into": "smes"}), ("retire_theme", {})]
)
def test_under_four_eyes_an_act_on_a_theme_is_proposed_and_published_by_another(
    client, settings, act, values
):
    settings.FOUR_EYES = True
    sign_in(client, "Publishers")
    theme = Theme.objects.get(slug="skills")
    for each in theme.recommendations.all():
        changed(each, themes=[*(t.slug for t in each.themes.all()), "standards"])
    url = reverse(f"admin:{act}", args=[theme.pk])
    values = {name: Theme.objects.get(slug=value).pk for name, value in values.items()}
    assert client.post(url, values | {"reason": "Sample."}).status_code == 302
    proposal = Proposal.objects.get()
    assert "was written last by publishers" in errors(publish_at(client, proposal))
    assert Theme.objects.filter(slug="skills").exists()
    client.logout()
    sign_in(client, "Publishers", name="bert")
    assert publish_at(client, proposal).status_code == 302
    assert not Theme.objects.filter(slug="skills").exists()


def test_a_merge_over_two_declarations_is_refused_on_the_page(client, source):
    sign_in(client, "Publishers")
    kept, other = make_published(source, ONE), make_published(make_source("OTHER-2021"))
    url = f"{reverse('admin:merge_recommendations')}?entry={kept.pk}&entry={other.pk}"
    assert "is of another declaration" in errors(
        client.post(url, {"survivor": kept.pk, "reason": "Sample."})
    )


def test_a_publisher_splits_an_entry_by_words_and_by_passages(client, source):
    sign_in(client, "Publishers")
    entry = make_published(source, ONE)
    url = reverse("admin:split_recommendation", args=[entry.pk])
    values = {
        "title": "Ask for two",
        "reason": "Two asks.",
        "staying": "Sample: we ask one",
        "leaving": "two.",
    }
    assert client.get(url).status_code == 200
    response = client.post(url, values)
    assert response.status_code == 302, errors(response)
    assert quotes(Recommendation.objects.get(code="SAMPLE-2020-2")) == ["two."]
    merge("rosa", entry, [make_published(source, THREE)], "Sample.")
    response = client.post(
        url,
        {"title": "Ask for three", "reason": "Sample.", "leaving": [fresh(entry).passages[1].pk]},
    )
    assert response.status_code == 302, errors(response)
    assert quotes(Recommendation.objects.get(code="SAMPLE-2020-4")) == [THREE]


def test_a_split_over_two_lines_survives_the_line_ends_of_a_browser(client):
    sign_in(client, "Publishers")
    entry = make_published(
        make_source(text="Sample: we ask\none\nand two.\n"), "Sample: we ask\none\nand two."
    )
    values = {
        "title": "Ask for two",
        "reason": "Sample.",
        "staying": "Sample: we ask\r\none",
        "leaving": "and two.",
    }
    response = client.post(reverse("admin:split_recommendation", args=[entry.pk]), values)
    assert response.status_code == 302, errors(response)
    assert quotes(entry) == ["Sample: we ask\none"]


def test_nobody_without_a_permission_merges_or_splits(client, source):
    sign_in(client)
    entry, other = make_published(source, ONE), make_published(source, TWO)
    merge = f"{reverse('admin:merge_recommendations')}?entry={entry.pk}&entry={other.pk}"
    for url in (merge, reverse("admin:split_recommendation", args=[entry.pk])):
        assert client.get(url).status_code == 403
        assert client.post(url, {"survivor": entry.pk, "reason": "x"}).status_code == 403
    assert fresh(other).is_published


@pytest.mark.parametrize(
    "path", ["merge/", "merge/?entry=x&entry=1", "merge/?entry=99999999999999999999", "0/split/"]
)
def test_acts_on_nothing_are_answered(client, path):
    sign_in(client, "Publishers")
    assert client.get(f"/admin/recommendations/recommendation/{path}").status_code in (200, 404)
    assert client.post(
        f"/admin/recommendations/recommendation/{path}", {"reason": "x"}
    ).status_code in (200, 404)


def test_markup_in_what_is_merged_or_split_is_shown_as_text(client):
    sign_in(client, "Publishers")
    source = make_source(text="<script>alert(1)</script> we ask. Sample two.\n")
    entry = make_published(source, "<script>alert(1)</script> we ask.", title="<b>x</b>")
    other = make_published(source, "Sample two.")
    for url in (
        f"{reverse('admin:merge_recommendations')}?entry={entry.pk}&entry={other.pk}",
        reverse("admin:split_recommendation", args=[entry.pk]),
    ):
        page = text(client.get(url))
        assert "&lt;script&gt;alert(1)&lt;/script&gt; we ask." in page
        assert "<b>x</b>" not in page
