"""The Paris folder: complete, word for word, and the same bytes when it comes back."""

import re
import shutil
import tomllib
from io import StringIO

import pytest
import tomli_w
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from recommendations.editorial import bundle
from recommendations.models import Recommendation, Source, Theme, Version

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PARIS = settings.BASE_DIR / "fixtures" / "paris-2025"
ASKS = re.compile(
    r"\b(calls? for|urge|encourage|recommend|must|should|need to|needs to|the need|essential"
    r"|is crucial|requires)\b"
)


@pytest.fixture
def folder(tmp_path):
    """A copy of the Paris folder to spoil."""
    return shutil.copytree(PARIS, tmp_path / "paris")


def spoil(folder, old: str, new: str) -> None:
    data = folder / "declaration.toml"
    text = data.read_text()
    assert old in text
    data.write_text(text.replace(old, new, 1))


def test_every_sentence_that_asks_is_part_of_a_recommendation():
    source = Source.objects.get(code="PARIS-2025")
    spans = [(p.start, p.end) for entry in source.recommendations.all() for p in entry.passages]
    sentences = list(re.finditer(r"[A-Z][^\n]*?\.(?=\s)", source.text))
    asking = [found for found in sentences if ASKS.search(found[0])]
    missing = [s[0] for s in asking if not any(a <= s.start() and s.end() <= b for a, b in spans)]
    assert missing == []
    assert len(asking) == 11


def test_the_fixture_is_what_the_contract_says():
    entries = Recommendation.objects.filter(source__code="PARIS-2025")
    assert [entry.code for entry in entries] == [f"PARIS-2025-{number}" for number in range(1, 11)]
    for entry in entries.with_parts():
        assert (
            entry.passages[0].quote
            == entry.source.text[entry.passages[0].start : entry.passages[0].end]
        )
        assert 2 <= len(entry.tags.all()) <= 5
        assert entry.themes.all()
        assert entry.addressees.exists()
    assert [theme.slug for theme in Theme.objects.all()] == [
        "smes",
        "skills",
        "infrastructure-security",
        "hiroshima-process",
        "standards",
    ]
    works = Source.objects.filter(citations__role="refers to").distinct()
    assert {work.code for work in works} == {
        "G7-AI-ADOPTION-2024",
        "HIROSHIMA-CODE-2023",
        "OECD-AI-PRINCIPLES-2019",
    }


def test_the_text_is_the_published_one_without_furniture():
    text = (PARIS / "declaration.txt").read_text()
    assert text.startswith("On the occasion of the AI Action Summit")
    assert text.endswith("reinforcing ethical AI practices worldwide.\n")
    for furniture in ("cookies", "Read the full document", "Joël", "22 Oct 2024"):
        assert furniture not in text


def test_the_footnote_signs_are_where_they_stand_glued_to_words():
    source = Source.objects.get(code="PARIS-2025")
    assert [source.text[start - 6 : end] for start, end in source.signs] == [" TECH71", "ations2"]


def test_exporting_gives_the_same_folder_back(tmp_path):
    call_command("exportdeclaration", "paris-2025", str(tmp_path), verbosity=0)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.name for path in PARIS.iterdir()
    )
    for path in PARIS.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_loading_again_changes_nothing():
    before = list(Recommendation.objects.values_list("code", "versions__number"))
    report = bundle.load(PARIS)
    assert (report.created, report.kept, report.overwritten) == ([], [], [])
    assert len(report.unchanged) == 29
    assert list(Recommendation.objects.values_list("code", "versions__number")) == before


def test_what_an_editor_changed_is_kept_and_named():
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    entry.title = "A sample title of an editor"
    entry.save()
    report = bundle.load(PARIS)
    assert report.kept == ["PARIS-2025-4: A sample title of an editor (title)"]
    entry.refresh_from_db()
    assert entry.title == "A sample title of an editor"


def test_overwriting_is_asked_for_and_makes_a_version(folder):
    spoil(
        folder,
        "Prioritise digital fluency and workforce development",
        "A sample title of the folder",
    )
    report = bundle.load(folder, overwrite=True)
    assert report.overwritten == [
        "PARIS-2025-4: Prioritise digital fluency and workforce development"
    ]
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    assert entry.title == "A sample title of the folder"
    assert [version.number for version in entry.versions.all()] == [1, 2]


