"""Rules for German: a first step, not measured yet."""

# ruff: noqa: E501 - a pattern is read on one line

from .language import Language, Rule, Veto, listed

GERMAN = Language(
    code="de",
    stemmer="german",
    asks=(
        Rule(
            "erste Person",
            "asks",
            (
                r"\b(?P<cue>(?:fordern|bitten|empfehlen|ermutigen|ersuchen|appellieren|drängen"
                r"|rufen|regen|plädieren|verlangen)) wir\b",
                r"\bwir (?P<cue>(?:fordern|bitten|empfehlen|ermutigen|ersuchen|appellieren|drängen"
                r"|rufen|regen|plädieren|verlangen|schlagen vor|wünschen uns))\b",
                r"\bwir schlagen\b.*\b(?P<cue>vor)\b",
                r"\b(?P<cue>(?:fordert|empfiehlt|appelliert|ruft|ersucht))\b(?=.*\b(?:auf|zu|an"
                r"|dass|,)\b)",
                r"\b(?P<cue>(?:wird|werden) (?:\w+ ){0,6}(?:aufgefordert|gebeten|ersucht"
                r"|ermutigt))\b",
            ),
        ),
    ),
    needs=(
        Rule(
            "sollen",
            "says what is to be done",
            (
                r"\b(?P<cue>(?:muss|müssen|sollte|sollten|soll|sollen))\b",
                r"\b(?P<cue>(?:ist|sind|bleibt|bleiben) (?:\w+ ){0,5}?(?:entscheidend|unerlässlich"
                r"|notwendig|erforderlich|unverzichtbar|dringend|zwingend|geboten|nötig))\b",
                r"\b(?P<cue>es (?:braucht|bedarf|gilt)|es ist (?:an der )?zeit)\b",
                r"^(?P<cue>dies (?:erfordert|setzt voraus|verlangt))\b",
                r"\b(?P<cue>darf|dürfen) (?:nicht|nie|kein\w*)\b",
            ),
        ),
    ),
    vetoes=(
        Veto("Frage", "a question", (r"\?[\"“”«)]*$",), "sentence"),
        Veto(
            "Organisation",
            "thanks or organisation",
            (
                r"\b(?:die nächste sitzung|für (?:weitere|rückfragen)|bitte (?:wenden|beachten"
                r"|senden))\b",
            ),
            "sentence",
        ),
        Veto(
            "Bericht",
            "what others said",
            (r"\b(?:laut|zufolge|sagte|sagten|erklärte|erklärten|meinte)\b",),
            "before",
            frozenset({"erste Person"}),
        ),
        Veto(
            "Recht",
            "what the law says already",
            (r"^(?:nach|gemäß|laut) (?:\w+ ){0,3}(?:gesetz|richtlinie|verordnung|artikel|§)",),
            "sentence",
            frozenset({"erste Person"}),
        ),
        Veto(
            "Nebensatz",
            "in a clause that does not ask",
            (
                r"\b(?:ob|wie|warum|falls)\b[^,;]{0,60}\b(?:muss|müssen|sollte|sollten|soll"
                r"|sollen)\b",
            ),
        ),
    ),
    lead_ins=Rule(
        "lead-in",
        "introduces what is asked",
        (r"\b(?:empfehlungen|forderungen|maßnahmen|prioritäten|vorschläge)\b[^.]*:$",),
    ),
    other_lead_ins=Rule(
        "other list",
        "introduces something else",
        (r"\b(?:mitglieder|unterzeichner|beispiele|kontakt)\b[^.]*:$",),
    ),
    asking_headings=Rule(
        "heading",
        "heads what is asked",
        (r"\b(?:empfehlungen|forderungen|handlungsempfehlungen)\b",),
    ),
    other_headings=Rule(
        "other heading",
        "heads something else",
        (r"\b(?:über uns|kontakt|hintergrund|anhang|unterzeichner)\b",),
    ),
    actions=Rule(
        "action",
        "is an action",
        (r"\b(?P<cue>(?:zu \w+en|\w+zu\w+en|\w{3,}(?:en|ern|eln)))[.;,]?(?: und)?$",),
    ),
    follow_ups=Rule(
        "follow-up",
        "goes on",
        (r"^(?:dies|das|dazu|hierzu) (?:umfasst|bedeutet|gehört|gehören|erfordert)\b",),
    ),
    addressing=(
        r"\b(?:fordern|bitten|ermutigen|ersuchen|rufen)(?: wir)? (?P<to>[^.;:,]{2,90}?)(?= auf\b"
        r"|,)",
        r"(?:^|, )(?P<to>[^.;:,]{2,80}?) (?:muss|müssen|sollte|sollten|soll|sollen)\b",
    ),
    same_actors=(
        "Regierungen|Staaten|Länder|Politik|Minister",
        "Unternehmen|Firmen|Wirtschaft|Privatwirtschaft",
    ),
    empty_words=frozenset(
        listed(
            """der die das den dem des ein eine einen einem einer und oder in im an am auf zu zum zur von vom für mit ohne
    bei nach aus um als wie dass ist sind wird werden wir sie es sich nicht ki künstliche intelligenz digital
    digitale"""
        )
    ),
    dangling=frozenset(
        listed("""und oder der die das den dem des ein eine in im an auf zu von für mit bei als""")
    ),
    abbreviations=frozenset(listed("z.b d.h u.a bzw ca dr prof hr fr vgl inkl sog")),
    number_abbreviations=frozenset(listed("nr art abs s")),
)
