"""What follows from a ledger's history: row versions, corrections, revisions, repeats, durations and what is due.

It imports `ledger` and what that imports, and only reads. Begin with `row_versions`, which says what each row
held from which day to which; `factdesk.measures` is the public name of the frames.
"""
