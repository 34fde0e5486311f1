"""The ledger: opened, read as frames, written, sealed and verified.

It imports `storage`, `checks` and the modules at the top (schema, errors, text, frames), never charts, pages or
the desk. Begin with `ledger.py`, the one object with state: what is read comes from `dataset`, what a call
writes is composed by `transaction` from what `parsing` makes of the input, and `intervals` says which status held
when.
"""
