"""The review page by role, its acts without a script and in place, collisions, and how many queries
it takes.
"""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_published, make_source, sign_in

from recommendations.editorial.review import decisions
from recommendations.models import Change, Source
from recommendations.models.proposal import Decision, Proposal
from recommendations.text import positions

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEXT = "".join(
    f"We call for sample action {n}. It must be taken by sample {n}.\n" for n in range(1, 41)
)
HOSTILE = '</textarea><script>x</script><img src=x onerror="x">&amp;'


@pytest.fixture
def editor(client):
    return sign_in(client, "Editors")


@pytest.fixture
def publisher(client):
    return sign_in(client, "Publishers")


@pytest.fixture
def source(db) -> Source:
    return make_source(text=TEXT)


def propose(source: Source, number: int = 1, **fields) -> Proposal:
    """Make a proposal of one of the sample sentences."""
    quote = f"We call for sample action {number}."
    start = TEXT.index(quote)
    values = {"title": f"Take sample action {number}", "why": "call for"} | fields
    values = {"themes": ["skills"]} | values
    return Proposal.objects.create(source=source, spans=[[start, start + len(quote)]], **values)


def address(source: Source, rest: str = "") -> str:
    return f"/admin/recommendations/source/{source.pk}/review/{rest}"


def send(client, proposal: Proposal, act: str = "save", in_place: bool = False, **changes):
    """Send a proposal's form as a browser would, with one button pressed."""
    stored = Proposal.objects.get(pk=proposal.pk)
    data = {
        "revision": stored.revision,
        "text": 1,
        "title": stored.title,
        "summary": stored.summary,
        "tags": ", ".join(stored.tags),
        "themes": stored.themes,
        "addressees": stored.addressees,
        "act": act,
    }
    headers = {"X-In-Place": "1"} if in_place else {}
    return client.post(address(proposal.source, f"{proposal.pk}/"), data | changes, headers=headers)


