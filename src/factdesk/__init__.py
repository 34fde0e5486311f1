"""A claim fact-checking workbench for Jupyter: log claims, attach sources, give statuses, chart them."""
