"""Boilerplate rules: what stands around a declaration and is no part of it.

A LINE rule names a whole short line, and holds wherever it stands. An EDGE rule is searched in a
line of at most so many words, and holds only above the first and below the last sentence of the
body. A SECTION begins with a whole line in the second half of a document, and takes what follows
with it. A ZONE names the part of a web page a block stands in.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Edge:
    """Words that give a line away at the top or the bottom, in lines of at most `longest` words."""

    reason: str
    words: str
    longest: int


@dataclass(frozen=True)
class Section:
    """A line that opens boilerplate, unless more than `prose` sentences follow."""

    reason: str
    opener: str
    prose: int


LINES = {
    "page number": r"""
        [-–—\s]*\d{1,4}[-–—\s]* | (?:page|seite|pagina|p\.)\s*\d+(?:\s*(?:of|/|sur|de|von|di)\s*\d+)?
        | \d+\s*(?:/|of)\s*\d+ | [ivxl]{1,6} | \d+\s*ページ""",
    "navigation": r"""
        skip\ to\ (?:main\ )?(?:content|navigation) | (?:main\ )?menu | navigation | home(?:page)? | search |
        close | open\ menu
        | (?:back|return)\ to\ (?:the\ )?(?:top|home|news|overview|list|all|[A-Z][\w&,\ -]{0,80}) | back |
        next | previous
        | next\ (?:article|post|page|story) | previous\ (?:article|post|page|story) | toggle\ \w+ | log\ ?in |
        sign\ ?in
        | en | fr | de | it | english | français | deutsch | italiano | 日本語 | en\ [|/]\ fr
        | (?:[A-Z]{2}\ ?[|/]\ ?)+[A-Z]{2}
        | aller\ au\ contenu.* | retour(?:\ (?:à|au|aux)\ .{1,60})? | accueil | rechercher | haut\ de\ (?:la\ )?page
        | zum\ (?:haupt)?inhalt.* | zurück(?:\ (?:zu|zur|zum|nach)\ .{1,60})? | startseite | suche | nach\ oben
        | vai\ al\ contenuto.* | torna\ (?:a|al|alla|all’|su|indietro|in)\b.{0,60} | cerca
        | 本文へ.* | メニュー | ホーム | トップ(?:ページ)?(?:へ|に)?(?:戻る)? | 検索 | 戻る
        | ページの先頭へ.* | 一覧へ(?:戻る)?""",
    "search box": (
        r"hit\ enter\ to\ search.* | (?:type|press\ enter)\ to\ search.* | search\ (?:for"
        r"|the\ site|this\ site).{0,20}"
    ),
    "cookie notice": r"""
        (?:this|our)\ (?:web)?site\ uses\ cookies | (?:accept|allow|reject|decline|refuse)(?:\ (?:all|cookies|
        all\ cookies))?
        | (?:manage|customi[sz]e|cookie|privacy)\ (?:cookies|settings|preferences|options|choices) |
        cookies?(?:\ (?:notice|policy))?
        | necessary\ only | only\ necessary.{0,20} | save\ (?:my\ )?(?:settings|preferences|choices) | got\ it!?
        | (?:tout\ )?(?:accepter|refuser)(?:\ tout)? | (?:param[eè]tres|gestion|gérer\ les|
        politique)\ (?:des?\ )?cookies
        | (?:alle\ )?(?:akzeptieren|ablehnen) | (?:alle\ )?(?:cookies\ )(?:akzeptieren|ablehnen|zulassen) |
        cookie-einstellungen
        | (?:accetta|rifiuta)(?:\ (?:tutto|tutti|i\ cookie))? | (?:すべて)?(?:同意する|拒否する|許可する)""",
    "share, follow or subscribe": r"""
        share(?:\ (?:this|on|via|with|article|page|post|by)\b.{0,40})? | follow\ us.{0,40} | subscribe.{0,40} |
        sign\ up.{0,50}
        | tweet | facebook | twitter | linkedin | x | instagram | youtube | whats\s?app | bluesky | mastodon |
        threads | e-?mail
        | print(?:\ (?:this|page|article).{0,10})? | copy\ link | (?:our\ )?newsletter | (?:get|join)\ (?:our|
        the)\ (?:newsletter|mailing\ list).{0,30}
        | (?:share|post)\ on\ .{1,40} | partager(?:\ .{1,40})? | suivez-nous.{0,40} | (?:s[’']abonner|
        abonnez-vous).{0,50} | imprimer
        | teilen(?:\ .{1,30})? | folgen\ sie\ uns.{0,40} | abonnieren.{0,40} | drucken | (?:seite|
        artikel)\ (?:teilen|drucken)
        | condividi(?:\ .{1,30})? | seguici.{0,40} | iscriviti.{0,50} | stampa | (?:シェア|共有|印刷|フォロー)(?:する)?
        | (?:(?:facebook|twitter|linkedin|x|e-?mail|whatsapp|instagram|youtube|bluesky)[\s,|·/]*){2,}""",
    "download or link to the document": r"""
        (?:\W*\[?(?:pdf|docx?)\]?\W*(?:[\d.,]+\s*[km]b)?\W*) | downloads?(?:\ .{1,60})?
        | (?:read|see|view|open|get)\ (?:the\ )?(?:full|complete|entire|whole|original)\ .{1,60} |
        read\ more.{0,40} | learn\ more.{0,40}
        | (?:click\ here|continue\ reading).{0,40} | available\ (?:here|in\ pdf).{0,20}
        | (?:télécharger|lire)\ (?:le|la|l[’']|les|ce).{1,60} | télécharger | lire\ la\ suite | en\ savoir\ plus
        | herunterladen | (?:das\ )?(?:vollständige|ganze)\ dokument.{1,40} | (?:weiterlesen|mehr\ (?:lesen|
        erfahren)).{0,20}
        | (?:scarica|leggi)(?!\ anche)(?:\ .{1,60})? | ダウンロード | (?:続き|全文)(?:を)?(?:読む|見る).{0,10}
        | PDF(?:を|で|
        版).{0,20}""",
    "reading time": (
        r"(?:\W*(?:reading\ time|lesezeit|temps\ de\ lecture"
        r"|tempo\ di\ lettura)\W*)?\d+\s*(?:min(?:ute)?s?|minuten|minuti)\b\.?(?:\ (?:read"
        r"|de\ lecture|lesezeit|di\ lettura))?"
    ),
    "breadcrumb": (
        r"(?:you\ are\ here|vous\ êtes\ ici|sie\ sind\ hier|sei\ qui)\b.{0,150} | (?:home|start"
        r"|accueil|startseite|ホーム|トップ)\s*[>»›/→|＞].{1,150} "
        r"| \w[^.>»›]{0,40}(?:\s[>»›→]\s[^.>»›]{1,80}){2,}"
    ),
    "tags": (
        r"(?:tags?|topics?|keywords?|filed\ under|categor(?:y|ies)|related\ topics|mots[ -]clés"
        r"|thèmes|schlag(?:wörter|worte)|themen|parole\ chiave|argomenti|タグ"
        r"|カテゴリー?)(?:\s*[:：].{0,150})? | (?:\#\w+\s*)+"
    ),
    "advertisement": r"advertise?ment | sponsored(?:\ content)? | publicité | anzeige | werbung "
    r"| pubblicità | 広告",
}

EDGES = (
    Edge(
        "cookie notice",
        r"(?:we|site|page|partners)(?: also| only| may)? (?:uses?|using|stores?"
        r"|sets?) (?:\w+ ){0,4}cookies|use of (?:our |all |these )?cookies|(?:accept|reject|allow"
        r"|manage) (?:all )?cookies|nous utilisons (?:\w+ ){0,3}cookies|utilise des cookies"
        r"|(?:verwende[nt]|nutz(?:t|en)|setz(?:t|en))(?: wir)? (?:\w+ ){0,3}cookies|utilizz(?:a"
        r"|iamo) (?:\w+ ){0,3}cookie|(?:クッキー|Cookie)を(?:使用|利用)",
        90,
    ),
    Edge(
        "contact",
        r"for (?:more|further|additional) (?:information|details)|(?:media|press) (?:contacts?"
        r"|enquir|inquir|office)|please contact|pour (?:plus d[’']informations?|en savoir plus)"
        r"|contacts? (?:presse|médias|stampa)|(?:weitere|nähere) (?:informationen|auskünfte)"
        r"|(?:presse|medien)(?:kontakt|stelle)|ansprechpartner|per (?:maggiori"
        r"|ulteriori) informazioni|ufficio stampa|お問い合わせ|問合せ|連絡先",
        40,
    ),
    Edge("contact", r"\A(?:contact(?:s|ez-nous|\ us)?|kontakt|contatti)\W*\Z", 3),
    Edge(
        "contact",
        r"[\w.+-]+(?:@|\s?\[at\]\s?|\(at\))[\w-]+(?:\.|\s?\[dot\]\s?)\w+|(?:\+"
        r"|\b00)\d[\d\s().-]{7,}\d",
        20,
    ),
    Edge("contact", r"\b(?:tel|phone|téléphone|telefon|telefono|fax|mobile|電話)\b\W*[\d+(]", 20),
    Edge(
        "copyright or legal line",
        r"\blicen[cs]ed under\b|©|\(c\)\s*(?:19|20)\d\d|\bcopyright\b|all rights reserved"
        r"|tous droits réservés|alle rechte vorbehalten|tutti i diritti riservati|無断(?:転載|複製)",
        40,
    ),
    Edge(
        "copyright or legal line",
        r"\A(?:imprint|impressum|legal(?: notice| information)?|mentions légales|note legali"
        r"|disclaimer|accessibility(?: statement)?|(?:(?:privacy|cookie) (?:policy|notice"
        r"|statement)|terms(?: (?:of (?:use|service)|(?:and|&) conditions))?|sitemap|site map"
        r"|datenschutz(?:erklärung)?|politique de confidentialité|informativa (?:sulla )?privacy"
        r"|プライバシーポリシー|利用規約|contact(?: us)?|about(?: us)?|careers|imprint|[|·•/\s-])+)\W*\Z",
        25,
    ),
    Edge(
        "share, follow or subscribe",
        r"\b(?:newsletter|infolettre|mailing list|メールマガジン)\b",
        30,
    ),
    Edge(
        "download or link to the document",
        r"\b(?:read|download|télécharg\w+|scarica\w*|herunterladen|ダウンロード)\b.{0,80}\b(?:here|ici"
        r"|hier|qui|pdf|こちら)\b",
        20,
    ),
    Edge(
        "author",
        r"\A(?:from:|(?:by|par|von|di|author|written by|posted by)\b:?)\s+[A-Z][^.]{1,60}\Z",
        8,
    ),
    Edge(
        "kind of publication",
        r"\A(?:press|news|media|policy|joint)?[ -]?(?:releases?|news|statements?"
        r"|publications?(?: & brochures?)?|position papers?|resources?|communiqué(?: de presse)?"
        r"|pressemitteilung|comunicato(?: stampa)?|プレスリリース|お知らせ)\Z",
        4,
    ),
)

SECTIONS = (
    Section(
        "related publications",
        r"""(?:our|more|other|all|latest|recent|further)\ (?:\w+\ ){0,2}(?:resources?|news|articles?|
        publications?|stories|posts|reading|updates|documents|releases)\b.{0,60}
        | (?:related|similar|recommended|popular|trending)\b(?:\ \S+){0,4} | (?:you\ (?:may|
        might)\ (?:also\ )?(?:like|be\ interested).{0,20}) | read\ (?:also|next)
        | see\ also | more\ (?:from|on|about)\ .{1,50} | most\ read | (?:what[’']s\ new|latest)
        | (?:à\ lire\ aussi|voir\ aussi|articles?\ (?:liés|similaires|connexes)|sur\ le\ même\ (?:sujet|thème)|
        (?:nos|autres)\ (?:actualités|publications)).{0,40}
        | (?:weitere|ähnliche|verwandte)\ (?:artikel|beiträge|meldungen|nachrichten|themen|
        publikationen).{0,40} | (?:das\ könnte\ sie\ auch.{0,30}|siehe\ auch)
        | (?:leggi\ anche|vedi\ anche|(?:articoli|notizie|contenuti)\ (?:correlat[ie]|recenti)|
        potrebbe\ interessarti.{0,20}) | 関連(?:記事|情報|リンク|ページ|ニュース)""",
        1_000,
    ),
    Section(
        "notes to editors",
        r"(?:\#\s*){2,4} | (?:\*\s*){3} | -?\ ?ends?\ ?-? | \W*ends\W* | fin | ende | fine",
        12,
    ),
    Section(
        "notes to editors",
        r"notes?\ (?:to|for)\ (?:the\ )?(?:editors?|journalists|media|press) "
        r"| editors?[’']?s?[’']?\ notes? | note\ aux\ rédactions? | hinweise?\ (?:an"
        r"|für)\ (?:die\ )?redaktion(?:en)? | note\ (?:per\ la|alla)\ (?:redazione|stampa)",
        30,
    ),
    Section(
        "about the organisation",
        r"""(?-i:About|ABOUT|À\ [Pp]ropos\ de|Über|Chi\ è|Informazioni\ su)\ (?:the\ |la\ |le\ |l[’']|d(?:ie|en|
        as)\ )?(?-i:[A-ZÀ-Þ0-9])\S*(?:\ \S+){0,6}
        | (?-i:À\ [Pp]ropos\ d[’'][A-ZÀ-Þ0-9])\S*(?:\ \S+){0,6} | .{1,30}(?:について|とは)
        | about\ us | über\ uns | chi\ siamo | qui\ sommes-nous\ ?\??""",
        6,
    ),
)

JOBS = re.compile(
    r"\b(?:director|directrice|directeur|direttore|direktor|manager|officer|adviser|advisor"
    r"|spokes\w+|assistant|coordinator|head of|responsable|referent|leiter|leiterin"
    r"|pressesprecher\w*|portavoce|communications?|press|media)\b",
    re.IGNORECASE,
)

# The class or the id of an element on a web page; a whole word of it, or two with a hyphen.
ZONES = {
    "cookie notice": (
        r"cookies?(?:-\w+)*|cookie\w+|consent(?:-\w+)*|gdpr(?:-\w+)*|onetrust(?:-\w+)*|cmp"
        r"|tarteaucitron|didomi|cc-window"
    ),
    "navigation": (
        r"nav|navbar|navigation|menu|megamenu|breadcrumbs?(?:-\w+)*|(?:main|site|primary|secondary"
        r"|top|footer)-(?:nav|navigation|menu)|pagination|pager|skip-?links?|skip|toc|toolbar"
        r"|topbar|post-navigation|nav-links|tabs-nav|language-?switcher|lang-?switch"
    ),
    "share, follow or subscribe": (
        r"share|sharing|social|socials|(?:social|share|sharing|newsletter)-\w+(?:-\w+)*|addtoany"
        r"|sharedaddy|newsletter|subscribe|subscription|follow-us|mailchimp|sharebar|social-links"
        r"|share-buttons"
    ),
    "related publications": (
        r"related(?:-\w+)*|recommended|read-?more|more-news|latest-news|similar|also-like"
        r"|jp-relatedposts|yarpp|related-posts|see-also|recirculation|latest-posts|recent-posts"
    ),
    "sidebar": r"sidebar|side-bar|aside|widget|widgets|widget-area|rail",
    "contact": r"contact|contacts|contact-box|contact-card|vcard|press-contact|media-contact",
    "comments": r"comments|comment-list|comment-respond|disqus",
    "advertisement": r"ad|ads|advert|advertisement|sponsored|banner-ad|promo|promotion|dfp",
    "about the author": r"author|author-bio|byline|author-box",
    "tags": r"tags|tag-list|tagcloud|post-tags|entry-tags|cat-links|tags-links|post-categories",
    "pop-up": r"modal|popup|pop-up|overlay|lightbox|dialog|toast",
    "search box": r"search|search-form|searchform|search-box",
    "page footer": r"footer|site-footer|page-footer|colophon|imprint|copyright",
    "page header": r"site-header|page-header-nav|masthead|topnav|header-top|site-branding",
}
# Elements and ARIA roles that hold boilerplate.
TAGS = {
    "navigation": "nav menu",
    "page footer": "footer",
    "sidebar": "aside",
    "form": "form fieldset label",
    "pop-up": "dialog",
    "button": "button",
    "search box": "search",
}
ROLES = {
    "navigation": "navigation menu menubar toolbar",
    "page header": "banner",
    "page footer": "contentinfo",
    "sidebar": "complementary",
    "search box": "search",
    "pop-up": "dialog alertdialog",
    "form": "form",
    "button": "button",
}
