"""Turns an address, a file or pasted text into an article, and an article into the claims that it reports.

It imports errors, schema, text, frames and formats; only `fetching` here touches the network, and only when asked.
Begin at `article.read_article`, and at `candidates.candidates` for who says what.
"""
