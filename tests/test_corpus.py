"""The made-up corpus is the same each time, says that it is a sample, and passes every proof."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from recommendations.editorial import integrity, sample_corpus
from recommendations.models import Recommendation, Source

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_same_seed_makes_the_same_corpus():
    assert list(sample_corpus.declarations(60, 7)) == list(sample_corpus.declarations(60, 7))
    assert list(sample_corpus.declarations(60, 7)) != list(sample_corpus.declarations(60, 8))


def test_it_has_the_size_asked_for_and_verifies():
    call_command("makecorpus", size=150, verbosity=0)
    made = Recommendation.objects.filter(source__code__startswith="SAMPLE-")
    assert made.count() == 150
    assert integrity.prove().failures == []
    assert integrity.prove().versions == 160


def test_everything_in_it_says_that_it_is_a_sample():
    call_command("makecorpus", size=30, verbosity=0)
    for source in Source.objects.filter(code__startswith="SAMPLE-"):
        assert source.title.startswith("Sample declaration")
        assert source.text.startswith("This is sample text")
    for entry in Recommendation.objects.filter(source__code__startswith="SAMPLE-").with_parts():
        assert entry.title.startswith("Sample ")
        assert "(sample " in entry.quote


def test_its_versions_and_search_are_what_publishing_makes():
    call_command("makecorpus", size=5, verbosity=0)
    entry = Recommendation.objects.with_parts().filter(source__code__startswith="SAMPLE-").first()
    assert entry.versions.get().snapshot == entry.snapshot()


def test_it_is_not_made_twice():
    call_command("makecorpus", size=5, verbosity=0)
    with pytest.raises(CommandError, match="already"):
        call_command("makecorpus", size=5, verbosity=0)
    with pytest.raises(CommandError, match="1 or more"):
        call_command("makecorpus", size=0)


def test_without_tables_it_says_what_to_do(tmp_path):
    environment = {"SECRET_KEY": "sample-key", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "makecorpus", "--size", "5"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True)
    assert done.returncode == 1
    assert done.stderr.decode().endswith("no tables yet: run ./kb manage prepare.\n")
