"""The desk in a notebook: the list of claims, one of them whole, and forms over the public calls.

It may import everything but the command line; nothing but `factdesk.workbench` imports it. Begin with
`workbench.Desk`; `claims` is its list, `claim` one whole, `writing` what it writes; the browser's part lies in
`static/desk*.js`.
"""
