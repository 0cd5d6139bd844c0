"""What a site holds for the trials that ask it: enough that filters differ, and one of each thing
that ended.

Beside the sample declaration there is a made-up corpus, entries that were withdrawn, a draft, a tag
that no entry has any more, a theme that was renamed and one that was retired.
"""

from datetime import date

from .addresses import part
from .server import model

CODE = "TRIAL-2024"
STANDING, REPLACED, WITHDRAWN, DRAFT = (f"{CODE}-{number}" for number in range(1, 5))
RENAMED, NOW, RETIRED = "sample-renamed", "sample-new-name", "sample-retired"
FORMER = (RENAMED, RETIRED)
LAPSED = "sample-lapsed"  # a tag
QUOTES = [f"We call for sample action {number} of this trial." for number in range(1, 5)]
WHO, WHY = "Sample person", "Sample reason."


def furnish(size: int = 40) -> None:
    """Make it all, as editors would have; `size` is that of the corpus in entries."""
    part("editorial.sample_corpus.make")(size, 1)
    named = {"title": "Sample of the trial", "short_title": "Sample", "issued_on": date(2024, 5, 6)}
    source = model("Source").objects.create(code=CODE, text="\n\n".join(QUOTES), **named)
    source.issuers.add(model("Actor").objects.get(slug="tech7"))
    themes = {slug: theme(slug, at) for at, slug in enumerate((RENAMED, RETIRED), start=90)}
    entries = [entry(source, quote, [*themes.values()]) for quote in QUOTES]
    entries[0].tags.add("Sample lapsed")
    for each in entries[:3]:
        each.publish(WHY)
    entries[0].tags.clear()
    entries[0].publish(WHY)
    entries[1].withdraw(WHY, entries[0])
    entries[2].withdraw(WHY)
    part("editorial.themes.rename")(WHO, themes[RENAMED], NOW, "Sample of a new name", WHY)
    part("editorial.themes.retire")(WHO, themes[RETIRED], WHY)


def theme(slug: str, position: int):
    """Make a theme."""
    words = {"label": slug.replace("-", " ").capitalize(), "definition": "Sample definition."}
    return model("Theme").objects.create(slug=slug, position=position, **words)


def entry(source, quote: str, themes: list):
    """Make a draft of some words."""
    made = model("Recommendation").objects.create(source=source, title=f"Sample: {quote[12:28]}")
    passage = model("Citation")(recommendation=made, source=source, role="states")
    passage.anchor(quote)
    passage.save()
    made.themes.set([*themes, model("Theme").objects.get(slug="skills")])
    return made
