"""What a column of somebody's sheet can be to a ledger, and the names that such columns go by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

LIKE = 91
"""Least likeness (rapidfuzz WRatio) of two names: on three real tables every guess below it was wrong."""

_NAME_LIMIT = 80
# Words that narrow no name down: `speaker_name` is the speaker, `verdict_raw` a verdict.
_EMPTY_WORD = re.compile(r"names?|raw|text|full|clean(ed)?|original|values?|column|field|\d+")
_LINKING_WORD = re.compile("the|a|of|de|la|les?|du|des|d|l|d[ao]s?|d[ei]r|die|von|del(la)?|di|el|los|las")


@dataclass(frozen=True)
class Field:
    """One thing that a column can be: its name, what cells of it hold, its meaning and what people call it.

    `holds` is `text`, `words` (short text), `day`, `addresses`, `several`, `status`, `kind` or `id`; `many` says
    whether several columns of one table may be it.
    """

    name: str
    holds: str
    meaning: str
    names: tuple[str, ...]
    many: bool = False


def _field(name: str, holds: str, meaning: str, names: str, *, many: bool = False) -> Field:
    return Field(name, holds, meaning, tuple(part.strip() for part in names.split(",")), many)


# Synonyms stand by language: English, German, French, Spanish, Portuguese, Italian, Ukrainian, Russian, Arabic,
# Hindi, Turkish. A name that could be two things (`title`, `author`, `citation`) is no synonym of either.
FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _field(
            "claim",
            "text",
            "the proposition that is checked",
            """
            claim, claims, claim text, statement, assertion, allegation, claim reviewed, what was claimed,
            claim review claim reviewed, claim to check, checked claim, what is the claim, proposition, promise, pledge,
            Behauptung, Behauptungen, Aussage, Aussagen, Tatsachenbehauptung, Versprechen, These,
            affirmation, affirmations, allégation, déclaration, propos, promesse,
            afirmación, afirmaciones, declaración, alegación, aseveración, promesa,
            afirmação, afirmações, alegação, declaração,
            affermazione, affermazioni, dichiarazione, asserzione, promessa,
            твердження, заява, обіцянка, утверждение, заявление, обещание,
            ادعاء, الادعاء, الادعاءات, تصريح, التصريح, दावा, दावे, कथन, बयान, iddia, iddialar, beyan, söz""",
        ),
        _field(
            "claimant",
            "words",
            "who asserts it",
            """
            claimant, claimed by, claimer, speaker, speaker slug, said by, stated by, who said it, who said this,
            who made the claim, person, politician, statement by, attributed to, author of claim, claim author,
            creative work author name, item reviewed author name, promised by,
            Sprecher, Sprecherin, Sprecher/in, Sprecher:in, Urheber, Politiker, Politikerin, behauptet von, gesagt von,
            Aussage von, auteur de la déclaration, orateur, intervenant, locuteur, personnalité, dit par, déclaré par,
            orador, declarante, quién lo dijo, dicho por, personaje, político, quem disse, dito por,
            autor da declaração, dichiarante, oratore, chi lo ha detto, detto da, politico,
            спікер, мовець, хто сказав, автор заяви, політик, спикер, кто сказал, автор заявления, политик,
            المدعي, المتحدث, القائل, صاحب الادعاء, صاحب التصريح, वक्ता, दावेदार, किसने कहा,
            konuşmacı, iddia sahibi, kim söyledi, söyleyen""",
        ),
        _field(
            "claimant_role",
            "words",
            "the title that the claimant held on the day",
            """
            role, claimant role, speaker role, job title, speaker job title, speaker title, office held, function,
            Amt, Funktion, Rolle, fonction, poste, cargo, puesto, função, carica, ruolo, incarico,
            посада, должность, المنصب, पद, görevi, unvan, makam""",
        ),
        _field(
            "made_on",
            "day",
            "the day on which it was made",
            """
            date, day, claim date, date of claim, date of the claim, made on, date made, claim made on, said on,
            date said, statement date, date of statement, date claimed, claimed on, stated on, when was it said, when,
            wann, quand, cuándo, quando, коли, когда, متى, कब, ne zaman,
            Datum, Datum der Aussage, Datum der Behauptung, Aussagedatum, gesagt am, date de la déclaration,
            date de l'affirmation, dit le, fecha, fecha de la afirmación, fecha de la declaración, data,
            data da afirmação, data da declaração, data della dichiarazione, data dell'affermazione,
            дата, дата заяви, дата твердження, дата заявления, дата утверждения,
            التاريخ, تاريخ, تاريخ الادعاء, تاريخ التصريح, तारीख, दिनांक, तिथि, दावे की तारीख, tarih, iddia tarihi""",
        ),
        _field(
            "quote",
            "text",
            "the claimant's exact words",
            """
            quote, quotes, quotation, exact words, exact quote, original quote, verbatim, Zitat, Wortlaut,
            citation exacte, cita, cita textual, citação, citazione, цитата, اقتباس, الاقتباس, उद्धरण, alıntı""",
        ),
        _field(
            "appearance",
            "addresses",
            "the document in which it was made",
            """
            appearance, first appearance, claim url, claim link, link to claim, url of claim, statement url,
            original url, original link, original post, post url, tweet url, where it appeared, where was it said,
            Fundstelle, Link zur Behauptung, Link zur Aussage, lien de la déclaration, enlace a la declaración,
            link da declaração, link alla dichiarazione, посилання на заяву, ссылка на заявление, رابط الادعاء,
            दावे का लिंक, iddia bağlantısı""",
        ),
        _field(
            "kind",
            "kind",
            "what sort of proposition it is",
            """
            kind, type, claim type, type of claim, kind of claim, Art, Typ, Art der Aussage, Art der Behauptung,
            type d'affirmation, tipo, tipo de afirmación, tipo de afirmação, tipo di affermazione, тип, вид,
            النوع, प्रकार, tür, iddia türü""",
        ),
        _field(
            "topics",
            "several",
            "what it is about",
            """
            topic, topics, tag, tags, extra tags, subject, subjects, theme, themes, category, categories, issue,
            issues, keyword, keywords, policy area, Thema, Themen, Schlagwort, Schlagworte, Schlagwörter, Stichwort,
            Stichworte, Kategorie, Kategorien, Rubrik, thème, thèmes, sujet, sujets, catégorie, catégories, mots-clés,
            tema, temas, etiquetas, categoría, categorías, palabras clave, assunto, assuntos, categoria, categorias,
            palavras-chave, argomento, argomenti, temi, etichette, тема, теми, теги, категорія, темы, категория,
            рубрика, موضوع, الموضوع, المواضيع, الوسوم, विषय, टैग, श्रेणी, konu, konular, etiketler, kategori""",
            many=True,
        ),
        _field(
            "note",
            "text",
            "anything else a colleague should know",
            """
            note, notes, comment, comments, remark, remarks, context, internal notes, Notiz, Notizen, Anmerkung,
            Anmerkungen, Bemerkung, Bemerkungen, Kommentar, Kontext, remarque, remarques, commentaire, commentaires,
            contexte, nota, notas, comentario, comentarios, observaciones, contexto, observações, comentários,
            commento, commenti, osservazioni, contesto, примітка, примітки, коментар, контекст, примечание,
            примечания, комментарий, ملاحظة, ملاحظات, تعليق, تعليقات, السياق, टिप्पणी, संदर्भ, notlar, yorum""",
            many=True,
        ),
        _field(
            "status",
            "status",
            "what was found of it",
            """
            status, verdict, rating, ruling, label, truth rating, truth value, truthfulness, veracity, judgement,
            judgment, assessment, conclusion, fact check rating, fact check verdict, rating alternate name,
            textual rating, alternate name, claim status, Verdikt, review rating, truth o meter, result, outcome, Urteil, Bewertung,
            Einstufung, Ergebnis, Fazit, Wahrheitsgehalt, évaluation, statut, jugement, veredicto, calificación,
            valoración, clasificación, resultado, conclusión, veredito, classificação, avaliação, selo, verdetto,
            valutazione, giudizio, esito, вердикт, оцінка, висновок, статус, оценка, вывод, الحكم, التقييم, النتيجة,
            التصنيف, फैसला, निर्णय, रेटिंग, karar, hüküm, değerlendirme, sonuç""",
        ),
        _field(
            "holds_from",
            "day",
            "the day from which the status holds",
            """
            holds from, check date, date of check, date of the check, date checked, checked on, review date,
            date of review, reviewed on, date reviewed, fact check date, factcheck date, verdict date,
            date of verdict, rating date, date rated, rated on, ruling date, claim review date published,
            review date published, Prüfdatum, geprüft am, Datum der Prüfung, Datum der Bewertung, bewertet am,
            date de vérification, date de la vérification, vérifié le, date du verdict, fecha de verificación,
            fecha de la verificación, verificado el, fecha de revisión, data da verificação, data de verificação,
            verificado em, data da checagem, checado em, data di verifica, data della verifica, verificato il,
            дата перевірки, дата проверки, تاريخ التحقق, تاريخ المراجعة, जांच की तारीख, सत्यापन तिथि,
            kontrol tarihi, doğrulama tarihi, inceleme tarihi""",
        ),
        _field(
            "rationale",
            "text",
            "why it was judged so",
            """
            rationale, reason, reasoning, explanation, justification, why, why this rating, verdict reason,
            verdict explanation, Begründung, Erklärung, Erläuterung, explication, raison, justificación, explicación,
            razón, justificativa, explicação, motivo, motivazione, spiegazione, обґрунтування, пояснення,
            обоснование, объяснение, السبب, التعليل, الشرح, التفسير, कारण, व्याख्या, gerekçe, açıklama""",
        ),
        _field(
            "gaps",
            "text",
            "what was looked for and not found",
            """
            gaps, open questions, what is missing, unknowns, not found, still open, limitations, Lücken,
            offene Fragen, lacunes, questions ouvertes, lagunas, preguntas abiertas, lacunas, perguntas em aberto,
            lacune, domande aperte, прогалини, відкриті питання, пробелы, открытые вопросы, ثغرات, أسئلة مفتوحة,
            खुले प्रश्न, açık sorular""",
        ),
        _field(
            "source",
            "addresses",
            "addresses of the evidence",
            """
            source, sources, link, links, url, urls, source url, source link, source links, evidence, evidence url,
            evidence link, reference, references, refs, extra refered links, referred links, extra referred links,
            cited sources, hyperlink, hyperlinks, web links, Quelle, Quellen, Beleg, Belege, Nachweis, Nachweise,
            lien, liens, preuve, preuves, références, fuente, fuentes, enlace, enlaces, pruebas, referencias,
            fonte, fontes, referências, provas, evidências, fonti, collegamenti, prove, riferimenti, джерело, джерела,
            посилання, докази, источник, источники, ссылка, ссылки, доказательства, مصدر, المصدر, مصادر, المصادر,
            رابط, الرابط, روابط, الروابط, الأدلة, स्रोत, लिंक, सबूत, साक्ष्य, kaynak, kaynaklar, bağlantı, bağlantılar,
            kanıt, kanıtlar""",
            many=True,
        ),
        _field(
            "source_title",
            "words",
            "the title of the evidence",
            """
            source title, title of source, evidence title, article title, Quellentitel, Titel der Quelle,
            titre de la source, título de la fuente, título da fonte, titolo della fonte, назва джерела,
            название источника, عنوان المصدر, स्रोत का शीर्षक, kaynak başlığı""",
        ),
        _field(
            "source_publisher",
            "words",
            "who published the evidence",
            """
            publisher, source publisher, publisher of source, outlet, news outlet, Herausgeber, média, éditeur,
            medio, veículo, testata, editore, видання, издание, الناشر, प्रकाशक, yayıncı""",
        ),
        _field(
            "published_at",
            "addresses",
            "the address of one's own published check",
            """
            published at, fact check url, factcheck url, fact check link, fact check, review url, claim review url,
            check url, url of check, link to check, our check, permalink, Faktencheck, Faktencheck Link,
            Link zum Faktencheck, lien de la vérification, lien du fact-check, enlace de la verificación,
            url de la verificación, link da checagem, link da verificação, link della verifica,
            посилання на перевірку, ссылка на проверку, رابط التحقق, जांच का लिंक, doğrulama bağlantısı""",
        ),
        _field(
            "recorded_by",
            "words",
            "who judged it",
            """
            checked by, fact checker, fact checked by, factchecker, checker, rated by, judged by, verified by,
            recorded by, verdict by, analyst, annotator, Prüfer, Prüferin, geprüft von, Bearbeiter, Bearbeiterin,
            bearbeitet von, Faktenchecker, vérifié par, vérificateur, évalué par, verificado por, verificador,
            checado por, checador, verificato da, verificatore, перевірив, фактчекер, проверил, кто проверил,
            المدقق, जांचकर्ता, सत्यापनकर्ता, kontrol eden, doğrulayan""",
        ),
        _field(
            "reviewed_by",
            "words",
            "who reviewed the judgement",
            """
            reviewed by, reviewer, second checker, approved by, double checked by, editor, Gegenleser, Gegenleserin,
            gegengelesen von, freigegeben von, Redakteur, Redakteurin, relu par, relecteur, validé par, revisado por,
            revisor, aprobado por, aprovado por, revisore, approvato da, рецензент, редактор, المراجع, समीक्षक,
            gözden geçiren, onaylayan""",
        ),
        _field(
            "row_id",
            "id",
            "the sheet's own name of the row",
            """
            id, no, nr, num, number, row, row id, row number, claim id, item id, record id, ref, reference number,
            case number, case no, key, identifier, uid, uuid, Nummer, lfd Nr, laufende Nummer, Kennung, numéro,
            n°, identifiant, número, núm, nº, identificador, numero, codice, номер, ідентифікатор, идентификатор,
            رقم, الرقم, المعرف, क्रमांक, आईडी, numara, sıra no, sıra""",
        ),
        _field(
            "due_on",
            "day",
            "the day by which it should have come true",
            """
            due, due on, due date, due by, deadline, target date, promised for, expected by, fällig, fällig am, Frist,
            Termin, échéance, date limite, fecha límite, plazo, vencimiento, prazo, data limite, scadenza,
            кінцева дата, термін, срок, крайний срок, الموعد النهائي, تاريخ الاستحقاق, समय सीमा, नियत तारीख,
            son tarih, bitiş tarihi""",
        ),
        _field(
            "would_settle",
            "text",
            "what would settle it",
            """
            would settle, what would settle it, success criterion, success criteria, resolution criteria, criterion,
            criteria, Kriterium, Kriterien, critère, critères, criterio, criterios, critério, critérios, criteri,
            критерій, критерий, المعيار, मानदंड, kriter, ölçüt""",
        ),
    )
}
"""What a column can be, by name."""


def normal(name: str) -> str:
    """Return a column's name as names are compared: words in small letters, without accents and marks.

    >>> normal("claimReview_datePublished"), normal("N°"), normal("Prüf-Datum:")
    ('claim review date published', 'n', 'pruf datum')
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    if apart.isascii():
        return " ".join(re.sub("[^a-z0-9]+", " ", apart.lower()).split())
    plain = unicodedata.normalize("NFKD", apart).casefold().replace("ı", "i")
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    # vowel signs of Indic scripts are no letters to Python, and part of the word
    marks = "".join(one if one.isalnum() or unicodedata.category(one) == "Mc" else " " for one in plain)
    return " ".join(marks.split())


