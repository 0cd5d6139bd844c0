"""Rules for Japanese: a first step, not measured yet."""

from .language import Language, Rule, Veto, listed

JAPANESE = Language(
    code="ja",
    asks=(
        Rule(
            "要請",
            "asks",
            (
                r"(?P<cue>(?:を|ことを|よう)?(?:求める|求めます|要請する|要請します|要望する|要望します|呼びかける|呼びかけます))",
                r"(?P<cue>(?:を|ことを)?(?:提言する|提言します|提案する|提案します|勧告する|勧告します|推奨する|推奨します|奨励する|奨励します|促す"
                r"|促します))",
                r"(?P<cue>(?:して|を)?(?:いただきたい|頂きたい|ください|下さい|お願いします|期待する|期待します))",
            ),
        ),
    ),
    needs=(
        Rule(
            "必要",
            "says what is to be done",
            (
                r"(?P<cue>(?:す|る)?べき(?:である|です|だ)?)",
                r"(?P<cue>しなければ(?:ならない|なりません)|なければ(?:ならない|なりません))",
                r"(?P<cue>(?:が|も|ことが)?(?:必要|不可欠|重要|急務|肝要)(?:である|です|だ))",
                r"(?P<cue>(?:する|の)必要(?:がある|があります|性))",
                r"(?P<cue>が求められ(?:る|ます|ている|ています))",
            ),
        ),
    ),
    vetoes=(
        Veto("質問", "a question", (r"(?:か|？|\?)[。」]?$",), "sentence"),
        Veto(
            "伝聞",
            "what others said",
            (r"(?:によると|によれば|と述べた|と報告された|を求めた|を要請した)",),
            "sentence",
        ),
        Veto(
            "事務",
            "thanks or organisation",
            (r"(?:お問い合わせ|次回(?:の)?会合|ご覧ください|ご参照ください)",),
            "sentence",
        ),
        Veto(
            "否定",
            "says that nothing is needed",
            (r"(?:必要(?:は|が)ない|必要(?:は|が)ありません|べきではなかった)",),
        ),
    ),
    lead_ins=Rule(
        "lead-in",
        "introduces what is asked",
        (
            r"(?:提言|要望|勧告|以下の(?:施策|措置|事項)).*[:：]$",
            r"(?:次|以下)の.*(?:求める|求めます|提言する|提言します|要望します)[。:：]$",
        ),
    ),
    other_lead_ins=Rule(
        "other list", "introduces something else", (r"(?:会員|署名者|連絡先|例).*[:：]$",)
    ),
    asking_headings=Rule("heading", "heads what is asked", (r"(?:提言|要望|勧告)",)),
    other_headings=Rule(
        "other heading", "heads something else", (r"(?:について$|連絡先|背景|付録)",)
    ),
    actions=Rule(
        "action",
        "is an action",
        (r"(?P<cue>\w{1,6}(?:する|すること|を図る|を進める|を強化|を推進|を促進))[。；;]?$",),
    ),
    follow_ups=Rule(
        "follow-up", "goes on", (r"^(?:これ|それ)(?:には|は).*(?:含む|含みます|含まれる|意味する)",)
    ),
    addressing=(
        r"(?P<to>[^。、]{1,30})(?:に対し|に対して|に)(?=.*(?:求め|要請|要望|呼びかけ|提言))",
        r"^(?P<to>[^。、]{1,20})は(?=.*(?:べき|必要|なければ))",
    ),
    same_actors=("政府|各国政府|各国|国", "企業|産業界|民間"),
    empty_words=frozenset(listed("する ある いる こと もの ため よう これ それ 我々 私たち")),
)
