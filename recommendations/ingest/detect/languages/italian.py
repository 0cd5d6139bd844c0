"""Rules for Italian: a first step, not measured yet."""

from .language import Language, Patterns, Rule, Veto, listed

ITALIAN = Language(
    code="it",
    stemmer="italian",
    asks=(
        Rule(
            "prima persona",
            "asks",
            r"\b(?P<cue>(?:chiediamo|invitiamo|esortiamo|sollecitiamo|raccomandiamo|incoraggiamo"
            r"|proponiamo|auspichiamo|rivolgiamo un appello|facciamo appello))\b",
            r"\b(?P<cue>(?:chiede|chiedono|invita|invitano|esorta|esortano|raccomanda|raccomandano"
            r"|sollecita)) (?:ai|agli|alle|al|alla|i|gli|le|il|la|di|che)\b",
            r"\b(?P<cue>si (?:raccomanda|invita|chiede|propone|auspica))\b",
        ),
    ),
    needs=(
        Rule(
            "dovere",
            "says what is to be done",
            r"\b(?P<cue>(?:deve|devono|dovrebbe|dovrebbero|dobbiamo|dovremmo))\b",
            r"\b(?P<cue>(?:bisogna|occorre|occorrono|serve che|va|vanno) (?!\w+ (?:bene"
            r"|male))\w+)\b(?<=re|to|ta|ti|te)",
            r"(?P<cue>\b(?:è|sono|resta|rimane) (?:\w+mente )?(?:essenziale|essenziali"
            r"|fondamentale|fondamentali|cruciale|indispensabile|indispensabili|necessario"
            r"|necessaria|necessari|urgente|imperativo|vitale))\b",
            r"(?P<cue>\bè (?:ora|tempo|giunto il momento) (?:di|che))\b",
            r"^(?P<cue>ciò (?:richiede|esige|comporta))\b",
        ),
    ),
    vetoes=(
        Veto("domanda", r"\?[\"”»)]*$", reach="sentence"),
        Veto(
            "organizzazione",
            r"\b(?:la prossima riunione|per (?:ulteriori|maggiori) informazioni|si prega di)\b",
            reach="sentence",
        ),
        Veto(
            "riferito",
            r"\b(?:secondo|ha dichiarato|hanno dichiarato|sostengono|ha affermato)\b",
            reach="before",
            spares=("prima persona",),
        ),
        Veto(
            "diritto",
            r"^(?:ai sensi|in base|a norma)\b",
            reach="sentence",
            spares=("prima persona",),
        ),
        Veto(
            "relativa",
            r"\b(?:che|se|come|perché) (?:\w+ ){0,2}(?:deve|devono|dovrebbe|dovrebbero)\b",
        ),
    ),
    lead_ins=Patterns(
        r"\b(?:raccomandazioni|richieste|proposte|priorità|misure seguenti)\b[^.]*:$"
    ),
    other_lead_ins=Patterns(r"\b(?:membri|firmatari|esempi|contatti)\b[^.]*:$"),
    asking_headings=Patterns(r"\b(?:raccomandazioni|le nostre richieste|le nostre proposte)\b"),
    other_headings=Patterns(r"\b(?:chi siamo|contatti|contesto|allegato|firmatari)\b"),
    actions=Rule(
        "action", "is an action", r"^(?P<cue>(?:non |di |a )?\w{2,}(?:are|ere|ire|urre))\b"
    ),
    follow_ups=Patterns(r"^(?:ciò|questo|questa) (?:comprende|include|significa|richiede)\b"),
    titles=(
        (
            r"\b(?:chiediamo|invitiamo|esortiamo|incoraggiamo|chiede|invita)\b[^.;:]{2,140}? (?:di"
            r"|a|ad) (?P<do>\w+(?:are|ere|ire)\b.*)",
            "{do}",
        ),
    ),
    addressing=(
        r"\b(?:chiediamo|invitiamo|esortiamo|incoraggiamo) (?P<to>[^.;:]{2,90}?)(?= (?:di|a|ad) )",
        r"(?:^|, )(?P<to>[^.;:,]{2,80}?) (?:deve|devono|dovrebbe|dovrebbero)\b",
    ),
    same_actors=(
        "governi|Stati|paesi|autorità pubbliche|ministri",
        "imprese|aziende|settore privato",
    ),
    empty_words=listed("""
    il lo la i gli le un uno una di a da in con su per tra fra e o che chi del della dei delle
    degli al alla ai alle nel nella è sono essere si non più ia intelligenza artificiale digitale
"""),
    dangling=listed(
        "e o di a da in con su per tra fra che il lo la i gli le un una del della dei delle"
    ),
    abbreviations=listed("es dott prof sig ecc cfr"),
    number_abbreviations=listed("n art p pp"),
)
