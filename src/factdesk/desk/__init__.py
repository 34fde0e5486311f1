"""The desk in a notebook: the list of claims, one of them whole, and forms over the public calls.

It may import everything but the command line; nothing but `factdesk.workbench` and `factdesk.desk` imports it. Begin
with `workbench.Desk`; `listing` is its list, `whole` one claim, `writing` what it writes, `parts` what stands alone; the
browser's part lies in `static/desk*.js`.
"""

from factdesk.desk.parts import claim, claims, reader

__all__ = ["claim", "claims", "reader"]
