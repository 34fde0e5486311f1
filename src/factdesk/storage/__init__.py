"""CSV files read and written so that nothing is lost: lock, journal, fsync, Git.

It imports `schema`, `errors` and `text` only; nothing else writes a ledger's files. Begin with `files.Store`,
whose `read` and `commit` are what a ledger calls, then `journal` and `csvfile`.
"""