def words(response) -> str:
    """Return what an answer says, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def ids(response) -> list[str]:
    """Return the ids of the outermost elements of an answer in place, in their order."""
    return re.findall(
        r'^\s*<(?:li|div|p|ol|article|input)\b[^>]*?\bid="([^"]+)"',
        response.content.decode(),
        re.MULTILINE,
    )


# --- Who sees what ---------------------------------------------------------


def test_strangers_and_staff_without_the_right_see_nothing(client, source):
    for rest in ("", "publish/"):
        assert client.get(address(source, rest)).status_code == 302
    sign_in(client)
    for rest in ("", "publish/"):
        assert client.get(address(source, rest)).status_code == 403
    for rest in ("add/", "1/"):
        assert client.post(address(source, rest)).status_code == 403


def test_an_editor_decides_and_leaves_publishing_to_publishers(client, editor, source):
    propose(source, decision=Decision.ACCEPTED)
    response = client.get(address(source))
    assert "A publisher will publish what you accept." in words(response)
    assert "Publish the" not in words(response)
    assert client.get(address(source, "publish/")).status_code == 403
    assert "no-store" in response["Cache-Control"]


def test_a_publisher_finds_the_way_to_publication(client, publisher, source):
    propose(source, decision=Decision.ACCEPTED)
    propose(source, 2, decision=Decision.REJECTED)
    propose(source, 3)
    said = words(client.get(address(source)))
    assert "3 in all 1 to decide 1 accepted 1 rejected Publish the 1 accepted…" in said


@pytest.mark.parametrize(
    ("shown", "numbers"),
    [("open", ["3"]), ("accepted", ["1"]), ("rejected", ["2"]), ("x", ["1", "2", "3"])],
)
def test_the_list_can_be_narrowed_to_one_state(client, editor, source, shown, numbers):
    propose(source, decision=Decision.ACCEPTED)
    propose(source, 2, decision=Decision.REJECTED)
    propose(source, 3)
    page = client.get(address(source), {"show": shown}).content.decode()
    assert re.findall(r'data-number="(\d+)"', page) == numbers


def test_only_declarations_with_text_are_reviewed(client, editor, source):
    work = Source.objects.create(
        code="WORK-2020", title="Sample work", issued_on="2020-01-01", kind="report"
    )
    assert client.get(address(work)).status_code == 404
    assert (
        client.get("/admin/recommendations/source/99999999999999999999/review/").status_code == 404
    )
    assert client.post(address(source, "999/"), {"revision": 1}).status_code == 404


@pytest.mark.parametrize(("rest", "where"), [("7/", "#proposal-7"), ("add/", "#add")])
def test_who_had_to_sign_in_on_the_way_is_led_to_the_page(client, editor, source, rest, where):
    assert client.get(address(source, rest))["Location"] == f"{address(source)}{where}"


def test_the_text_is_the_stored_text_with_its_offsets(client, editor, source):
    text = "Sample 😀 text. We call for 𝟙 action2.\n\n  • A point & more.\n"
    source = make_source("ASTRAL-2020", text=text, note_signs=[[35, 36]])
    start = text.index("We")
    Proposal.objects.create(source=source, spans=[[start, start + 22]])
    page = client.get(address(source)).content.decode()
    article = page[page.index("<article") : page.index("</article>")]
    pieces = re.findall(r'<(?:span|sup) data-start="(\d+)">(.*?)</(?:span|sup)>', article)
    assert [(int(at), text[int(at) : int(at) + len(unescape(piece))]) for at, piece in pieces] == [
        (int(at), unescape(piece)) for at, piece in pieces
    ]
    assert (
        "".join(unescape(piece) for _at, piece in pieces)
        == "Sample 😀 text. We call for 𝟙 action2.A point & more."
    )
    assert '<blockquote lang="en"><p>We call for 𝟙 action<sup>2</sup>.</p></blockquote>' in page


# --- Acts without a script -------------------------------------------------


def test_a_button_saves_what_was_typed_too_and_leads_back(client, editor, source):
    proposal = propose(source)
    response = send(
        client,
        proposal,
        "accept",
        title="  A  sample\r\ntitle ",
        tags="Beta, alpha,,beta",
        summary="a\r\nb",
    )
    assert (response.status_code, response["Location"]) == (
        302,
        f"{address(source)}#proposal-{proposal.pk}",
    )
    proposal.refresh_from_db()
    assert (proposal.title, proposal.tags, proposal.summary) == (
        "A sample title",
        ["Beta", "alpha"],
        "a\nb",
    )
    assert (proposal.decision, proposal.written_by) == ("accepted", "editors")
    assert list(Change.objects.filter(kind="proposal").values_list("act", flat=True)) == [
        "accept",
        "edit",
    ]


@pytest.mark.parametrize(
    ("act", "quotes"),
    [
        ("move 0 start later", ["call for sample action 1."]),
        ("move 0 end sentence", ["We call for sample action 1."]),
        ("split 12", ["We call for", "sample action 1."]),
        ("split", ["We call for", "sample action 1."]),
        ("save", ["We call for", "sample action 1."]),
        ("join", ["We call for sample action 1.", "We call for sample action 2."]),
    ],
)
def test_every_button_has_its_act(client, editor, source, act, quotes):
    proposal = propose(source)
    propose(source, 2)
    status = send(client, proposal, act, before="" if act == "join" else "sample").status_code
    found = [quote for each in Proposal.objects.filter(source=source) for quote in each.quotes]
    assert (status, found[: len(quotes)]) == (409 if "sentence" in act else 302, quotes)


@pytest.mark.parametrize(
    "act",
    ["x", "move", "move 0 start", "move 0 up later", "move 9 end later", "move -1 end later", "split ٣", "split 1 2",
     "split 9999999999999", "accept 1", "words", "\x00"],
)  # fmt: skip
def test_a_button_that_is_not_there_does_nothing(client, editor, source, act):
    proposal = propose(source)
    assert send(client, proposal, act).status_code == 409
    assert Proposal.objects.get(pk=proposal.pk).revision == 1


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("title", "x" * 121, "Title: Ensure this value has at most 120 characters (it has 121)."),
        ("title", "a\x00b", "Title: Null characters are not allowed."),
        (
            "summary",
            "x" * 601,
            "Summary: Ensure this value has at most 600 characters (it has 601).",
        ),
        ("tags", "x" * 101, "Tags: Give at most 20 tags of at most 100 characters."),
        (
            "themes",
            ["nothing"],
            "Themes: Select a valid choice. nothing is not one of the available choices.",
        ),
        ("revision", "", "Revision: This field is required."),
    ],
)
def test_what_cannot_be_kept_is_refused_and_shown_again(
    client, editor, source, field, value, fault
):
    proposal = propose(source)
    response = send(client, proposal, **{field: value})
    assert response.status_code == 409
    assert f"{fault} Nothing was saved." in words(response)
    assert "What you had typed, to copy:" in words(response)
    assert Proposal.objects.get(pk=proposal.pk).revision == 1


def test_what_was_typed_stays_where_the_button_is_refused(client, editor, source):
    proposal = propose(source)
    response = send(client, proposal, "join", title="Typed before joining")
    assert (response.status_code, "There is no passage after this one" in words(response)) == (
        409,
        True,
    )
    assert Proposal.objects.get(pk=proposal.pk).title == "Typed before joining"


def test_a_selection_in_a_text_that_was_corrected_is_refused(client, editor, source):
    proposal = propose(source)
    assert send(client, proposal, "words", start=3, end=5).status_code == 302
    assert Proposal.objects.get(pk=proposal.pk).quotes == ["call"]
    response = send(client, proposal, "words", start=3, end=5, text=2)
    assert "The text was corrected after you had opened this page." in words(response)


def test_a_passage_is_added_by_its_words_its_paragraph_or_a_selection(client, editor, source):
    for data in (
        {"quote": "sample action 3."},
        {"paragraph": "2"},
        {"start": 1, "end": 5, "text": 1},
    ):
        response = client.post(address(source, "add/"), data)
        assert (
            response["Location"] == f"{address(source)}#proposal-{Proposal.objects.latest('pk').pk}"
        )
    assert [each.quotes for each in Proposal.objects.filter(source=source)] == [
        ["We call"],
        ["We call for sample action 2. It must be taken by sample 2."],
        ["sample action 3."],
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"quote": "We call for"}, "The quote occurs 40 times"),
        ({"quote": "No sample text"}, "The quote is not in the text"),
        ({"paragraph": "99"}, "There is no paragraph 99: the text has 40."),
        ({"paragraph": "x"}, "Paragraph: Enter a whole number. Nothing was saved."),
        ({}, "Select some words of the text first."),
        ({"start": 1, "end": 5}, "The text was corrected after you had opened this page."),
        ({"start": 5, "end": 1, "text": 1}, "There are no words of the text in this selection."),
    ],
)
def test_what_cannot_be_added_says_why_and_keeps_the_words(client, editor, source, data, why):
    response = client.post(address(source, "add/"), data)
    assert (
        response.status_code,
        why in words(response),
        data.get("quote", "") in words(response),
    ) == (409, True, True)
    assert (
        client.post(address(source, "add/"), data, headers={"X-In-Place": "1"}).status_code == 409
    )
    assert not Proposal.objects.exists()


# --- Two editors -----------------------------------------------------------


# --- All at once -----------------------------------------------------------


def marks(*proposals: Proposal) -> list[str]:
    """Return what a form names proposals by, as they now are."""
    return [f"{each.pk}:{Proposal.objects.get(pk=each.pk).revision}" for each in proposals]


def decide_all(client, source: Source, act: str, each: list[str]) -> str:
    """Send the form that decides on several, and return what the page then says."""
    answer = client.post(address(source, "all/"), {"act": act, "each": ",".join(each)}, follow=True)
    assert answer.redirect_chain == [(address(source), 302)]
    return words(answer)


def test_all_are_rejected_at_once_and_only_these_are_reopened(client, editor, source):
    first, second, third = (propose(source, n) for n in (1, 2, 3))
    decisions.reject("rosa", first, first.revision)
    page = words(client.get(address(source)))
    assert "Accept all 2 Reject all 2" in page
    assert "2 rejected at once. Undo" in decide_all(client, source, "reject", marks(second, third))
    assert set(source.proposals.values_list("decision", "written_by")) == {
        ("rejected", "rosa"),
        ("rejected", "editors"),
    }
    assert "Undo" not in decide_all(client, source, "reopen", marks(second, third))
    assert list(source.proposals.values_list("decision", flat=True)) == ["rejected", "open", "open"]
    assert Change.objects.filter(kind="proposal", who="editors", act="reopen").count() == 2


def test_undo_is_offered_until_one_of_them_is_changed(client, editor, source):
    first, second = propose(source, 1), propose(source, 2)
    assert "2 accepted at once. Undo" in decide_all(client, source, "accept", marks(first, second))
    assert "Undo" in words(client.get(address(source)))
    send(client, first, title="Another title")
    assert "Undo" not in words(client.get(address(source)))


def test_where_one_was_changed_meanwhile_none_is_decided_on(client, editor, source):
    first, second = propose(source, 1), propose(source, 2)
    seen = marks(first, second)
    decisions.reject("rosa", second, second.revision)
    assert "None was decided on. rosa changed it" in decide_all(client, source, "accept", seen)
    assert list(source.proposals.values_list("decision", flat=True)) == ["open", "rejected"]


@pytest.mark.parametrize("each", [[], ["1"], ["x:1"], ["٣:1"], ["9" * 30 + ":1"], ["999999:1"]])
def test_what_names_no_passage_decides_on_none(client, editor, source, each):
    propose(source)
    assert "None was decided on." in decide_all(client, source, "accept", each)
    assert source.proposals.get().decision == "open"


def test_more_passages_than_django_takes_fields_are_decided_on_at_once(client, editor):
    count = 1_100
    source = make_source("MANY-2020", text="".join(f"Sample number {n}.\n" for n in range(count)))
    spans = [[each.start, each.end] for each in positions.paragraphs(source.text)]
    Proposal.objects.bulk_create(
        Proposal(source=source, spans=[span], start=span[0], base_sha256=source.sha256)
        for span in spans
    )
    each = [f"{proposal.pk}:0" for proposal in source.proposals.all()]
    path = address(source, "all/")
    with CaptureQueriesContext(connection) as captured:
        client.post(path, {"act": "accept", "each": ",".join(each)})
    assert source.proposals.filter(decision="accepted", revision=1).count() == count
    assert Change.objects.filter(kind="proposal", act="accept").count() == count
    assert len(captured) < count + 50  # each is saved once, and asked for together


def test_accepting_all_refuses_two_that_share_words(client, editor, source):
    first, second = propose(source, 1), propose(source, 1)
    assert "None was decided on. It shares words with" in decide_all(
        client, source, "accept", marks(first, second)
    )
    assert set(source.proposals.values_list("decision", flat=True)) == {"open"}


def test_another_declarations_passages_are_not_decided_on(client, editor, source):
    other = make_source("OTHER-2020", text=TEXT)
    proposal = propose(other)
    assert "None was decided on." in decide_all(client, source, "accept", marks(proposal))
    assert other.proposals.get().decision == "open"


def test_deciding_on_all_is_for_editors(client, source):
    sign_in(client)
    proposal = propose(source)
    assert client.post(
        address(source, "all/"), {"act": "accept", "each": ",".join(marks(proposal))}
    ).status_code in (302, 403)
    assert source.proposals.get().decision == "open"


def test_the_second_editor_is_told_and_keeps_what_was_typed(client, editor, source):
    proposal = propose(source)
    decisions.reject("bert", proposal, 1)
    moment = Change.objects.latest("pk").moment
    response = send(client, proposal, "accept", revision=1, title="Typed by the second")
    assert response.status_code == 409
    assert f"bert changed it at {moment:%H:%M} UTC, after you had opened it." in words(response)
    assert "What you had typed, to copy: Title Typed by the second" in words(response)
    assert 'name="revision" value="2"' in response.content.decode()
    proposal.refresh_from_db()
    assert (proposal.title, proposal.decision) == ("Take sample action 1", "rejected")


@pytest.mark.parametrize("in_place", [False, True])
def test_a_passage_that_was_joined_away_is_gone_and_what_was_typed_is_not(
    client, editor, source, in_place
):
    first, second = propose(source), propose(source, 2)
    assert send(client, first, "join").status_code == 302
    data = {"revision": 1, "title": "Typed on the one that is gone"}
    headers = {"X-In-Place": "1"} if in_place else {}
    response = client.post(address(source, f"{second.pk}/"), data, headers=headers)
    assert response.status_code == 409
    assert "it was joined with the one before it" in words(response)
    assert "Typed on the one that is gone" in words(response)


# --- In place --------------------------------------------------------------


def test_typing_gets_state_and_revision_only(client, editor, source):
    proposal = propose(source)
    response = send(client, proposal, in_place=True, title="")
    assert (response.status_code, ids(response)) == (
        200,
        [f"state-{proposal.pk}", f"revision-{proposal.pk}"],
    )
    assert words(response) == "To decide · still needs a title"
    assert 'value="2"' in response.content.decode()


def test_an_act_gets_its_card_its_paragraphs_and_the_counts(client, editor, source):
    proposal = propose(source, 2)
    response = send(client, proposal, "accept", in_place=True)
    found = [each for each in ids(response) if each.startswith(("proposal", "p2", "counts", "p1"))]
    assert found == [f"proposal-{proposal.pk}", "p2", "counts"]
    assert "1 in all 0 to decide 1 accepted" in words(response)
    assert '<mark class="accepted">' in response.content.decode()


def test_an_act_that_changes_the_order_gets_text_and_list(client, editor, source):
    proposal = propose(source, 2)
    response = send(client, proposal, "split 75", in_place=True)
    found = [each for each in ids(response) if each in ("counts", "text", "list")]
    assert (response.status_code, found) == (200, ["counts", "text", "list"])


def test_an_added_passage_is_where_the_focus_goes(client, editor, source):
    response = client.post(address(source, "add/"), {"paragraph": 2}, headers={"X-In-Place": "1"})
    assert response["X-Focus"] == f"title-{Proposal.objects.get().pk}"


# --- Publishing ------------------------------------------------------------


def seen(client, source: Source) -> str:
    return client.get(address(source, "publish/")).context["seen"]


def test_all_accepted_are_published_with_one_button(client, publisher, source):
    propose(source, 2, decision=Decision.ACCEPTED)
    propose(source, 1, decision=Decision.ACCEPTED)
    data = {"reason": "Sample reason.", "seen": seen(client, source)}
    response = client.post(address(source, "publish/"), data, follow=True)
    assert response.redirect_chain == [(f"{address(source)}?show=published", 302)]
    assert "Published: SAMPLE-2020-1, SAMPLE-2020-2." in words(response)
    assert client.get("/SAMPLE-2020-1").status_code == 200
    again = client.post(address(source, "publish/"), data)
    assert again.status_code == 409
    assert "No accepted passage is waiting: somebody may just have published them." in words(again)
    assert source.recommendations.count() == 2


def test_what_keeps_them_from_being_published_is_said_before_and_after(
    client, publisher, source, settings
):
    settings.FOUR_EYES = True
    values = {"title": "", "themes": [], "written_by": "publishers"}
    propose(source, 1, decision=Decision.ACCEPTED, **values)
    response = client.get(address(source, "publish/"))
    problems = (
        "“We call for sample action 1.” lacks a title."
        " “We call for sample action 1.” was written last by publishers: this site asks for four"
        " eyes, so somebody else publishes it."
    )
    assert f"They cannot be published yet. {problems}" in words(response)
    data = {"reason": "Sample reason.", "seen": response.context["seen"]}
    response = client.post(address(source, "publish/"), data)
    assert (response.status_code, f"Nothing was published. {problems}" in words(response)) == (
        409,
        True,
    )
    response = client.post(address(source, "publish/"), data | {"reason": " "})
    assert (response.status_code, "This field is required." in words(response)) == (409, True)
    assert not source.recommendations.exists()


def test_a_published_passage_leads_to_its_entry(client, editor, source):
    entry = make_published(source, "We call for sample action 1.")
    propose(source, decision=Decision.ACCEPTED, entry=entry, published_at=entry.published_at)
    page = client.get(address(source)).content.decode()
    assert '<mark class="published"><a class="number" href="/SAMPLE-2020-1"' in page
    assert "Published as SAMPLE-2020-1" in words(client.get(address(source)))


# --- Hostile words, and size -----------------------------------------------


def test_hostile_words_are_shown_as_words(client, editor, source):
    proposal = propose(
        source, title=HOSTILE, summary=HOSTILE, tags=[HOSTILE], why=HOSTILE, written_by=HOSTILE
    )
    for response in (
        client.get(address(source)),
        send(client, proposal, "x", title=HOSTILE),
        send(client, proposal, revision=99),
    ):
        page = response.content.decode()
        assert "<script>x" not in page
        assert "<img" not in page
        assert "&lt;/textarea&gt;&lt;script&gt;" in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_as_many_queries_for_one_passage_as_for_thirty(
    client, editor, source, django_assert_num_queries, count
):
    for number in range(1, count + 1):
        propose(source, number)
    client.get(address(source))  # the first request of a session writes it
    with django_assert_num_queries(11):
        assert client.get(address(source)).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_an_act_in_place_takes_as_many_queries_for_one_passage_as_for_thirty(
    client, editor, source, django_assert_num_queries, count
):
    proposals = [propose(source, number) for number in range(1, count + 1)]
    client.get(address(source))
    data = {"revision": 1, "title": "Take sample action 1", "themes": "skills", "act": "accept"}
    with django_assert_num_queries(21):
        response = client.post(
            address(source, f"{proposals[0].pk}/"), data, headers={"X-In-Place": "1"}
        )
    assert response.status_code == 200
