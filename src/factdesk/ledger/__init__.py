"""The ledger: opened, read as frames, and written."""
