"""A person's hands on a ledger: the desk in a notebook, over the same calls as everything else."""

from factdesk.widgets.desk import Desk, workbench

__all__ = ["Desk", "workbench"]
