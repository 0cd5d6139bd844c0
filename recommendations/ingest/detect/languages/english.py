"""English, British and American: what its rules are made of, and how its texts are laid out.

Who speaks ("TECH7", "our members") reaches the patterns as SELF, so that "TECH7 urges" reads like
"we urge".
"""

# ruff: noqa: E501 - a pattern is read on one line

from . import english_features as signs
from . import english_themes as themes
from . import english_titles as titles
from . import english_words as words
from .english_asks import ASKED_FOR, NEEDED
from .english_phrases import ADV, ASK, ASKS, LABEL, MODAL
from .english_vetoes import VETOES
from .english_weights import WEIGHTS
from .language import SELF, Language, Rule

ENGLISH = Language(
    code="en",
    stemmer="english",
    signs=signs.SIGNS,
    sign_words=signs.WORDS,
    title_words=signs.TITLE_WORDS,
    weights=WEIGHTS,
    asks=ASKED_FOR,
    needs=NEEDED,
    vetoes=VETOES,
    lead_ins=Rule(
        "lead-in",
        "introduces what is asked",
        (
            rf"^(?:for|to) (?:the |our |all )?(?:\w+ )?{words.POWERS}\b[^.]*:$",
            rf"^(?:the )?{words.POWERS}\W*:$",
            rf"\b{words.POWERS}\b[^.]*\b(?:can|could|may|might|should|must|ha(?:s|ve) to|needs? to"
            rf"|ought to|would do well)\b[^.]*:$",
            rf"^(?:{words.IMPERATIVES})\b[^.]*\b(?:to|that|by|for):$",
            r"\b(?:points|theses|wishes|remedies|ideas|changes|improvements|amendments|corrections"
            r"|conditions|proposals|demands|reforms)\b(?! (?:made|raised|discussed"
            r"|covered))[^.]*:$",
            r"\bwould (?:\w+ )?(?:help|like|welcome|be (?:enough|wise|useful|welcome|needed|better"
            r"|worth\w*))\b[^.]*:$",
            r"\b(?:to ministers|to leaders|to the \w+|to (?:all|our) \w+)? ?we (?:say|put|plead"
            r"|submit)\b[^.]*:$",
            rf"(?:\bwe|{SELF}+) (?:\w+ )?(?:want|need|support|favou?r|seek|propose|suggest"
            rf"|advocate|request|demand|ask|expect|recommend|urge|hope for)\b[^.]*:$",
            r"\b(?:tasks|asks|remedies|wishes|fronts) (?:for|to|on|of)\b[^.]*:$",
            r"\b(?:priorities|our (?:requests|wishes|suggestions|calls?|appeal)|wish list|(?:asks"
            r"|requests|proposals|suggestions|demands))\b[^.]*:$",
            r"\bwhat (?:would|will) (?:really )?help\b[^.]*:$",
            r"\b(?:things|changes|steps|ideas|measures|moves) (?:would|could|can|will) (?:help"
            r"|make|be)\b[^.]*:$",
            r"\b(?:this|that|which) means:$",
            r"^(?:specifically|concretely|in practice|in concrete terms|more precisely"
            r"|in particular|first steps?|next steps?|for this)\W*:$",
            r"\b(?:start|begin) (?:by|with)\b[^.]*:$",
            r"\b(?:recommendations?|asks|calls? to action|key demands|our demands|proposals"
            r"|policy priorities)\b[^.]*:$",
            r"\b(?:following|these|concrete|priority|key|necessary|urgent) (?:\w+ ){0,3}(?:actions"
            r"|measures|steps|recommendations|priorities|reforms|asks)\b[^.]*:$",
            r"\b(?:to (?:this|that|these) ends?|to achieve this|to do so|to get there)\b[^.]*:$",
            r"\b(?:actions?|steps?|measures?) (?:for|needed|required|to be taken)\b[^.]*:$",
            r"^what\b[^.]*\b(?:can|could|should|must|needs? to|ought to) do\b[^.]*:$",
            r"^what (?:is|we) (?:\w+ )?(?:need|needed|required|ask|want|recommend"
            r"|propose)\b[^.]*:$",
        ),
    ),
    other_lead_ins=Rule(
        "other list",
        "introduces something else",
        (
            r"\b(?:includes?|including|members|signator\w+|signed|contacts?|agenda|programme"
            r"|speakers|participants|questions"
            r"|benefits|reasons|examples?|such as|findings|showed?|shows|learned|challenges|risks"
            r"|sources|references|mission"
            r"|achievements|commitments|facts|figures|results|topics|issues|parties|partners"
            r"|background|annex)\b[^.]*:$",
            rf"^(?!.*\b(?:asks?|requests?|demands?|recommend\w*|priorities|proposals?|suggest\w*"
            rf"|wish\w*)\b).*(?:\bwe|{SELF}+)\b[^.]{{0,40}} (?:will|shall|commit|pledge|have|has"
            rf"|are|is|did|do|does|work|works|plan|intend|undertake|aim|aims|helped|agreed|promise"
            rf"|continue|saw|heard|met|launched|started)\b[^.]*:$",
            rf"^(?!what\b)(?!.*\b{words.POWERS}\b)[^.]*\b(?:can|could|may|might|was|were|had"
            rf"|helped|did|would)\b[^.]*:$",
            r"\bdo (?:already|today)\b[^.]*:$",
            r"^in (?:19|20)\d\d\b[^.]*:$",
        ),
    ),
    open_ends=Rule("open end", "", (r"\b(?:to|by|that|for|of)$",)),
    asking_headings=Rule(
        "heading",
        "heads what is asked",
        (
            r"\brecommendations?\b|\bcalls? to action\b|\b(?:our|key|main|policy"
            r"|core) (?:\w+ )?(?:asks|demands|proposals|priorities|messages)\b|\bwhat (?:we ask"
            r"|we want|must|should|needs|governments|is needed|we recommend|we call)\b"
            r"|\bwe (?:call|urge|recommend|ask|propose)\b|\b(?:asks|actions|priorities|agenda"
            r"|roadmap|manifesto) (?:for|to)\b|^(?:asks|actions?|demands|proposals)$",
            r"\bwish(?:es| list)\b|\b(?:theses|manifesto|demands|requests|proposals|plea|appeal)\b"
            r"|\b(?:things|what) to do\b|\bwho (?:should|would|must|could) do\b|\bwhat (?:would"
            r"|could|can|might) (?:help|be done)\b",
            r"\b(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)(?:-"
            r"| )(?:\w+ )?(?:points?|steps|ideas|ways|asks|things|tasks|measures|changes"
            r"|reforms)\b",
            r"^(?:towards?|for|from)\b[^.]*\b(?:memorandum|agenda|programme|plan)\b|^(?:measures"
            r"|remedies|the way forward|what (?:is|remains) to be done|action\b.*)$",
        ),
    ),
    other_headings=Rule(
        "other heading",
        "heads something else",
        (
            r"\b(?:about|contacts?|background|notes? (?:to|for) (?:editors|readers)|annex"
            r"|agenda(?! for)|programme(?! for)|signator\w+|members|membership|methodology"
            r"|references|sources|glossary|history|acknowledge?ments|our (?:work|commitments?"
            r"|pledges?|mission)|what we (?:do|did|heard|will do)|commitments"
            r"|how (?:to|it)|next meeting|practical|(?:press|media) (?:contacts?|office|enquiries)"
            r"|logistics|achievements|findings|what we (?:have done|saw|found|learned)|what works"
            r"|how we|minutes of|newsletter|annual (?:review|report)|frequently asked|last year"
            r"|at a glance|venue)\b",
        ),
    ),
    actions=Rule(
        "action",
        "is an action",
        (
            rf"^{LABEL}(?:{ADV})(?P<cue>(?:(?:do not|don[’']t"
            rf"|never) )?(?:{words.IMPERATIVES}))\b(?!-|’|')"
            r"(?! (?:is|are|was|were|has|have|will|can|of)\b)(?! (?:[\w-]+ ){0,2}(?:must|should"
            r"|ought to|shall|needs? to)\b)",
        ),
    ),
    likely_actions=Rule(
        "likely action",
        "is an action",
        (
            rf"^{LABEL}(?P<cue>(?!{words.NO_VERBS}\b)[a-z]{{2,}}(?<!ed)(?<!s)(?<!ing)(?<!ly)) {words.DETERMINERS}\b",
            rf"^{LABEL}(?P<cue>(?!\w*(?:training|funding|housing|pricing"
            rf"|financing)\b)\w{{3,}}ing)\b",
        ),
    ),
    follow_ups=Rule(
        "follow-up",
        "goes on",
        (r"^(?:this|these|it|they|such \w+) (?:\w+ )?(?:includes?|means?)\b",),
    ),
    completions=Rule(
        "completion",
        "completes what comes before",
        (
            r"^(?:this|that) (?:will |would |also |in turn )*(?P<cue>requires?|calls? for"
            r"|demands?)\b",
        ),
    ),
    pronouns=Rule(
        "pronoun",
        "is about the thing before",
        (rf"^(?:it|this|(?:this|such an?) [\w-]+) (?:{MODAL}|needs?\b)(?! also)",),
    ),
    echoes=Rule(
        "echo", "asks on", (rf"^(?:it|they) (?:also |further |\w+ly )*(?P<cue>{ASKS}|{ASK})",)
    ),
    repeats=Rule(
        "repeat",
        "speaks of what the sentence before brought up",
        (
            r"\b(?:this|these|such) (?P<noun>[a-z-]{4,})\b",
            r"\b(?:this|these|such) [\w-]+ (?P<noun>[a-z-]{5,})\b",
        ),
    ),
    bodies=words.BODIES,
    askers=rf"(?:^|(?<=[.;:”] ))(?P<body>(?:[Tt]he )?{words.NAME}|The [a-z]+(?: [a-z]+)?) (?:also "
    rf"|further |\w+ly )*(?:{ASKS})",
    salutation=Rule(
        "salutation",
        "",
        (
            r"^\s*(?:dear|open letter|your excellenc\w+|excellenc\w+|honou?rable|sir|madam"
            r"|to the (?:president|prime|heads?|leaders?|members|minist|presiding|secretar"
            r"|commission|chair))\b",
        ),
    ),
    you=r"\b[Yy]ou\b",
    short_name=rf"(?i:{words.ORGANISATION})\b",
    self_names=Rule("self", "", words.SELF_NAMES),
    reported=Rule("reported", "asks", (rf"(?P<cue>(?<!to )\b(?:{ASKS}))",)),
    strangers=Rule("strangers", "", words.STRANGERS),
    addressing=words.ADDRESSING,
    titles=titles.TITLES,
    title_actors=titles.ACTORS,
    title_openings=titles.OPENINGS,
    verbs=tuple(words.IMPERATIVES.split("|")),
    irregular=tuple(titles.IRREGULAR.items()),
    dangling=titles.DANGLING,
    families=themes.FAMILIES,
    same_actors=themes.SAME_ACTORS,
    empty_words=themes.EMPTY,
    abbreviations=words.ABBREVIATIONS,
    number_abbreviations=words.NUMBER_ABBREVIATIONS,
    soft_abbreviations=words.SOFT_ABBREVIATIONS,
    starters=words.STARTERS,
)
