"""What takes an English cue back: reports, law, logic, courtesy, organisation."""

from . import english_words as words
from .english_phrases import ADV, MODAL
from .language import SELF, Veto

VETOES = (
    Veto("question", r"\?[\"'”’)]*$", reach="sentence", spares=("polite question",)),
    Veto(
        "organisation",
        r"\b(?:rsvp|press (?:office|contact)|accreditation|doors open)\b",
        r"\b(?:please|kindly) (?:contact|find|see|visit|note|register|write|send|reply|refer"
        r"|let us|confirm|bring|use|call|check|click|download|follow|submit|return|complete"
        r"|respond|join us|tell us|share this)\b",
        r"\b(?:delegates?|participants?|attendees?|speakers?|applicants?|journalists?|visitors?"
        r"|readers?|respondents?|guests|reporters) (?:\w+ ){0,3}(?:should|must|shall|needs? to"
        r"|are (?:\w+ )?(?:asked|urged|invited|encouraged|requested|advised))\b",
        reach="sentence",
    ),
    Veto(
        "speaking",
        r"\b(?:it|this|one|I|we) (?:must|should|needs? to) (?:also |however "
        r"|first )?(?:be (?:noted|said|stressed|remembered|recalled|mentioned|added|pointed out"
        r"|understood that|borne)|say|admit|add|confess|note|mention|apologi[sz]e|point out|thank"
        r"|like)\b",
        rf"\byou (?:\w+ )?(?:must|should|needs? to)\b(?! {words.STATECRAFT}\b)",
        r"^(?:should|must|shall|need)\b",
        r"\bshould come as\b",
        rf"\b(?:we|I|{SELF}+) shall\b|\bI (?:\w+ )?(?:must|should|need to|have to)\b|\b(?:told"
        rf"|reminded) that I\b",
        r"[“\"‘](?:must|should|shall|needs?)[”\"’]",
        r"\b(?:should|must|ought to) have \w+ed\b",
        r"\b(?:must|should|ha(?:s|ve) to|needs? to) (?:\w+ )?be (?:sent|submitted|credited|quoted"
        r"|addressed)\b",
        r"\b(?:must|should|ought to|need) (?:not )?have (?:been|had|done|known|seen|come|gone"
        r"|received|felt|thought|made|given|taken|met|noticed|heard|happened|started|begun)\b",
        r"\b(?:essential|crucial|critical|vital|important|necessary) (?:here |also )?to (?:see"
        r"|understand|note|remember|recall|reali[sz]e|recogni[sz]e|stress|bear)\b",
        r"\bshould (?:be (?:understood|read|interpreted)|take place|be on)\b",
    ),
    Veto(
        "noun",
        r"\b(?:the|an?|no|any|this|that|their|our|its|of|in)(?: urgent| pressing| real| growing"
        r"| clear| little| common| shared| general| great)? need to\b",
        spares=("essential", "first person", "the body"),
    ),
    Veto(
        "subordinate",
        rf"\b(?:who|which|that|what|whatever|whichever|and which) {ADV}{MODAL}",
        rf"(?<!^)\b(?:how|whether|why|what|where|wherever|who)\b[^,;:]{{0,60}}?\b{MODAL}",
        rf"\b(?:if|unless|until|than|before|after)(?: [\w’'-]+){{1,3}} {MODAL}",
        spares=("first person",),
    ),
    Veto(
        "law",
        r"^(?:under|pursuant to|as required by|in accordance with)\b[^,]{0,120}?\b(?:act|law|laws"
        r"|regulations?|directive|gdpr|rules|treaty|legislation|statutes?|articles?|section"
        r"|charter|constitution|bylaws|by-laws|licen[cs]e|contract|scheme|plan)\b.{0,80}?\b(?:must"
        r"|shall|needs? to|ha(?:s|ve) to)\b",
        r"\b(?:by law|by (?:its|their) (?:statutes|rules|by-?laws)|under (?:the |its |most "
        r"|all )*(?:[\w-]+ ){0,3}(?:acts?|laws?|directive|article \d+|statutes?))\b",
        r"\bunder (?:the )?(?:existing|current|present) (?:\w+ ){0,2}(?:acts?|laws?|rules)\b",
        r"^(?:whereas|having regard|recalling|noting|considering)\b",
        reach="sentence",
        spares=("first person", "the body"),
    ),
    Veto(
        "workings", rf"\b{MODAL} {ADV}(?:process|compute|consume|parse|calculate|predict|infer)\b"
    ),
    Veto(
        "report",
        r"\bshare[sd]? (?:the|a|an|our) (?:\w+ )?(?:conviction|belief|view|hope|vision|goal"
        r"|aim) that\b",
        rf"^(?:(?!\b(?:we|our|us|I|my|evidence|experience|these|lesson)\b|{SELF})[^.;])*?\b(?:said"
        rf"|says|told|argue[sd]?|claim(?:s|ed)?|wrote|writes|note[sd]|observe[sd]|warn(?:s|ed)?"
        rf"|conclude[sd]?|found|finds|reported|stated|believe[sd]|felt|agreed|agree|suggest(?:s"
        rf"|ed)|advised|heard|explain(?:s|ed)|announced|recalled|recommend(?:s|ed)|urge[sd]"
        rf"|thought|maintain(?:s|ed)?|insist(?:s|ed)|decided|show(?:s|ed)|complain(?:s|ed)?|think"
        rf"|confirm(?:s|ed)|hold|holds|held|ruled|thought|added|insisted)\b(?: \w+){{0,5}} that\b",
        r"\b(?:according to(?! our)|in the words of|in the view of|in the opinion of(?! our)"
        r"|in (?:her|his|their) (?:opinion|view|words)|(?:said|thought|told \w+|felt|added) (?:he"
        r"|she|they)|for example, the \w+ says)\b",
        r"(?<!member )\bstates that\b",
        r"\b(?:critics|opponents|sceptics|skeptics|some|many|others|observers|commentators|people"
        r"|experts|economists) (?:\w+ )?(?:say|argue|believe|claim|think|feel|hold|fear|worry"
        r"|suggest|insist|maintain)\b",
        reach="before",
        spares=("first person", "the body"),
    ),
)
