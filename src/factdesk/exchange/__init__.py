"""Tables, feeds and reviews of other programs read into a ledger's terms, and a ledger written out for them.

It may import the ledger, `history`, `checks`, `storage`, `schema` and below, never charts, pages or the desk; only a
call that says so changes a ledger. Begin with `tables.read`, which reads any table as text, then `columns.guess`; for
fact-checks as they are published, with `claimreview`.
"""
