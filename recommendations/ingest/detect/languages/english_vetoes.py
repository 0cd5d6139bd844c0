"""What takes an English cue back: reports, law, logic, courtesy, organisation."""

from . import english_words as words
from .english_phrases import ADV, MODAL
from .language import SELF, Veto

VETOES = (
    Veto("question", "a question", (r"\?[\"'”’)]*$",), "sentence", frozenset({"polite question"})),
    Veto(
        "organisation",
        "about meetings, forms and contacts",
        (
            r"\b(?:rsvp|press (?:office|contact)|accreditation|doors open)\b",
            r"\bfor (?:more|further|any|additional|media|press) (?:information|details|enquir\w+"
            r"|inquir\w+|questions?)\b",
            r"\b(?:please|kindly) (?:contact|find|see|visit|note|register|write|send|reply|refer"
            r"|let us|confirm|bring|use|call|check|click|download|follow|submit|return|complete"
            r"|respond|join us|tell us|share this)\b",
            r"\b(?:register|registration|reply)\b[^.]{0,60}\b(?:by|before|online|at|via"
            r"|no later than) (?:\d|the end|monday|tuesday|wednesday|thursday|friday)",
            r"\b(?:next|annual|general|board|upcoming|plenary) (?:meeting|session|assembly"
            r"|edition)s? (?:will|is|takes?|should|must)\b",
            r"\b(?:delegates?|participants?|attendees?|speakers?|applicants?|journalists?"
            r"|visitors?|readers?|respondents?"
            r"|guests|reporters) (?:\w+ ){0,3}(?:should|must|shall|needs? to|are (?:\w+ )?(?:asked"
            r"|invited|encouraged|requested|advised))\b",
        ),
        "sentence",
    ),
    Veto(
        "speaking",
        "a way of speaking",
        (
            r"\b(?:it|this|one|I|we) (?:must|should|needs? to) (?:also |however "
            r"|first )?(?:be (?:noted|said|stressed|remembered|recalled|mentioned|added"
            r"|pointed out|understood that|borne)|say|admit|add|confess|note|mention|apologi[sz]e"
            r"|point out|thank|like)\b",
            rf"\byou (?:\w+ )?(?:must|should|needs? to)\b(?! {words.STATECRAFT}\b)",
            r"\b(?:sets? out|describes?|explains?|shows?|lists?) (?:\w+ ){0,2}what\b",
            r"\b(?:two|three|four|five|six|seven|several|some|the following"
            r"|these) (?:\w+ )?(?:changes|points|steps|asks|requests|recommendations|proposals"
            r"|measures|things|ideas|amendments)\b.{0,80}?\b(?:we|I) (?:\w+ )?(?:ask|urge|invite"
            r"|recommend|propose|make)\b",
            r"^(?:should|must|shall|need)\b",
            rf"\b(?:we|I|{SELF}+) shall\b|\bI (?:\w+ )?(?:must|should|need to|have to)\b|\b(?:told"
            rf"|reminded) that I\b",
            r"[“\"‘](?:must|should|shall|needs?)[”\"’]",
            r"\b(?:should|must|ought to) have \w+ed\b",
            r"\b(?:must|should|ha(?:s|ve) to|needs? to) (?:\w+ )?be (?:sent|submitted|credited"
            r"|quoted|addressed)\b",
            r"(?:, |\bor |\band )should (?:you|any|there|it|this|they|questions)\b",
            r"\b(?:must|should|ought to|need) (?:not )?have (?:been|had|done|known|seen|come|gone"
            r"|received|felt|thought|made|given|taken|met|noticed|heard|happened|started|begun)\b",
            r"\bshould (?:\w+ )?(?:come as|be (?:a|no) surprise|be surpris\w+|be familiar)\b",
            r"\bas (?:it|they|we|he|she) should\b",
            r"\b(?:essential|crucial|critical|vital|important|necessary) (?:here |also )?to (?:see"
            r"|understand|note|remember|recall|reali[sz]e|recogni[sz]e|stress|bear)\b",
            r"\bshould (?:be (?:understood|read|interpreted)|take place|be on)\b",
            r"\bmust (?:rank|seem|feel|look|sound)\b",
            r"\b(?:need not|needn[’']t|no longer needs?|if needs? be|must-have|must-read)\b",
            r"\b(?:do|does|did|would|will) not (?:\w+ )?need to\b",
            r"\bshould (?:soon |now |then )?be (?:available|ready|complete|completed|published"
            r"|finished|released|finali[sz]ed)\b(?= (?:by|in|on|at|before|later|soon|this|next))",
            r"\b(?:we|I) (?:\w+ )?ask(?: ourselves| whether| why| what| how| if)\b",
            r"\binvite (?:you|readers|journalists|the public|guests|the press|the media|reporters"
            r"|interested)\b",
        ),
    ),
    Veto(
        "noun",
        "a need, not a must",
        (
            r"\b(?:the|an?|no|any|this|that|their|our|its|of|in)(?: urgent| pressing| real"
            r"| growing| clear| little| common| shared| general| great)? need to\b",
            r"\bneeds to (?:the|our|your)\b",
        ),
        "cue",
        frozenset({"first person", "the body", "essential"}),
    ),
    Veto(
        "subordinate",
        "in a clause that does not ask",
        (
            rf"\b(?:who|which|that|what|whatever|whichever|and which) {ADV}{MODAL}",
            rf"(?<!^)\b(?:how|whether|why|what|where|wherever|who)\b[^,;:]{{0,60}}?\b{MODAL}",
            rf"\b(?:if|unless|until|than|before|after)(?: [\w’'-]+){{1,3}} {MODAL}",
            rf"\b(?:those|companies|firms|businesses|people|anyone|everyone|everything|things"
            rf"|rules|duties|all) (?:they|we|it|you|one|he|she) {MODAL}",
        ),
        "cue",
        frozenset({"first person"}),
    ),
    Veto(
        "law",
        "what the law says already",
        (
            r"^(?:under|pursuant to|as required by|in accordance with)\b[^,]{0,120}?\b(?:act|law"
            r"|laws|regulations?|directive|gdpr|rules|treaty|legislation|statutes?|articles?"
            r"|section|charter|constitution|bylaws|by-laws|licen[cs]e|contract|scheme"
            r"|plan)\b.{0,80}?\b(?:must|shall|needs? to|ha(?:s|ve) to)\b",
            r"\b(?:by law|by (?:its|their) (?:statutes|rules|by-?laws)|under (?:the |its |most "
            r"|all )*(?:[\w-]+ ){0,3}(?:acts?|laws?|directive|article \d+|statutes?))\b",
            r"\bunder (?:the )?(?:existing|current|present|applicable) (?:\w+ ){0,2}(?:laws?|rules"
            r"|scheme|agreement)\b",
            r"^(?:whereas|having regard|recalling|noting|considering)\b",
            r"\b(?:act|law|regulation|directive|article \d+|statute|treaty|legislation|charter"
            r"|contract|standard|licence|license|rule|code|decree|gdpr) (?:already |currently "
            r"|now |also |thus )?(?:says|states|provides|requires|stipulates|specifies|sets out"
            r"|lays down|means|obliges|prescribes)\b",
            r"\b(?:must|needs? to|should|shall|have to) (?:currently|already|now already"
            r"|at present|by law|at the moment)\b",
            r"\b(?:currently|already|at present|by law|legally) (?:must|needs? to|have to|shall)\b",
        ),
        "sentence",
        frozenset({"first person", "the body"}),
    ),
    Veto(
        "law before",
        "what a law does that the sentence before speaks of",
        (
            r"\b(?:under|explained|described|set out|summari[sz]ed) (?:the )?(?:existing|current"
            r"|present|applicable|new)? ?(?:\w+ )?(?:laws?|rules|regulations?|act|directive"
            r"|statute)\b",
        ),
        "previous",
        frozenset({"first person", "the body", "passive", "essential"}),
    ),
    Veto(
        "workings",
        "how a thing works",
        (
            rf"\b{MODAL} {ADV}(?:process|compute|consume|parse|calculate|predict|infer)\b",
            rf"\b(?:AI|artificial intelligence|models?|systems?|software|algorithms?|machines?"
            rf"|engines?|chips?|servers?|devices?|sensors?|computers?|programs?|processors?"
            rf"|agents?) {MODAL} {ADV}(?:first )?(?:process|comput|consum|learn|read|pars|stor"
            rf"|scan|convert|translat|handl|load|run|send|receiv|wait|recogni|predict|calculat"
            rf"|infer|guess|search|weigh|compare)\w*",
        ),
    ),
    Veto(
        "report",
        "what others said",
        (
            r"\bshare[sd]? (?:the|a|an|our) (?:\w+ )?(?:conviction|belief|view|hope|vision|goal"
            r"|aim) that\b",
            rf"^(?:(?!\b(?:we|our|us|I|my|evidence|experience|these|lesson)\b"
            rf"|{SELF})[^.;])*?\b(?:said|says|told|argue[sd]?|claim(?:s|ed)?|wrote|writes|note[sd]"
            rf"|observe[sd]|warn(?:s|ed)?|conclude[sd]?|found|finds|reported|stated|believe[sd]"
            rf"|felt|agreed|agree|suggest(?:s|ed)|advised|heard|explain(?:s|ed)|announced|recalled"
            rf"|recommend(?:s|ed)|urge[sd]|thought|maintain(?:s|ed)?|insist(?:s|ed)|decided"
            rf"|show(?:s|ed)|complain(?:s|ed)?|think|confirm(?:s|ed)|hold|holds|held|ruled|thought"
            rf"|added|insisted)\b(?: \w+){{0,5}} that\b",
            r"\b(?:according to(?! our)|in the words of|in the view of|in the opinion of(?! our)"
            r"|in (?:her|his|their) (?:opinion|view|words)|(?:said|thought|told \w+|felt"
            r"|added) (?:he|she|they)|for example, the \w+ says)\b",
            r"(?<!member )\bstates that\b",
            r"\b(?:critics|opponents|sceptics|skeptics|some|many|others|observers|commentators"
            r"|people|experts|economists) (?:\w+ )?(?:say|argue|believe|claim|think|feel|hold|fear"
            r"|worry|suggest|insist|maintain)\b",
            r"\b(?:wrote|said|asked|stated|argued|concluded)\b[^“\"]{0,40}[:,] ?[“\"]",
        ),
        "before",
        frozenset({"first person", "the body"}),
    ),
    Veto(
        "nothing asked",
        "says that nothing is needed",
        (r"^no (?:\w+ ){0,3}(?:is|are) ", r"\b(?:is|are) (?:not|no longer) "),
    ),
)
