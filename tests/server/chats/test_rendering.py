"""An answer as HTML: whatever a model or the data wrote, only the parser's own tags come out."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoanalyst_ext.agents import markdown
from autoanalyst_ext.chats.rendering import to_html

TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
ALIGNED = {f"text-align:{side}" for side in ("left", "center", "right")}

ATTACKS = [
    "<script>alert(1)</script>",
    "a <script src=//evil.test/x.js></script> b",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>*{background:url(//evil.test)}</style>",
    "<!-- <img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<a href='javascript:alert(1)'>x</a>",
    "<div\n\nonmouseover=alert(1)>\n\nx</div>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#x3A;alert(1))",
    "[x](java&#x09;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#1;javascript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/png;base64,AAAA)",
    "[x](file:///etc/passwd)",
    "[x](//evil.test/path)",
    "[x](/lab?reset)",
    "[x](../../files/secret)",
    "[x](#anchor)",
    "[x](blob:https://evil.test/1)",
    "[x](http://[evil)",
    '[x](https://ok.test "t\\" onclick=alert(1) x=\\"")',
    '[x](https://ok.test/"onclick="alert(1))',
    "[x](https://ok.test/'><script>alert(1)</script>)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "<https://ok.test/?a=<script>>",
    "<nobody@ok.test>",
    "![x](https://evil.test/track.png)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![<script>alert(1)</script>](x.png)",
    '![x](x.png "onerror=alert(1)")',
    "[![x](https://evil.test/a.png)](javascript:alert(1))",
    "![a ![b](c) [d](javascript:x)](e)",
    "| <script>alert(1)</script> | [x](javascript:alert(1)) |\n|:-:|--:|\n| <img onerror=a()> | ![y](z) |",
    "```html onclick=alert(1)\n</code></pre><script>alert(1)</script>\n```",
    '~~~"><script>alert(1)</script>\nx\n~~~',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "[x][1]\n\n[1]: javascript:alert(1)",
    '[x][1]\n\n[1]: https://ok.test "\\"><script>alert(1)</script>"',
    "![x][1]\n\n[1]: https://evil.test/a.png",
    "x[^1]\n\n[^1]: <script>alert(1)</script>",
    "# <script>alert(1)</script> {onclick=alert(1)}",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>\n  1. [x](javascript:1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "~~<s onclick=x>~~ **<b onclick=x>**",
    "\x00<script>alert(1)</script>",
    "<a href=`javascript:alert(1)`>",
    "www.evil.test https://evil.test",
]


class Closed(HTMLParser):
    """Fails on any tag, attribute or address that is not on the list; keeps the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        given = dict(attrs)
        if tag == "a":
            assert given.keys() == {"href", "rel", "target"}
            assert (given["rel"], given["target"]) == ("noopener noreferrer", "_blank")
            self.links.append(given["href"] or "")
            assert urlsplit(self.links[-1]).scheme in {"http", "https", "mailto"}
        elif tag in ("th", "td"):
            assert given.keys() <= {"style"}
            assert set(given.values()) <= ALIGNED
        elif tag == "ol":
            assert given.keys() <= {"start"}
            assert all(str(value).isdigit() for value in given.values())
        else:
            assert given == {}

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")


def read(html: str) -> Closed:
    parser = Closed()
    parser.feed(html)
    parser.close()
    return parser


@pytest.mark.parametrize("attack", ATTACKS)
def test_only_known_tags_and_addresses_come_out(attack: str) -> None:
    for text in (attack, f"Text {attack} text", f"- {attack}", f"**{attack}**"):
        read(to_html(text))


@given(
    st.lists(
        st.sampled_from([*ATTACKS, "\n", "\n\n", "|", "`", "```", "[", "](", ")", "!", "<", ">", "*", "_"])
    )
)
def test_no_mixture_of_them_gets_through(pieces: list[str]) -> None:
    read(to_html("".join(pieces)))


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    read(to_html(text))


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), min_size=1))
def test_a_value_of_the_data_shows_as_itself(value: str) -> None:
    shown = read(to_html(f"x{markdown.escape(value)}x"))
    assert shown.text.strip("\n") == f"x{value}x"
    assert not shown.links


def test_markdown_becomes_what_it_means() -> None:
    html = to_html(
        "# Title\n\n**b** *i* ~~s~~ `c`\n\n3. x\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\na < b\n```"
    )
    for part in (
        "<h1>Title</h1>",
        "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>",
        '<ol start="3">',
        "<th>a</th>",
        '<td style="text-align:right">2</td>',
        "<pre><code>a &lt; b\n</code></pre>",
    ):
        assert part in html


def test_a_picture_is_told_in_words_and_fetched_by_nobody() -> None:
    assert to_html("See ![the *trend*](https://evil.test/a.png).") == "<p>See the <em>trend</em>.</p>\n"


def test_a_link_that_leads_elsewhere_is_its_text() -> None:
    assert to_html("[here](javascript:alert(1)) and [there](files/x)") == "<p>here and there</p>\n"


def test_links_to_the_web_and_to_mail_work() -> None:
    shown = read(to_html("[a](https://a.test/b?c=d&e) <http://f.test> <g@h.test>"))
    assert shown.links == ["https://a.test/b?c=d&e", "http://f.test", "mailto:g@h.test"]
