"""What a site holds for the trials that ask it: enough that filters differ, and one of each thing
that ended.

Beside the sample declaration there is a made-up corpus, entries that were withdrawn, a
proposal, a tag that no entry has any more, a theme that was renamed and one that was retired.
"""

from datetime import date

from .addresses import part
from .publishing import factories, retire
from .server import model

CODE = "TRIAL-2024"
STANDING, REPLACED, WITHDRAWN = (f"{CODE}-{number}" for number in range(1, 4))
RENAMED, NOW, RETIRED = "sample-renamed", "sample-new-name", "sample-retired"
FORMER = (RENAMED, RETIRED)
LAPSED = "sample-lapsed"  # a tag
QUOTES = [f"We call for sample action {number} of this trial." for number in range(1, 5)]


def furnish(size: int = 40) -> None:
    """Make it all, as editors would have; `size` is that of the corpus in entries."""
    part("editorial.sample_corpus.make")(size, 1)
    made = factories()
    named = {"title": "Sample of the trial", "short_title": "Sample", "issued_on": date(2024, 5, 6)}
    source = made.make_source(CODE, "\n\n".join(QUOTES), **named)
    themes = {slug: theme(slug, at) for at, slug in enumerate((RENAMED, RETIRED), start=90)}
    said = {"themes": [*themes, "skills"], "tags": ["Sample lapsed"]}
    entries = [
        made.make_published(source, quote, title=f"Sample: {quote[12:28]}", **said)
        for quote in QUOTES[:3]
    ]
    made.make_proposal(source, QUOTES[3], **said)
    made.changed(entries[0], tags=[])
    made.withdrawn(entries[1], by=entries[0])
    made.withdrawn(entries[2])
    made.renamed(themes[RENAMED], slug=NOW, label="Sample of a new name")
    retire(themes[RETIRED])


def theme(slug: str, position: int):
    """Make a theme."""
    words = {"label": slug.replace("-", " ").capitalize(), "definition": "Sample definition."}
    return model("Theme").objects.create(slug=slug, position=position, **words)
