"""A ledger's history asked of an engine that holds more than this machine's memory.

For tables of millions of rows and stores that a team shares: what `history` answers of one ledger in memory, DuckDB,
PostgreSQL and Apache Spark answer in the same frames. It imports `ledger` and what that imports, `measures`, and Ibis
once a store is asked for. Begin with `store`, whose calls are a ledger's own; `questions` says each once for all engines.
"""

from factdesk.scale.store import Store, connect

__all__ = ["Store", "connect"]
