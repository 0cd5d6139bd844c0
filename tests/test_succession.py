"""Entries merged and split: nothing is deleted, every code stays alive, and the end of a chain is
named.
"""

import pytest
from django.urls import reverse
from factories import make_draft, make_published, make_source
from test_editing import errors, sign_in

from recommendations.editorial import integrity, merge_errors, merge_split
from recommendations.models import Actor, Change, Recommendation, Theme, Unpublishable
from recommendations.text import positions

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEXT = "Sample: we ask one and two. Sample: we ask three. Sample: we ask four.\n"
ONE, TWO, THREE = "Sample: we ask one and two.", "Sample: we ask three.", "Sample: we ask four."


@pytest.fixture
def source():
    return make_source(text=TEXT)


def fresh(entry: Recommendation) -> Recommendation:
    return Recommendation.objects.get(pk=entry.pk)


def quotes(entry: Recommendation) -> list[str]:
    return [passage.quote for passage in fresh(entry).passages]


def test_the_entry_kept_takes_over_words_works_and_labels_and_the_others_lead_to_it(client, source):
    kept, gone = (
        make_published(source, THREE),
        make_published(source, ONE, title="Take sample action two"),
    )
    work = make_source("WORK-2019", text="")
    gone.citations.create(source=work, role="refers to", note="Sample note")
    gone.themes.add(Theme.objects.get(slug="smes"))
    gone.tags.add("Another sample tag")
    gone.addressees.add(Actor.objects.get(slug="g7"))
    version = merge_split.merge("rosa", kept, [gone], "They said the same.")
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
    gone.themes.add(Theme.objects.get(slug="smes"))
    merge_split.merge("rosa", kept, [gone], "Sample.", unite=False)
    assert [theme.slug for theme in fresh(kept).themes.all()] == ["skills"]


def test_overlapping_words_become_one_passage_and_words_that_it_has_are_not_doubled(source):
    kept = make_published(source, "we ask one")
    longer, same, apart = (
        make_published(source, quote) for quote in (ONE, "Sample: we ask one", TWO)
    )
    merge_split.merge("rosa", kept, [longer, same, apart], "Sample.")
    assert quotes(kept) == [ONE, TWO]
    assert Recommendation.objects.filter(replaced_by=kept).count() == 3


def test_entries_of_two_declarations_are_not_merged(source):
    kept = make_published(source, ONE)
    other = make_published(make_source("OTHER-2021"))
    with pytest.raises(
        merge_errors.Refused, match="OTHER-2021-1 is of another declaration than SAMPLE-2020-1"
    ):
        merge_split.merge("rosa", kept, [other], "Sample.")
    assert fresh(other).is_published


def test_only_what_readers_see_is_merged_and_never_one_entry_with_itself(source):
    kept, draft = make_published(source, ONE), make_draft(source, TWO)
    with pytest.raises(merge_errors.Refused, match="SAMPLE-2020-2 is not published"):
        merge_split.merge("rosa", kept, [draft], "Sample.")
    with pytest.raises(merge_errors.Refused, match="Choose at least two entries"):
        merge_split.merge("rosa", kept, [kept], "Sample.")
    with pytest.raises(Unpublishable, match="a reason is missing"):
        merge_split.merge("rosa", kept, [make_published(source, THREE)], " ")


def test_passages_leave_for_a_new_entry_and_each_names_the_other(client, source):
    entry = make_published(source, ONE)
    merge_split.merge("rosa", entry, [make_published(source, TWO)], "Sample.")
    leaving = fresh(entry).passages[1]
    new = merge_split.split("rosa", entry, [leaving.pk], "Ask for three", "Two asks, sample.")
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
    new = merge_split.split_words(
        "rosa", entry, "Sample: we ask one", "two.", "Ask for two", "Two asks."
    )
    assert (quotes(entry), quotes(new)) == (["Sample: we ask one"], ["two."])
    assert integrity.prove().failures == []