@cache
def _known() -> dict[str, tuple[str, str]]:
    """Return by each normal name the field and the name as people write it."""
    names = [(name, field.name) for field in FIELDS.values() for name in field.names]
    return {
        normal(name): (field, name) for name, field in reversed(names)
    }  # of two that are alike, the first


def known(name: str) -> str:
    """Return the field that goes by just this name; nothing where none does.

    >>> known("Speaker_Name"), known("Sources (2)"), known("State")
    ('claimant', 'source', '')
    """
    if len(name) > _NAME_LIMIT:
        return ""
    words = normal(name)
    return _known().get(words, _known().get(_core(words), ("", "")))[0]


def by_name(name: str) -> list[tuple[str, float, str]]:
    """Return the fields that a column's name is like, the likest first, each with its likeness and the name known.

    A name is like another when their words are the same but for slips, and for words that narrow nothing down.

    >>> by_name("Date of claim"), by_name("Claimat")
    ([('made_on', 100.0, 'date of claim')], [('claimant', 93.3..., 'claimant')])
    >>> by_name("speaker_party")
    []
    """
    from rapidfuzz import fuzz, process

    words = normal(name[:_NAME_LIMIT])
    if words in _known():
        field, written = _known()[words]
        return [(field, 100.0, written)]
    core = _core(words)
    lost = len(words.split()) - len(core.split())
    best: dict[str, tuple[str, float, str]] = {}
    for other, score, _ in process.extract(
        core, list(_known()), scorer=fuzz.WRatio, score_cutoff=LIKE, limit=20
    ):
        field, written = _known()[other]
        if field not in best and _same_words(core.split(), other.split()):
            best[field] = (field, round(score - lost, 1), written)
    return list(best.values())


def _core(words: str) -> str:
    """Return a name without the words that narrow nothing down, such as numbers."""
    kept = [word for word in words.split() if not _EMPTY_WORD.fullmatch(word)]
    return " ".join(kept)


def _same_words(one: Iterable[str], other: Iterable[str]) -> bool:
    from rapidfuzz import fuzz

    left, right = ([word for word in words if not _LINKING_WORD.fullmatch(word)] for words in (one, other))

    def has(words: list[str], word: str) -> bool:
        return any(word == near or (len(word) > 3 and fuzz.ratio(word, near) >= 85) for near in words)

    return bool(left) and all(has(right, word) for word in left) and all(has(left, word) for word in right)
