"""The rules of English.

The name of the body that speaks ("TECH7") reaches the patterns as SELF, so "TECH7 urges" asks too.
"""

from . import english_themes as themes
from . import english_titles as titles
from . import english_words as words
from .english_asks import ASKED_FOR, NEEDED
from .english_hints import HINTS
from .english_phrases import ADV, ASKS, LABEL, MODAL
from .english_vetoes import VETOES
from .language import SELF, Language, Patterns, Rule

ENGLISH = Language(
    code="en",
    stemmer="english",
    hints=HINTS,
    asks=ASKED_FOR,
    needs=NEEDED,
    vetoes=VETOES,
    lead_ins=Patterns(
        rf"\b{words.POWERS}\b[^.]*\b(?:can|could|may|might|should|must|ha(?:s|ve) to|needs? to"
        rf"|ought to|would do well)\b[^.]*:$",
        rf"(?:\bwe|{SELF}+) (?:\w+ )?(?:want|need|support|favou?r|seek|propose|suggest|advocate"
        rf"|request|demand|ask|expect|recommend|urge|hope for)\b[^.]*:$",
        r"\b(?:priorities|our (?:requests|wishes|suggestions|calls?|appeal)|wish list|(?:asks"
        r"|requests|proposals|suggestions|demands))\b[^.]*:$",
        r"\b(?:recommendations?|asks|calls? to action|key demands|our demands|proposals"
        r"|policy priorities)\b[^.]*:$",
        r"\b(?:following|these|concrete|priority|key|necessary|urgent) (?:\w+ ){0,3}(?:actions"
        r"|measures|steps|recommendations|priorities|reforms|asks)\b[^.]*:$",
        r"\b(?:to (?:this|that|these) ends?|to achieve this|to do so|to get there)\b[^.]*:$",
        r"^what (?:is|we) (?:\w+ )?(?:need|needed|required|ask|want|recommend|propose)\b[^.]*:$",
    ),
    other_lead_ins=Patterns(
        r"\b(?:includes?|including|members|signator\w+|signed|contacts?|agenda|programme|speakers"
        r"|participants|questions|benefits|reasons|examples?|such as|findings|showed?|shows"
        r"|learned|challenges|risks|sources|references|mission|achievements|commitments|facts"
        r"|figures|results|topics|issues|parties|partners|background|annex)\b[^.]*:$",
        rf"^(?!.*\b(?:asks?|requests?|demands?|recommend\w*|priorities|proposals?|suggest\w*"
        rf"|wish\w*)\b).*(?:\bwe|{SELF}+)\b[^.]{{0,40}} (?:will|shall|commit|pledge|have|has|are"
        rf"|is|did|do|does|work|works|plan|intend|undertake|aim|aims|helped|agreed|promise"
        rf"|continue|saw|heard|met|launched|started)\b[^.]*:$",
    ),
    open_ends=Patterns(r"\b(?:to|by|that|for|of)$"),
    asking_headings=Patterns(
        r"\brecommendations?\b|\bcalls? to action\b|\b(?:our|key|main|policy"
        r"|core) (?:\w+ )?(?:asks|demands|proposals|priorities|messages)\b|\bwhat (?:we ask"
        r"|we want|must|should|needs|governments|is needed|we recommend|we call)\b|\bwe (?:call"
        r"|urge|recommend|ask|propose)\b|\b(?:asks|actions|priorities|agenda|roadmap"
        r"|manifesto) (?:for|to)\b|^(?:asks|actions?|demands|proposals)$",
        r"^(?:towards?|for|from)\b[^.]*\b(?:memorandum|agenda|programme|plan)\b|^(?:measures"
        r"|remedies|the way forward|what (?:is|remains) to be done|action\b.*)$",
        r"\bproposals\b|\b(?:focus areas|areas of (?:focus|action))\b"
        r"|^(?:our |key |policy )*priorities$",
    ),
    other_headings=Patterns(
        r"\b(?:about|contacts?|background|notes? (?:to|for) (?:editors|readers)|annex"
        r"|agenda(?! for)|programme(?! for)|signator\w+|members|membership|methodology|references"
        r"|sources|glossary|history|acknowledge?ments|our (?:work|commitments?|pledges?|mission)"
        r"|what we (?:do|did|heard|will do)|commitments|how (?:to|it)|next meeting|practical"
        r"|(?:press|media) (?:contacts?|office|enquiries)|logistics|achievements|findings"
        r"|what we (?:have done|saw|found|learned)|what works|how we|minutes of|newsletter"
        r"|annual (?:review|report)|frequently asked|last year|at a glance|venue)\b"
    ),
    actions=Rule(
        "action",
        "is an action",
        rf"^{LABEL}(?:{ADV})(?P<cue>(?:(?:do not|don[’']t|never) )?(?:{words.IMPERATIVES}))\b(?!-"
        rf"|’|')(?! (?:is|are|was|were|has|have|will|can|of)\b)(?! (?:[\w-]+ ){{0,2}}(?:must"
        rf"|should|ought to|shall|needs? to)\b)",
    ),
    follow_ups=Patterns(r"^(?:this|these|it|they|such \w+) (?:\w+ )?(?:includes?|means?)\b"),
    completions=Rule(
        "completion",
        "completes what comes before",
        r"^(?:this|that) (?:will |would |also |in turn )*(?P<cue>requires?|calls? for|demands?)\b",
    ),
    pronouns=Patterns(rf"^(?:it|this|(?:this|such an?) [\w-]+) (?:{MODAL}|needs?\b)(?! also)"),
    repeats=Patterns(r"\b(?:this|these|such) (?P<noun>[a-z-]{4,})\b"),
    bodies=words.BODIES,
    salutation=Patterns(
        r"^\s*(?:dear|open letter|your excellenc\w+|excellenc\w+|honou?rable|sir|madam"
        r"|to the (?:president|prime|heads?|leaders?|members|minist|presiding|secretar|commission"
        r"|chair))\b"
    ),
    self_names=Patterns(words.SELF_NAMES),
    reported=Rule(
        "reported",
        "asks",
        rf"(?P<cue>(?<!to )\b(?:{ASKS}))",
        r"(?P<cue>\b(?:is|are) (?:\w+ly )?(?:calling (?:on|upon|for)|urging|asking|demanding))\b",
    ),
    constituencies=Patterns(
        r"\b(?:sector|industry|industries|businesses|(?:business|tech) community|employers)$"
    ),
    strangers=Patterns(words.STRANGERS),
    addressing=words.ADDRESSING,
    titles=titles.TITLES,
    title_actors=titles.ACTORS,
    title_context=titles.CONTEXT,
    negation=Patterns(r"\b(?:not|never|cannot|no longer)\b|n[’']t\b"),
    title_openings=titles.OPENINGS,
    imperatives=titles.IMPERATIVES,
    dangling=titles.DANGLING,
    families=themes.FAMILIES,
    same_actors=themes.SAME_ACTORS,
    empty_words=themes.EMPTY,
    abbreviations=words.ABBREVIATIONS,
    number_abbreviations=words.NUMBER_ABBREVIATIONS,
    soft_abbreviations=words.SOFT_ABBREVIATIONS,
    starters=words.STARTERS,
)
