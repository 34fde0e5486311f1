"""What one cell of somebody's sheet holds: addresses, several values, plain words, nothing, or a formula's error."""

from __future__ import annotations

import html
import re

import nh3

from factdesk.text import addresses

_LIMIT = 200_000
"""Characters of a cell beyond which nothing in it is looked for: no cell of a ledger holds as many."""

_ADDRESS_LIMIT = 8_000

MARKUP = "HTML was taken out"

_NOTHING_IS_KNOWN = """
    n/a, n.a., na, n. a., n/d, n.d., s/d, s. d., k.a., k. a., none, null, nil, nan, nat, <na>, unknown,
    not available, not applicable, not known, not given, no data, tbd, tba, missing, undefined, unbekannt, keine angabe, nicht bekannt,
    nicht verfügbar, inconnu, inconnue, non disponible, non communiqué, sans objet, aucun, aucune, desconocido,
    desconocida, no disponible, sin datos, no aplica, ninguno, desconhecido, desconhecida, não disponível,
    sem informação, nenhum, sconosciuto, sconosciuta, non disponibile, non noto, nessuno, невідомо, немає, немає даних,
    неизвестно, нет данных, غير معروف, غير متوفر, غير متاح, لا يوجد, अज्ञात, उपलब्ध नहीं, bilinmiyor, mevcut değil
"""
_NOTHING = frozenset([r"\n", *re.split(r",\s+", _NOTHING_IS_KNOWN.strip())])  # the first is MySQL's
_DASHES = re.compile(r"[\s\-–—−‐‑―_.?…/*\\]*")
# The codes of spreadsheets, in the languages of our synonyms.
_BROKEN = re.compile(
    r"#(?:N/A|N/A N/A|N/D|NV|Н/Д|YOK|[¡¿]?(?:REF|NAME|VALUE|DIV/0|NUM|NULL|SPILL|CALC|FIELD|ERROR|BUSY|BLOCKED|CONNECT"
    r"|UNKNOWN|BEZUG|WERT|ZAHL|ÜBERLAUF|NOM|VALEUR|NOMBRE|NUL|VALOR|DESBORDAMIENTO|NULO|NOME|RIF|VALORE|NULLO|ССЫЛКА"
    r"|ПОСИЛАННЯ|ЗНАЧ|ИМЯ|ІМ'Я|ЧИСЛО|ПУСТО|BAŞV|DEĞER|SAYI|AD|BOŞ)[!?])|Err:\d{3}|#{4,}"
)
_LINK = re.compile(
    r'\s*=\s*HYPERLINK\s*\(\s*"((?:[^"]|"")*)"\s*(?:[;,]\s*"((?:[^"]|"")*)"\s*)?\)\s*', re.IGNORECASE
)
_HREF = re.compile(r"""<a\s[^<>]{0,500}?href\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
_SCHEMELESS = re.compile(r"(?<![^\s,;|(\[<\"'])www\.(?=[\w-]+\.[\w-]{2,})", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s/?#]*[\w\]]", re.IGNORECASE)
# Brackets and quotation marks before an address are none of it, but inside one they may be.
_OPENING = re.compile(
    r"(?:(?<!\S)|(?<=[^\s/=&?#%.:]))[(\[<{\"'«„“‘]{1,8}(?=https?://)|\]\((?=https?://)", re.IGNORECASE
)
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_TAG = re.compile(
    r"</?(?:p|br|hr|b|i|u|s|em|strong|small|sub|sup|a|span|div|ul|ol|li|dl|dt|dd|h[1-6]|blockquote|q|code|pre|img|font"
    r"|table|thead|tbody|tr|td|th|script|style|iframe|svg|section|article|figure|figcaption|mark|del|ins|cite)"
    r"(?:\s+[\w:-]+\s*=[^<>]*)?\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}[1-4]{0,2}|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6]|blockquote|dd|dt)\s*>", re.IGNORECASE)


def is_blank(text: str) -> bool:
    """Return whether a cell says nothing, or that nothing is known.

    >>> is_blank(" N/A "), is_blank("–"), is_blank("keine Angabe"), is_blank("No"), is_blank("❌")
    (True, True, True, False, False)
    """
    if len(text) > 40:
        return not text.strip()
    bare = " ".join(text.split()).casefold()
    return _DASHES.fullmatch(bare) is not None or bare in _NOTHING or bare.strip("()[].") in _NOTHING


def is_broken(text: str) -> bool:
    """Return whether a cell holds what a failed formula, or a column that was too narrow, leaves.

    >>> is_broken("#REF!"), is_broken("#NV"), is_broken("#BEZUG!"), is_broken("#1 in the world")
    (True, True, True, False)
    """
    return text.lstrip()[:1] in "#E" and _BROKEN.fullmatch(text.strip()) is not None


def link(text: str) -> tuple[str, str]:
    """Return the words and the address of a cell that is a link's formula; else its text, and no address.

    >>> link('=HYPERLINK("https://a.example";"see")'), link("see")
    (('see', 'https://a.example'), ('see', ''))
    """
    found = _LINK.fullmatch(text) if "(" in text[:40] else None
    if not found:
        return text, ""
    address, words = ((part or "").replace('""', '"') for part in found.groups())
    return words or address, address


def words(text: str) -> tuple[str, list[str]]:
    """Return a cell's text without markup, and what was changed: tags and entities of HTML, a link's formula.

    >>> words("Jobs <b>rose</b> by 3&nbsp;% &amp; more<br>twice"), words("a <b and c> d")[0]
    (('Jobs rose by 3\\xa0% & more\\ntwice', ['HTML was taken out']), 'a <b and c> d')
    """
    if len(text) > _LIMIT:
        return text, []
    plain, address = link(text)
    remarks = [f"of a link the words were taken ({address})"] if address else []
    if not _TAG.search(plain) and not _ENTITY.search(plain):
        return plain, remarks
    if _TAG.search(plain):
        plain = re.sub(
            f"{_TAG.pattern}|<", lambda one: "&lt;" if one[0] == "<" else one[0], plain, flags=re.I
        )
        plain = _BREAK.sub("\n", plain)
        plain = nh3.clean(plain, tags=set(), clean_content_tags={"script", "style"})
    plain = html.unescape(plain).strip()
    return plain, [*remarks, MARKUP]


def addresses_in(text: str) -> tuple[list[str], list[str]]:
    """Return the web addresses of a cell in order, each once, and remarks.

    Addresses are told apart only before `http://` and `https://`, for they may hold commas, semicolons and JSON. One
    that begins with `www.` is read as https.

    >>> addresses_in("https://a.example/0,1.html;www.b.example/5 (archived: https://c.example/8)")[0]
    ['https://a.example/0,1.html', 'https://www.b.example/5', 'https://c.example/8']
    >>> addresses_in('=HYPERLINK("https://a.example/x";"see")')[0]
    ['https://a.example/x']
    """
    if len(text) > _LIMIT:
        return [], [f"a cell of {len(text):,} characters was not searched for addresses"]
    remarks = []
    _, address = link(text)
    if address:
        text = address
    elif hrefs := _HREF.findall(text):
        text = "\n".join(html.unescape("".join(one)) for one in hrefs) + "\n" + _TAG.sub("\n", text)
    text, added = _SCHEMELESS.subn(" https://www.", text)
    if added:
        remarks.append("an address without a scheme was read as https")
    text = _OPENING.sub(" ", text)
    found = dict.fromkeys(_trimmed(one) for one in addresses(text) if len(one) <= _ADDRESS_LIMIT)
    web = [one for one in found if _WEB.match(one)]
    if others := [one for one in found if one not in web]:
        remarks.append(f"no web address: {', '.join(others)[:200]}")
    return web, remarks


def _trimmed(address: str) -> str:
    """Return an address without the marks behind it that belong to the sentence, or to a bracket opened before it."""
    while address:
        last = address[-1]
        is_bracket = last in _PAIRS and address.count(last) > address.count(_PAIRS[last])
        is_mark = last in ".,;:!?|»“”’‘" or (last in "\"'" and address.count(last) % 2)
        if not is_mark and not is_bracket:
            break
        address = address[:-1]
    return address


def several(text: str) -> list[str]:
    """Return the values of a cell, in order and each once: parted by `;`, `|` or line breaks, else by commas.

    >>> several("Health, Jobs;Prices"), several("Health,Health,Posts"), several('["a", "b"]'), several("-")
    (['Health, Jobs', 'Prices'], ['Health', 'Posts'], ['a', 'b'], [])
    """
    if len(text) > _LIMIT:
        return []
    bare = text.strip()
    if re.fullmatch(r"\[.*\]", bare, re.DOTALL):  # as JSON and Python write lists
        parts = [first or second for first, second in re.findall(r"\"([^\"]*)\"|'([^']*)'", bare)] or [
            bare[1:-1]
        ]
    else:
        parts = re.split(r"[;|\n；؛␤]", bare)
    if len(parts) == 1:
        parts = re.split("[,，、،]", parts[0])
    kept: dict[str, str] = {}
    for part in (" ".join(one.split()) for one in parts):
        if not is_blank(part):
            kept.setdefault(part.casefold(), part)
    return list(kept.values())