@pytest.mark.parametrize(
    ("staying", "leaving", "error", "message"),
    [
        ("we ask one", "ask one and", merge_errors.Refused, "overlap"),
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
        merge_split.split_words("rosa", entry, staying, leaving, "Ask for two", "Sample.")
    assert (quotes(entry), Recommendation.objects.filter(source=source).count()) == ([ONE], 1)


def test_a_split_leaves_a_passage_and_takes_one(source):
    entry = make_published(source, ONE)
    merge_split.merge("rosa", entry, [make_published(source, TWO)], "Sample.")
    for leaving in ([], [passage.pk for passage in fresh(entry).passages]):
        with pytest.raises(merge_errors.Refused, match="at least one, and not all"):
            merge_split.split("rosa", entry, leaving, "Ask for three", "Sample.")
    assert quotes(entry) == [ONE, TWO]


def test_a_reason_without_room_for_the_other_code_is_refused(source):
    with pytest.raises(merge_errors.Refused, match="Shorten the reason by 27 characters"):
        merge_split.split_words(
            "rosa", make_published(source, ONE), "one", "two", "Ask for two", "x" * 300
        )


def test_the_page_of_a_withdrawn_entry_names_the_end_of_the_chain(client, source):
    first, second, third = (make_published(source, quote) for quote in (ONE, TWO, THREE))
    first.withdraw("Sample reason.", second)
    second.withdraw("Sample reason.", third)
    assert '<dt>Use instead</dt><dd><a href="/SAMPLE-2020-3">' in text(client.get("/SAMPLE-2020-1"))
    problem = client.get("/SAMPLE-2020-1.json").json()
    assert problem["detail"].endswith(
        "Sample reason. Use SAMPLE-2020-3 instead: http://127.0.0.1:8000/SAMPLE-2020-3"
    )
    third.withdraw("Sample reason.")
    page = text(client.get("/SAMPLE-2020-1"))
    assert "Use instead" not in page
    assert (
        '<a href="/SAMPLE-2020-3">SAMPLE-2020-3</a> Take sample action, which was withdrawn as well'
        in page
    )


def test_a_loop_of_replacements_is_cut(client, source):
    first, second = (make_published(source, quote) for quote in (ONE, TWO))
    first.withdraw("Sample reason.", second)
    second.withdraw("Sample reason.")
    Recommendation.objects.filter(pk=second.pk).update(replaced_by=first)
    assert merge_split.heir(fresh(first)) == second
    assert client.get("/SAMPLE-2020-1").status_code == 410


def test_a_merge_is_on_record_for_every_entry(source):
    kept, gone = make_published(source, ONE), make_published(source, TWO)
    merge_split.merge("rosa", kept, [gone], "They said the same.")
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


def wrote(who: str, entry: Recommendation) -> None:
    Change.objects.create(
        who=who, act="change", kind="recommendation", object_id=str(entry.pk), label=str(entry)
    )


def test_under_four_eyes_nobody_merges_or_splits_what_they_changed_last(client, source, settings):
    settings.FOUR_EYES = True
    sign_in(client, "Publishers")
    kept, gone = make_published(source, ONE), make_published(source, TWO)
    wrote("publishers", gone)
    merging = f"{reverse('admin:merge_recommendations')}?entry={kept.pk}&entry={gone.pk}"
    splitting = reverse("admin:split_recommendation", args=[gone.pk])
    halves = {
        "staying": "Sample: we ask",
        "leaving": "three.",
        "title": "Take sample action",
        "reason": "Sample.",
    }
    for url, values in ((merging, {"survivor": kept.pk, "reason": "Sample."}), (splitting, halves)):
        assert "This site asks for four eyes: whoever changed" in text(client.get(url))
        assert "SAMPLE-2020-2 cannot be published by publishers, who changed it last" in errors(
            client.post(url, values)
        )
    assert (Recommendation.objects.count(), fresh(gone).is_published) == (12, True)
    wrote("rosa", gone)
    assert client.post(splitting, halves).status_code == 302
    assert client.post(merging, {"survivor": kept.pk, "reason": "Sample."}).status_code == 302
    assert fresh(gone).replaced_by == kept


def test_without_four_eyes_whoever_changed_an_entry_may_split_it(client, source):
    sign_in(client, "Publishers")
    entry = make_published(source, ONE)
    wrote("publishers", entry)
    url = reverse("admin:split_recommendation", args=[entry.pk])
    assert "four eyes" not in text(client.get(url))
    values = {
        "staying": "Sample: we ask",
        "leaving": "one and two.",
        "title": "Sample",
        "reason": "Sample.",
    }
    assert client.post(url, values).status_code == 302


@pytest.mark.parametrize(
    ("act", "values"),
    [
        ("rename_theme", {"label": "Sample", "slug": "sample"}),
        ("merge_theme", {"into": "smes"}),
        ("retire_theme", {}),
    ],
)
def test_under_four_eyes_nobody_acts_on_the_theme_of_an_entry_they_changed_last(
    client, source, settings, act, values
):
    settings.FOUR_EYES = True
    sign_in(client, "Publishers")
    theme = Theme.objects.get(slug="skills")
    entry = make_published(source, ONE)
    for each in theme.recommendations.all():
        each.themes.add(Theme.objects.get(slug="standards"))
    wrote("publishers", entry)
    url = reverse(f"admin:{act}", args=[theme.pk])
    values = {
        name: Theme.objects.get(slug=value).pk if name == "into" else value
        for name, value in values.items()
    }
    assert "This site asks for four eyes: whoever changed" in text(client.get(url))
    refused = client.post(url, values | {"reason": "Sample."})
    assert "SAMPLE-2020-1 cannot be published by publishers, who changed it last" in errors(refused)
    assert Theme.objects.filter(slug="skills").exists()
    wrote("rosa", entry)
    assert client.post(url, values | {"reason": "Sample."}).status_code == 302


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
    merge_split.merge("rosa", entry, [make_published(source, THREE)], "Sample.")
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


@pytest.mark.parametrize("group", ["Editors", ""])
def test_nobody_but_a_publisher_merges_or_splits(client, source, group):
    sign_in(client, *filter(None, [group]))
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
