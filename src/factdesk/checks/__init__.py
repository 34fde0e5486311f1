"""What is wrong or weak in a ledger: values, merges, external edits, spreadsheet damage, homoglyphs.

Functions from what `storage` read to findings; they may import `storage`, `schema`, `errors` and `text`, and
write nothing. Begin with `values.sound`, which judges a ledger as it is opened.
"""
