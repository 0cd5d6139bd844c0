"""What a correction left behind: never published anew, saved as it is, and every format says where
it stands.
"""

import tomllib
from dataclasses import replace
from io import BytesIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from docx import Document
from factories import changed, make_many, make_published, make_source, republish, withdrawn
from markdown_it import MarkdownIt
from test_correcting import BREAD, ROSES, TEXT, corrected
from test_editing import change_url, errors, filled_form, sign_in

from recommendations.editorial import bundle, integrity
from recommendations.formats import share
from recommendations.formats.social_card import drawing as socialcard
from recommendations.models import Citation, FormerText, Recommendation, Source
from recommendations.search import facets, indexing

pytestmark = pytest.mark.django_db
LOAVES = TEXT.replace("bread", "loaves")
PLACE = "/SAMPLE-2020/t/1"


@pytest.fixture
def source():
    return make_source(text=TEXT)


@pytest.fixture
def orphan(source) -> Recommendation:
    """A published entry whose words the corrected text no longer holds."""
    entry = make_published(source, BREAD)
    corrected(source, LOAVES)
    return Recommendation.objects.get(pk=entry.pk)


def save(client, entry: Recommendation, **changes):
    """Send the form of a published entry, to be published at once."""
    data = filled_form(client, change_url(entry), reason="Sample reason.", **changes)
    return client.post(change_url(entry), data)


# --- At the desk ---


def test_an_entry_that_readers_know_gets_its_next_version_nevertheless(orphan):
    assert republish(orphan, "Sample reason.").number == 3


def test_a_title_is_changed_without_mending_the_words(client, source):
    entry = make_published(source, BREAD)
    corrected(source, LOAVES)
    sign_in(client, "Publishers")
    response = save(client, entry, title="Take another sample action")
    assert response.status_code == 302, errors(response)
    entry.refresh_from_db()
    [passage] = entry.passages
    assert entry.title == "Take another sample action"
    assert (passage.quote, passage.text_number, passage.is_orphan) == (BREAD, 1, True)
    assert integrity.prove().failures == []


def test_words_left_behind_over_two_lines_survive_the_line_ends_of_a_browser(client):
    source = make_source(text="We call for\nsample bread. The end.\n")
    entry = make_published(source, "We call for\nsample bread. ")
    corrected(source, "The end.\n")
    sign_in(client, "Publishers")
    quote = "We call for\r\nsample bread. "
    response = save(client, entry, title="Take another sample action", **{"quotes-0-quote": quote})
    assert response.status_code == 302, errors(response)
    assert entry.citations.get().quote == "We call for\nsample bread. "


def test_words_that_can_be_found_again_are_anchored_by_saving(client):
    source = make_source(text="We ask. They say. We ask.\n")
    entry = make_published(source, "They say.")
    changed(entry, passages=[(0, 7, 1)])
    corrected(source, "They say. Now: We ask.\n")
    assert entry.citations.get().is_orphan
    sign_in(client, "Publishers")
    assert save(client, entry).status_code == 302
    passage = entry.citations.get()
    assert (passage.text_number, passage.start, passage.is_orphan) == (2, 15, False)
    assert entry.versions.count() == 4


def test_words_that_stand_nowhere_do_not_mend_an_orphan(client, orphan):
    sign_in(client, "Publishers")
    response = save(client, orphan, **{"quotes-0-quote": "We call for sample cake."})
    assert "The nearest passage is" in errors(response)
    page = reverse("admin:recommendations_recommendation_change", args=[orphan.pk])
    assert "(of a former text)" in client.get(page).content.decode()


# --- For readers ---


def test_json_says_which_text_the_offsets_of_a_passage_refer_to(client, orphan, source):
    before = FormerText.objects.get().sha256
    [passage] = client.get("/SAMPLE-2020-1.json").json()["passages"]
    assert (passage["text"], passage["text_sha256"], passage["start"]) == (
        1,
        before,
        TEXT.index(BREAD),
    )
    [item] = client.get("/recommendations.json?source=SAMPLE-2020").json()["items"]
    assert item["passages"] == [passage]
    assert item["source"]["sha256"] == source.sha256 != before
    [place] = client.get("/SAMPLE-2020.json").json()["recommendations"]
    assert place["passages"] == [passage]


def test_json_of_a_quote_in_the_present_text_names_that(client, source):
    make_published(source, ROSES)
    corrected(source, LOAVES)
    [passage] = client.get("/SAMPLE-2020-1.json").json()["passages"]
    assert (passage["text"], passage["text_sha256"]) == (2, source.sha256)


def test_a_frame_and_a_briefing_lead_to_the_former_text(client, orphan):
    said = f'From a <a href="{PLACE}"'
    assert said in client.get("/SAMPLE-2020-1/embed").content.decode()
    assert said in client.get("/briefing?codes=SAMPLE-2020-1").content.decode()
    assert "former text" not in client.get("/PARIS-2025-4/embed").content.decode()
    assert "former text" not in client.get("/briefing?codes=PARIS-2025-4").content.decode()
    assert client.get(PLACE).status_code == 200


