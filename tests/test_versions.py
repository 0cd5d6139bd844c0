"""What readers see of time: versions compared, corrected texts and what they were, quotes that were
left behind.
"""

import html
import re

import pytest
from factories import make_many, make_proposal, make_published, make_source, republish, withdrawn
from test_correcting import BREAD, ROSES, TEXT, corrected

from recommendations.editorial import integrity
from recommendations.models import Citation, Recommendation, Source, Theme
from tests.trials.parts.rules import unguarded

pytestmark = pytest.mark.django_db
LOAVES = TEXT.replace("bread", "loaves")


@pytest.fixture
def source():
    return make_source(text=TEXT, title="Sample declaration")


@pytest.fixture
def entry(source):
    """An entry with three versions: published, its title changed, and left behind by a
    correction.
    """
    entry = make_published(source, BREAD, title="Bake sample bread")
    entry.title = "Bake more sample bread"
    entry.themes.set(Theme.objects.filter(slug__in=["skills", "smes"]))
    entry.save()
    republish(entry, "A plainer title.")
    corrected(source, LOAVES)
    return Recommendation.objects.get(pk=entry.pk)


def page(client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def words(markup: str) -> str:
    """Return what a page says, without its markup."""
    return re.sub(
        r"\s+",
        " ",
        html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|dt|dd|li|h1|h2)>", " ", markup))),
    )


def section(markup: str, heading: str) -> str:
    return re.search(
        rf'<section[^>]* aria-labelledby="{heading}">.*?</section>', markup, re.DOTALL
    )[0]


# --- Two versions compared ---


def test_what_the_editors_changed_stands_apart_from_the_source(client, entry):
    shown = page(client, "/SAMPLE-2020-1/v/2?compare=1")
    assert "What changed from version 1 to version 2" in shown
    ours = section(shown, "entry-changed")
    assert '<ins><span class="visually-hidden" lang="en-GB">added: </span>more ' in ours
    assert "Yes: the editors’ words or choices differ." in ours
    assert re.findall(r"<dt[^>]*>([^<]+)</dt>\s*<dd>unchanged", ours) == [
        "Words quoted",
        "Summary",
        "Tags",
        "Addressed to",
        "Works referred to",
    ]
    assert "added: SMEs" in words(ours)
    assert words(section(shown, "source-changed")).strip() == (
        "The source changed No. Both versions were taken from the same text of SAMPLE-2020."
    )


def test_what_a_correction_changed_is_no_change_of_ours(client, source):
    make_published(source, ROSES)
    corrected(source, LOAVES)
    shown = page(client, "/SAMPLE-2020-1/v/2?compare=1")
    assert "No. The editors’ words and choices are the same." in shown
    place = TEXT.index(ROSES)
    assert words(section(shown, "source-changed")).strip() == (
        "The source changed Yes: the stored text of SAMPLE-2020 was corrected in between."
        " Words quoted unchanged Their place"
        f" added: paragraph 3, characters {place + 2} to {place + 1 + len(ROSES)} (end)"
        f" removed: paragraph 3, characters {place + 1} to {place + len(ROSES)} (end)"
    )


def test_a_comparison_says_that_the_words_were_left_behind(client, entry):
    shown = section(page(client, "/SAMPLE-2020-1/v/3?compare=2"), "source-changed")
    assert 'Version 3 quotes the <a href="/SAMPLE-2020/t/1">former text</a>.' in shown


def test_words_mended_after_a_correction_are_compared_with_those_of_the_former_text(client, source):
    entry = make_published(source, BREAD)
    corrected(source, LOAVES)
    passage = entry.citations.get()
    passage.source = source
    passage.anchor("We call for sample loaves.")
    passage.save()
    republish(entry, "New words.")
    shown = section(page(client, "/SAMPLE-2020-1/v/3?compare=1"), "source-changed")
    assert "We call for sample <del>" in shown
    assert "bread.<" in shown
    assert "loaves.<" in shown
    assert "Our entry changed." in words(section(page(client, "/SAMPLE-2020-1/v/3"), "versions"))


def test_any_two_versions_are_compared_from_the_older_to_the_newer(client, entry):
    assert "from version 1 to version 3" in page(client, "/SAMPLE-2020-1/v/1?compare=3")
    assert "from version 1 to version 3" in page(client, "/SAMPLE-2020-1/v/3?compare=1")


