"""The desk's parts by themselves: the list of claims, one claim, and the reader; each is the desk that shows one of them."""

from __future__ import annotations

from factdesk.articles.article import Article
from factdesk.desk.workbench import Desk
from factdesk.ledger.ledger import Ledger
from factdesk.ledger.opening import create
from factdesk.storage import scratch


def claims(ledger: Ledger) -> Desk:
    """Return the desk's list alone: claims searched, filtered and put in order.

    Parameters
    ----------
    ledger : Ledger
        A ledger, or a view of one. `selected` is the claim that was chosen, `day` the day as of which it is read.

    Examples
    --------
    >>> import factdesk as fd
    >>> listed = fd.desk.claims(fd.open("claims.csv").where(claimant="Keir Starmer"))
    >>> listed.selected = "starmer-action-not-study"
    >>> listed
    Claims of “Ceasefire claims, March 2025”, at starmer-action-not-study
    """
    return Desk(ledger, part="claims")


def claim(ledger: Ledger, claim_id: str) -> Desk:
    """Return one claim alone, whole, with the forms that judge, source and correct it.

    Parameters
    ----------
    ledger : Ledger
        A ledger; or a view of one, which is only shown.
    claim_id : str
        Which claim. Setting `selected` shows another one, `day` what held on another day.

    Raises
    ------
    NotFound
        Where there is no such claim.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.desk.claim(fd.open("claims.csv"), "trump-talks-productive")
    Claim of “Ceasefire claims, March 2025”, at trump-talks-productive
    """
    shown = Desk(ledger, part="claim")
    shown.selected = claim_id
    return shown


def reader(shown: Article | Ledger, ledger: Ledger | None = None) -> Desk:
    """Return the reader alone: an article with what somebody says in it marked, and what is logged of it.

    Parameters
    ----------
    shown : Article or Ledger
        What `read_article` returned; or a ledger, to paste, upload or fetch an article there.
    ledger : Ledger, optional
        Where words that are selected in the article are logged. Without one it is only shown.

    Examples
    --------
    >>> import factdesk as fd
    >>> fd.desk.reader(fd.read_article("It rained on Monday, the mayor said."))
    Reader of “It rained on Monday, the mayor said.”
    >>> fd.desk.reader(fd.open("claims.csv"))
    Reader of “Ceasefire claims, March 2025”
    """
    if isinstance(shown, Ledger):
        return Desk(shown, part="reader")
    if ledger is None:
        title = shown.title or " ".join(shown.text.split())[:60]
        with scratch.folder() as folder:
            ledger = create(folder / "article.csv", title=title).where()
    return Desk(ledger, part="reader", article=shown)