def test_documents_of_a_briefing_name_the_former_text(client, settings, orphan):
    said = "From a former text, corrected since: "
    markdown = client.get("/briefing.md?codes=SAMPLE-2020-1").content.decode()
    assert f'{said}<a href="{settings.SITE_URL}{PLACE}">' in MarkdownIt().render(markdown)
    assert f"{said}{settings.SITE_URL}{PLACE}" in paragraphs(client, "SAMPLE-2020-1")
    assert "former text" not in client.get("/briefing.md?codes=PARIS-2025-4").content.decode()
    assert "former text" not in " ".join(paragraphs(client, "PARIS-2025-4"))


def paragraphs(client, code: str) -> list[str]:
    """Return the paragraphs of a briefing as a document."""
    document = Document(BytesIO(client.get(f"/briefing.docx?codes={code}").content))
    return [paragraph.text for paragraph in document.paragraphs]


def test_a_social_card_says_that_the_words_are_of_a_former_text(orphan):
    card = share.card(orphan)
    assert card.remark == "From a former text"
    assert socialcard.draw(card) != socialcard.draw(replace(card, remark=""))
    assert share.card(Recommendation.objects.get(code="PARIS-2025-4")).remark == ""


def test_the_page_of_a_withdrawn_entry_is_true_of_a_corrected_declaration(client, orphan):
    withdrawn(orphan, "Sample reason.")
    page = client.get("/SAMPLE-2020-1").content.decode()
    assert "Its withdrawal changes nothing in the declaration." in page
    assert "has not changed" not in page


# --- What it costs ---

LISTS = [
    ("/recommendations/?source=MANY-2021", 9),
    ("/recommendations.json?source=MANY-2021", 9),
    ("/recommendations.csv?source=MANY-2021", 6),
    ("/recommendations.atom?source=MANY-2021", 9),
    ("/MANY-2021.json", 5),
    ("/MANY-2021-1/embed", 5),
    ("/themes/skills", 11),
    ("/briefing?codes={codes}", 10),
]


@pytest.mark.parametrize("are_orphans", [False, True])
@pytest.mark.parametrize("count", [1, 30])
def test_a_list_takes_as_many_queries_for_orphans_as_for_others(
    client, django_assert_num_queries, count, are_orphans
):
    entries = make_many(count)
    source = entries[0].source
    corrected(
        source, source.text.replace("alpha", "beta") if are_orphans else f"New. {source.text}"
    )
    assert Citation.objects.orphans().count() == (count if are_orphans else 0)
    facets.current()
    for path, queries in LISTS:
        address = path.format(codes=",".join(entry.code for entry in entries))
        with django_assert_num_queries(queries, info=path):
            response = client.get(address)
            assert response.status_code == 200
            b"".join(response)


def test_the_search_is_brought_up_to_date_in_parts(django_assert_num_queries, monkeypatch):
    source = make_many(30)[0].source
    corrected(source, source.text.replace("alpha", "beta"))
    entries = Recommendation.objects.filter(source=source)
    with django_assert_num_queries(12):
        indexing.index_again(entries)
    monkeypatch.setattr("recommendations.search.indexing.CHUNK", 10)
    with django_assert_num_queries(28):  # eight more for each ten entries more
        indexing.index_again(entries)


# --- A declaration's folder ---


@pytest.mark.both_databases
def test_a_folder_names_a_withdrawn_entry_that_it_cannot_prove(orphan, source, tmp_path, capsys):
    kept = make_published(source, ROSES)
    withdrawn(orphan, "Sample reason.")
    call_command("exportdeclaration", "SAMPLE-2020", str(tmp_path))
    assert "Named, but not in the folder: SAMPLE-2020-1" in capsys.readouterr().out
    data = tomllib.loads((tmp_path / "declaration.toml").read_text())
    assert [item["number"] for item in data["recommendations"]] == [kept.number]
    assert data["left_out"] == [{"number": 1, "title": "Take sample action"}]
    report = bundle.load(tmp_path)
    assert (report.created, report.overwritten) == ([], [])
    assert report.kept == ["SAMPLE-2020-1: Take sample action (not in the folder)"]


@pytest.mark.both_databases
def test_a_number_that_a_folder_leaves_out_is_never_given_again(orphan, source, tmp_path):
    other = make_published(source, ROSES)
    gone = make_published(source, "It feeds.")
    withdrawn(gone, "Sample reason.", orphan)
    withdrawn(orphan, "Sample reason.")
    bundle.export(source, tmp_path)
    data = tmp_path / "declaration.toml"
    data.write_text(
        data.read_text()
        .replace("SAMPLE-2020", "ELSEWHERE-2020")
        .replace("{ number = 1,", "{ number = 9,")
    )
    data.write_text(data.read_text().replace("replaced_by = 1\n", "replaced_by = 9\n"))
    bundle.load(tmp_path)
    loaded = Source.objects.get(code="ELSEWHERE-2020")
    assert [entry.number for entry in loaded.recommendations(manager="with_withdrawn").all()] == [
        other.number,
        gone.number,
    ]
    assert loaded.numbers_given == 9
    assert loaded.recommendations(manager="with_withdrawn").get(number=3).replaced_by is None
    assert integrity.prove().failures == []