def test_the_list_of_versions_says_which_of_the_two_changed(client, entry):
    versions = section(page(client, "/SAMPLE-2020-1/v/2"), "versions")
    kinds = re.findall(r'<p class="small">([^<.]+)\.', versions)
    assert kinds == ["First version", "Our entry changed", "The source changed"]
    assert re.findall(r'href="([^"]+)"', versions) == [
        "/SAMPLE-2020-1/v/1",
        "/SAMPLE-2020-1/v/2",
        "/SAMPLE-2020-1/v/2?compare=1",
        "/SAMPLE-2020-1/v/3",
        "/SAMPLE-2020-1/v/3?compare=2",
    ]
    assert re.findall(r'<option value="(\d)"', versions) == ["3", "1"]
    assert "The text of SAMPLE-2020 was corrected: A sample slip." in versions


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("compare=9", "There is no version “9” to compare version 2 with."),
        ("compare=", "There is no version “” to compare version 2 with."),
        ("compare=01", "There is no version “01” to compare version 2 with."),
        ("compare=%00", "There is no version"),
        ("compare=<script>", "There is no version “<script>”"),
        ("compare=2", "Version 2 cannot be compared with itself."),
        (
            "compare=1&compare=3",
            "“compare” is given 2 times: version 2 is compared with one other.",
        ),
    ],
)
def test_a_comparison_that_cannot_be_made_says_why_and_offers_one(client, entry, query, said):
    shown = page(client, f"/SAMPLE-2020-1/v/2?{query}", 400)
    assert said in html.unescape(shown)
    assert 'href="/SAMPLE-2020-1/v/2?compare=1">Compare with version 1</a>' in shown
    assert "<script>x" not in shown


def test_an_only_version_has_nothing_to_be_compared_with(client):
    assert 'href="/PARIS-2025-4/v/1">Read the only version</a>' in page(
        client, "/PARIS-2025-4/v/1?compare=2", 400
    )
    assert 'name="compare"' not in page(client, "/PARIS-2025-4/v/1")


def test_a_withdrawn_entry_keeps_its_versions_and_their_comparison(client, entry):
    withdrawn(entry, "Sample withdrawal.")
    assert "from version 1 to version 2" in page(client, "/SAMPLE-2020-1/v/2?compare=1")
    page(client, "/SAMPLE-2020-1/v/3")
    page(client, "/SAMPLE-2020-1/v/4", 404)
    assert 'href="/SAMPLE-2020/t/1#p2"' in page(client, "/SAMPLE-2020-1", 410)


def test_markup_in_what_is_compared_stays_text(client, source):
    entry = make_published(source, BREAD, title="<script>x</script> one")
    entry.title = "<script>x</script> two"
    entry.save()
    republish(entry, "<script>x</script>")
    assert "<script>x" not in page(client, "/SAMPLE-2020-1/v/2?compare=1")


def test_a_version_leads_to_the_text_that_it_was_taken_from(client, source):
    make_published(source, ROSES)
    corrected(source, f"Sample title.\n\n{TEXT}")
    corrected(source, f"Sample title.\n\nSample subtitle.\n\n{TEXT}", reason="Another sample slip.")
    places = {number: f'href="/SAMPLE-2020/t/{number}#p{number + 2}"' for number in (1, 2)} | {
        3: 'href="/SAMPLE-2020#p5"'
    }
    for number, place in places.items():
        assert place in page(client, f"/SAMPLE-2020-1/v/{number}")


# --- Former texts, and quotes that were left behind ---


def test_an_entry_says_plainly_that_its_words_were_left_behind(client, entry, source):
    shown = page(client, "/SAMPLE-2020-1")
    day = source.former_texts.get().replaced_at
    assert (
        f"These words stood in the text of SAMPLE-2020 until it was corrected on {day:%-d %B %Y};"
        " the corrected text does not hold them. Read the former text"
    ) in words(shown)
    assert 'href="/SAMPLE-2020/t/1#1"' in shown
    assert 'href="/SAMPLE-2020/t/1#p2"' in shown
    assert 'href="/SAMPLE-2020#' not in shown
    assert "<mark>We call for sample bread.</mark> It feeds." in shown


def test_words_that_the_corrected_text_holds_twice_are_said_to_have_no_certain_place(
    client, source
):
    make_published(source, BREAD)
    corrected(source, f"{TEXT}\n{BREAD}\n{TEXT}")
    shown = words(page(client, "/SAMPLE-2020-1"))
    assert "The corrected text holds them too, but not at one certain place." in shown
    assert "does not hold them" not in shown


def test_a_former_text_is_shown_as_one_with_the_passages_that_it_alone_holds(client, entry, source):
    make_published(source, ROSES)
    response = client.get("/SAMPLE-2020/t/1")
    shown = response.content.decode()
    former = source.former_texts.get()
    assert response["X-Robots-Tag"] == "noindex"
    assert 'rel="canonical" href="http://127.0.0.1:8000/SAMPLE-2020"' in shown
    said = (
        f"This is a former text. It was corrected on {former.replaced_at:%-d %B %Y}: A sample slip."
    )
    assert f"{said} Go to the current text" in words(shown)
    assert re.findall(r'<mark id="(\d)">.*?</a>(.*?)</mark>', shown) == [("1", BREAD)]
    assert former.sha256 in shown
    assert source.sha256 not in shown
    article = re.search(r"<article.*?>(.*?)<section", shown, re.DOTALL)[1]
    stripped = re.sub(
        r'<a class="(?:para-)?number".*?</a>|<ul class="notes".*?</ul>',
        "",
        article,
        flags=re.DOTALL,
    )
    assert html.unescape(re.sub(r"<[^>]+>", "", stripped)) == TEXT


