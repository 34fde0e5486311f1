"""Statuses through time."""
