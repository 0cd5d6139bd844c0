"""Words that a page may run, load or be broken by, if it took them for anything but words.

Elements carry the attribute `planted`, and scripts set `ran`, so that a browser can be asked for
both. Whatever has no such element of its own ends in one, so that each field of each round shows
whether its words are escaped.
"""

import re

LONGEST = 78  # signs of each that is to fit into a field of 80
# an attribute where quotation marks are not escaped, and an element where "<" is not
MARK = '"planted <b planted>'
ELEMENT = re.compile(r"<[a-z]+ planted", re.IGNORECASE)

PAYLOADS = [
    "<script planted>ran=1</script>",
    '"><script planted>ran=2</script>',
    "'><img planted src=x onerror=ran=3>",
    "</textarea><svg planted onload=ran=4>",
    "</title></style><body planted onload=ran=5>",
    "</script><script planted>ran=6</script>",
    '" autofocus planted onfocus="ran=7',
    "' planted onmouseover='ran=8' x='",
    "<iframe planted srcdoc='<script>parent.ran=9</script>'>",
    "<a planted href=javascript:ran=10>Sample</a>",
    "javascript:ran=11//",
    "data:text/html,<script planted>ran=12</script>",
    "<details planted open ontoggle=ran=13>",
    "<style planted>*{background:url(//hostile.invalid/14)}</style>",
    "<link planted rel=stylesheet href=//hostile.invalid/15>",
    "<img planted src=//hostile.invalid/16>",
    "<base planted href=//hostile.invalid/17/>",
    "<meta planted http-equiv=refresh content='0;//hostile.invalid/18'>",
    "<form planted action=//hostile.invalid/19><button>Sample",
    "<math planted><mtext></form><mglyph><svg><img src onerror=ran=20>",
    "<!--><img planted src=x onerror=ran=21>-->",
    "<![CDATA[<img planted src=x onerror=ran=22>]]>",
    "]]><script planted>ran=23</script>",
    "{{ 7|add:7 }}{% debug %}{# {{ x }} #}",
    "{% load x %}${7*7}#{7*7}<%= 7*7 %>",
    "&lt;script planted&gt;ran=26&lt;/script&gt;",
    "&#60;img planted src=x onerror=ran=27&#62;",
    "[Sample](javascript:ran=28) ![x](//hostile.invalid/28)",
    "# Sample **bold** <b planted>x</b> | table |",
    '=HYPERLINK("//hostile.invalid/30","Sample")',
    "+1+cmd|' /C sample'!A0",
    "@SUM(1+1)*cmd|' /C sample'!A0",
    "-2+3+cmd|' /C sample'!A0",
    "\\write18{sample} \\input{/etc/passwd} $x$ %&#_{}~^",
    "} @article{planted, title={x}} {",
    "TY  - JOUR\nTI  - planted\nER  - \n",
    "Sample\r\nSet-Cookie: planted=1\r\n\r\nx",
    "Sa\x00mple \x01\x08\x0b\x1b[31m \x7f\x9f",
    "\u202eelpmas\u202c \u2066sample\u2069 \u200b\ufeff\u2028\u2029",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 sample",
    "\U0001f9d1\u200d\U0001f4bb \U0001d54a \U000e0041 \ufffe e\u0301\u0323",
    "W" * LONGEST,
    "\u0647" * LONGEST,
    "\\u003cscript\\u003eran=43\\u003c/script\\u003e",
    "%3Cscript%3Eran=44%3C/script%3E",
    "../../../etc/passwd",
    "sample'; DROP TABLE recommendations_source; --",
    "<svg planted><script href=//hostile.invalid/47 /></svg>",
    "<template planted><script>ran=48</script></template>",
    "<object planted data=//hostile.invalid/49></object>",
]


def marked(words: str, most: int = LONGEST) -> str:
    """Return words of at most so many signs that hold an element in any case."""
    return words[:most] if ELEMENT.search(words[:most]) else words[: most - len(MARK)] + MARK


def plain(words: str) -> str:
    """Return words without the signs that a field of one line may refuse."""
    return (
        " ".join(
            "".join(sign if sign.isprintable() or sign == " " else " " for sign in words).split()
        )
        or "Sample"
    )