def test_the_number_of_the_current_text_leads_to_it_and_others_nowhere(client, entry):
    response = client.get("/SAMPLE-2020/t/2")
    assert (response.status_code, response["Location"]) == (302, "/SAMPLE-2020")
    page(client, "/SAMPLE-2020/t/3", 404)
    page(client, "/NOWHERE-2020/t/1", 404)


def test_a_former_text_of_a_declaration_without_published_entries_is_unknown(client, source):
    make_proposal(source, BREAD)
    corrected(source, LOAVES)
    page(client, "/SAMPLE-2020/t/1", 404)
    page(client, "/SAMPLE-2020/t/2", 404)


def test_a_declaration_says_when_and_why_its_text_was_corrected(client, entry, source):
    corrected(source, f"New. {LOAVES}", reason="A <b>second</b> slip.")
    shown = page(client, "/SAMPLE-2020")
    assert re.findall(r'</strong> (.*?) <a href="(/SAMPLE-2020/t/\d)"', shown) == [
        ("A &lt;b&gt;second&lt;/b&gt; slip.", "/SAMPLE-2020/t/2"),
        ("A sample slip.", "/SAMPLE-2020/t/1"),
    ]
    assert '<mark id="1">' not in shown
    assert "The text was corrected" not in page(client, "/PARIS-2025")


def test_the_home_page_draws_no_quote_that_the_text_no_longer_holds(client, source):
    Source.objects.filter(pk=source.pk).update(issued_on="2099-01-01")
    make_published(source, BREAD)
    make_published(source, ROSES)
    corrected(source, LOAVES)
    assert [highlight.label for highlight in client.get("/").context["picture"].highlights] == [
        "SAMPLE-2020-2"
    ]


def test_a_proposal_whose_words_were_left_behind_has_no_preview_and_says_so(
    client, admin_user, source
):
    draft = make_proposal(source, BREAD)
    corrected(source, LOAVES)
    client.force_login(admin_user)
    shown = client.get(f"/admin/recommendations/proposal/{draft.pk}/preview/", follow=True)
    assert "are not of the present text" in shown.content.decode()
    assert BREAD in shown.content.decode()


# --- What it costs, and what is proved ---


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/MANY-2021", 7),
        ("/MANY-2021/t/1", 6),
        ("/MANY-2021-1/v/2", 4),
        ("/MANY-2021-1/v/2?compare=1", 3),
    ],
)
def test_a_corrected_text_takes_as_many_queries_for_30_entries_as_for_1(
    client, django_assert_num_queries, count, path, queries
):
    source = make_many(count)[0].source
    corrected(source, source.text.replace("alpha", "beta"))
    assert Citation.objects.orphans().count() == count
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


def test_the_proof_takes_as_many_queries_for_30_orphans_as_for_1(django_assert_num_queries):
    source = make_many(30)[0].source
    with django_assert_num_queries(18) as before:
        integrity.prove()
    corrected(source, source.text.replace("alpha", "beta"))
    with django_assert_num_queries(len(before)):
        proof = integrity.prove()
    assert (proof.failures, proof.former_texts, proof.orphans) == ([], 1, 30)


@pytest.mark.both_databases
def test_the_proof_names_a_quote_whose_former_text_is_missing(entry, source):
    faults = integrity.quote_faults(entry.citations.get(), {2: source.text})
    assert faults == ["the quote names text 1 of SAMPLE-2020, which was not kept"]


@pytest.mark.both_databases
def test_the_proof_names_a_text_that_is_missing_or_was_tampered_with(entry, source):
    source.former_texts.create(
        number=3,
        text="Sample.",
        sha256="tampered",
        replaced_at=source.former_texts.get().replaced_at,
        reason="x",
    )
    assert integrity.prove().failures[:2] == [
        "SAMPLE-2020: the texts are not numbered from 1 to 2",
        "SAMPLE-2020, text 3: the text does not match its SHA-256",
    ]


@pytest.mark.both_databases
def test_the_proof_names_a_version_of_which_nothing_is_left(entry):
    emptied = "UPDATE recommendations_version SET snapshot = '{}'"
    unguarded(f"{emptied} WHERE recommendation_id = {entry.pk} AND number = 3")
    assert integrity.prove().failures == [
        "SAMPLE-2020-1: version 3 does not match its hash",
        "SAMPLE-2020-1: code, title, summary, source, passages, themes, tags differ from version 3",
    ]
