"""Rules for French: a first step, not measured yet."""

from .language import Language, Patterns, Rule, Veto, listed

FRENCH = Language(
    code="fr",
    stemmer="french",
    asks=(
        Rule(
            "première personne",
            "asks",
            r"\bnous (?:\w+ment |également |aussi |donc )*(?P<cue>(?:appelons|demandons|invitons"
            r"|exhortons|encourageons|recommandons|préconisons|proposons|plaidons|prions|engageons"
            r"|souhaitons que))\b",
            r"\b(?P<cue>(?:appelle|appellent|demande|demandent|exhorte|exhortent|invite"
            r"|invitent) (?:les|le|la|l[’']|aux?|instamment))\b(?=.*\bà\b)",
            r"\b(?P<cue>il est (?:\w+ment )?(?:recommandé|demandé|proposé|préconisé|suggéré)"
            r" (?:de|que|d[’']))",
            r"\b(?P<cue>(?:propose|suggère|préconise|recommande|encourage|plaide|souhaite|réclame)"
            r"(?:nt)? (?:donc |également |aussi |notamment )?(?:de|d[’']|que|pour|l[eas’'])\b)",
        ),
    ),
    needs=(
        Rule(
            "devoir",
            "says what is to be done",
            r"\b(?P<cue>(?:doit|doivent|devrait|devraient|devons|devrions))\b",
            r"\b(?P<cue>il (?:faut|faudrait|convient de|importe de|importe que))\b",
            r"\b(?P<cue>(?:il )?est (?:\w+ment )?(?:essentiel|essentielle|crucial|cruciale"
            r"|indispensable|nécessaire|primordial|urgent|impératif|vital|vitale))\b",
            r"\b(?P<cue>(?:sont|reste|demeure|restent) (?:essentiels|essentielles|essentiel"
            r"|indispensables|indispensable|nécessaires|cruciaux))\b",
            r"\b(?P<cue>il est (?:grand )?temps (?:de|que))\b",
            r"^(?P<cue>cela (?:exige|suppose|nécessite))\b",
        ),
    ),
    vetoes=(
        Veto("question", r"\?\s*[\"”»)]*$", reach="sentence"),
        Veto(
            "remerciements",
            r"\b(?:la prochaine réunion|pour (?:plus|davantage) d[’']informations?|veuillez)\b",
            reach="sentence",
        ),
        Veto(
            "rapporté",
            r"\b(?:a déclaré|ont déclaré|selon|d[’']après|affirment|estiment)\b",
            reach="before",
            spares=("première personne",),
        ),
        Veto(
            "droit",
            r"^(?:en vertu|aux termes|conformément)\b",
            reach="sentence",
            spares=("première personne",),
        ),
        Veto(
            "relative",
            r"\b(?:qui|si|comment|pourquoi) (?:\w+ ){0,3}(?:doit|doivent|devrait|devraient)\b",
        ),
    ),
    lead_ins=Patterns(
        r"\b(?:recommandations|demandes|propositions|mesures suivantes|priorités)\b[^.]*:$"
    ),
    other_lead_ins=Patterns(r"\b(?:membres|signataires|comprennent|exemples|contacts?)\b[^.]*:$"),
    asking_headings=Patterns(
        r"\b(?:recommandations|(?:nos )?(?:demandes|propositions)|priorités|axes prioritaires)\b"
    ),
    other_headings=Patterns(r"\b(?:à propos|contacts?|contexte|annexe|signataires)\b"),
    actions=Rule(
        "action",
        "is an action",
        r"^(?P<cue>(?:ne pas |de |d[’'])?(?!pour\b|par\b|sur\b|hier\b"
        r"|premier\b)[a-zéèêàîôûç]{2,}(?:er|ir|dre|tre|ire))\b(?= (?:l[eau’']|les|un|une|des|du"
        r"|aux?|en|dans|sur|à)\b|\s\w)",
    ),
    follow_ups=Patterns(
        r"^(?:cela|ceci|celle-ci|celui-ci) (?:comprend|inclut|signifie|suppose|exige)\b"
    ),
    negation=Patterns(r"\bne\b|\bn[’']"),
    title_context=Patterns(r"\b(?:cette?|ces|cela|celles?|ceux|elles?|ils?|nous|nos|notre)\b"),
    titles=(
        (
            r"\b(?:propose|suggère|préconise|recommande|préconisé|recommandé|proposé|suggéré)"
            r"(?:nt)? (?:de |d[’'])(?P<do>\w+(?:er|ir|re)\b.*)",
            "{do}",
        ),
        (
            r"\b(?:appelons|appelle|appellent|invitons|exhortons|encourageons"
            r"|demandons)\b[^.;:]{2,140}? (?:à|de) (?P<do>\w+(?:er|ir|re)\b.*)",
            "{do}",
        ),
    ),
    addressing=(
        r"\b(?:appelons|invitons|exhortons|encourageons"
        r"|demandons(?: aux?)?) (?P<to>[^.;:]{2,100}?)(?= (?:à|de) )",
        r"(?:^|, )(?P<to>[^.;:,]{2,80}?) (?:doit|doivent|devrait|devraient)\b",
    ),
    same_actors=(
        "gouvernements|États|pays|pouvoirs publics|ministres",
        "entreprises|sociétés|secteur privé",
    ),
    empty_words=listed("""
    le la les un une des du de d l et ou à au aux en dans pour par sur avec sans que qui ce cette
    ces il elle nous vous ils leur leurs son sa ses notre nos est sont être plus ia intelligence
    artificielle numérique
"""),
    dangling=listed("et ou de du des la le les à au aux en pour par sur avec que qui"),
    abbreviations=listed("m mm mme dr p.ex cf st ste env"),
    number_abbreviations=listed("n no art p pp al"),
)