def test_overwriting_data_of_the_declaration_makes_a_version_of_each_entry(folder):
    spoil(folder, "issued_on = 2025-02-07", "issued_on = 2025-02-08")
    spoil(folder, 'label = "SMEs & AI adoption"', 'label = "Sample label"')
    spoil(folder, '    "MSMEs",\n', "")
    report = bundle.load(folder, overwrite=True)
    assert [name.partition(":")[0] for name in report.overwritten] == [
        "SMEs & AI adoption",
        "PARIS-2025",
    ]
    assert Source.objects.get(code="PARIS-2025").issued_on.isoformat() == "2025-02-08"
    assert "MSMEs" not in Theme.objects.get(slug="smes").names
    assert Version.objects.filter(number=2).count() == 10
    assert bundle.load(folder).kept == []


def test_a_quote_may_be_exchanged_by_overwriting(folder):
    spoil(
        folder, "We call for prioritising digital fluency", "call for prioritising digital fluency"
    )
    bundle.load(folder, overwrite=True)
    entry = Recommendation.objects.get(code="PARIS-2025-4")
    assert entry.quote.startswith("call for prioritising")
    assert len(entry.passages) == 1


def test_a_quote_may_be_shortened_by_overwriting(folder):
    spoil(folder, " and specialised AI education.", "")
    bundle.load(folder, overwrite=True)
    [passage] = Recommendation.objects.get(code="PARIS-2025-4").passages
    assert passage.quote.endswith("professional training programs")
    assert passage.source.text[passage.start : passage.end] == passage.quote


@pytest.mark.parametrize(
    "quotes", [[], ["We call for prioritising", "We call for prioritising digital"]]
)
def test_quotes_that_an_entry_cannot_have_are_refused(folder, quotes):
    data = tomllib.loads((folder / "declaration.toml").read_text())
    next(entry for entry in data["recommendations"] if entry["number"] == 4)["quotes"] = quotes
    (folder / "declaration.toml").write_text(tomli_w.dumps(data))
    with pytest.raises(bundle.BundleError, match="recommendation 4"), transaction.atomic():
        bundle.load(folder, overwrite=True)
    assert Recommendation.objects.get(code="PARIS-2025-4").versions.count() == 1


def test_a_folder_without_a_text_is_refused(folder):
    (folder / "declaration.txt").write_text("\n")
    with pytest.raises(bundle.BundleError, match=r"declaration\.txt is empty"):
        bundle.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "These efforts should focus",
            "These efforts must focus",
            "The nearest passage is: “These efforts should focus",
        ),
        ('"This requires strong', '"The TECH7", "This requires strong', "occurs 3 times"),
        (
            'number = 6\ntitle = "Teach',
            'number = 6\ntitel = "x"\ntitle = "Teach',
            "unknown key titel",
        ),
        (
            'title = "Teach broader competencies as well as technical skills"\n',
            "",
            "title is missing",
        ),
        ("number = 6\n", 'number = "six"\n', "number must be of kind <class 'int'>"),
        ('"Workplace"', "7", "tags must be of kind list[str]"),
        ('{ start = 1252, sign = "1" }', '{ start = 1251, sign = "1" }', "does not stand at 1251"),
        ('sign = "circle"', 'sign = "blob"', "blob"),
        ("[[recommendations]]", "[[recommendations", "declaration"),
        ('    "like-minded-nations",\n', '    "nobody-described",\n', "there is no organisation"),
        ("number = 6\n", "number = 5\n", "recommendations 6: number 5 is there already"),
        ('slug = "oecd"', 'slug = "g7"', "slug g7 is there already"),
        (
            "number = 6\n",
            'number = 6\nwithdrawn = { reason = "Sample.", replaced_by = 99 }\n',
            "recommendation 6: there is no recommendation 99 to replace it",
        ),
    ],
)
def test_a_bad_folder_is_refused_whole_and_says_why(folder, old, new, message):
    data = folder / "declaration.toml"
    data.write_text(data.read_text().replace("PARIS-2025", "SPOILT-2025"))
    spoil(folder, old, new)
    with pytest.raises(bundle.BundleError, match=re.escape(message)):
        bundle.load(folder, overwrite=True)
    assert not Source.objects.filter(code="SPOILT-2025").exists()


def test_a_changed_text_is_refused(folder):
    (folder / "declaration.txt").write_text(
        (folder / "declaration.txt").read_text().replace("talent", "skill")
    )
    with pytest.raises(bundle.BundleError, match="a stored text never changes"):
        bundle.load(folder, overwrite=True)


def test_a_missing_folder_is_one_line():
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("loaddeclaration", "no-such-folder")


def test_verifyquotes_says_how_much_it_proved():
    out = StringIO()
    call_command("verifyquotes", stdout=out)
    assert out.getvalue() == (
        "1 texts, 0 former texts, 10 quotes, 0 of them orphans, 10 versions checked; 0 failures.\n"
    )
