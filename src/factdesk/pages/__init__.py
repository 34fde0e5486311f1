"""Pages that stand alone: notebooks shared, the explorer of a ledger, and what stands beside them.

It may import everything but the desk and the command line; of charts only what reads a finished specification, how
statuses look and where days lie. Begin with `share`, which does all of it in order, then `article` and `html`.
"""
