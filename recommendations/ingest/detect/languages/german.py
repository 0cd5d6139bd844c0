"""Rules for German: a first step, not measured yet."""

from .language import Language, Patterns, Rule, Veto, listed

GERMAN = Language(
    code="de",
    stemmer="german",
    asks=(
        Rule(
            "erste Person",
            "asks",
            r"\b(?P<cue>(?:fordern|bitten|empfehlen|ermutigen|ersuchen|appellieren|drängen|rufen"
            r"|regen|plädieren|verlangen)) wir\b",
            r"\bwir (?P<cue>(?:fordern|bitten|empfehlen|ermutigen|ersuchen|appellieren|drängen"
            r"|rufen|regen|plädieren|verlangen|schlagen vor|wünschen uns))\b",
            r"\bwir schlagen\b.*\b(?P<cue>vor)\b",
            r"\b(?P<cue>(?:fordert|empfiehlt|appelliert|ruft|ersucht))\b(?=.*\b(?:auf|zu|an|dass"
            r"|,)\b)",
            r"\b(?P<cue>(?:wird|werden) (?:\w+ ){0,6}(?:aufgefordert|gebeten|ersucht|ermutigt))\b",
        ),
    ),
    needs=(
        Rule(
            "sollen",
            "says what is to be done",
            r"\b(?P<cue>(?:muss|müssen|sollte|sollten|soll|sollen))\b",
            r"\b(?P<cue>(?:ist|sind|bleibt|bleiben) (?:\w+ ){0,5}?(?:entscheidend|unerlässlich"
            r"|notwendig|erforderlich|unverzichtbar|dringend|zwingend|geboten|nötig))\b",
            r"\b(?P<cue>es (?:braucht|bedarf|gilt)|es ist (?:an der )?zeit)\b",
            r"^(?P<cue>dies (?:erfordert|setzt voraus|verlangt))\b",
            r"\b(?P<cue>darf|dürfen) (?:nicht|nie|kein\w*)\b",
        ),
    ),
    vetoes=(
        Veto("Frage", r"\?[\"“”«)]*$", reach="sentence"),
        Veto(
            "Organisation",
            r"\b(?:die nächste sitzung|für (?:weitere|rückfragen)|bitte (?:wenden|beachten"
            r"|senden))\b",
            reach="sentence",
        ),
        Veto(
            "Bericht",
            r"\b(?:laut|zufolge|sagte|sagten|erklärte|erklärten|meinte)\b",
            reach="before",
            spares=("erste Person",),
        ),
        Veto(
            "Recht",
            r"^(?:nach|gemäß|laut) (?:\w+ ){0,3}(?:gesetz|richtlinie|verordnung|artikel|§)",
            reach="sentence",
            spares=("erste Person",),
        ),
        Veto(
            "Nebensatz",
            r"\b(?:ob|wie|warum|falls)\b[^,;]{0,60}\b(?:muss|müssen|sollte|sollten|soll|sollen)\b",
        ),
    ),
    lead_ins=Patterns(r"\b(?:empfehlungen|forderungen|maßnahmen|prioritäten|vorschläge)\b[^.]*:$"),
    other_lead_ins=Patterns(r"\b(?:mitglieder|unterzeichner|beispiele|kontakt)\b[^.]*:$"),
    asking_headings=Patterns(r"\b(?:empfehlungen|forderungen|handlungsempfehlungen)\b"),
    other_headings=Patterns(r"\b(?:über uns|kontakt|hintergrund|anhang|unterzeichner)\b"),
    actions=Rule(
        "action",
        "is an action",
        r"\b(?P<cue>(?:zu \w+en|\w+zu\w+en|\w{3,}(?:en|ern|eln)))[.;,]?(?: und)?$",
    ),
    follow_ups=Patterns(
        r"^(?:dies|das|dazu|hierzu) (?:umfasst|bedeutet|gehört|gehören|erfordert)\b"
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
    empty_words=listed("""
    der die das den dem des ein eine einen einem einer und oder in im an am auf zu zum zur von vom
    für mit ohne bei nach aus um als wie dass ist sind wird werden wir sie es sich nicht ki
    künstliche intelligenz digital digitale
"""),
    dangling=listed(
        "und oder der die das den dem des ein eine in im an auf zu von für mit bei als"
    ),
    abbreviations=listed("z.b d.h u.a bzw ca dr prof hr fr vgl inkl sog"),
    number_abbreviations=listed("nr art abs s"),
)
