"""Releases: what is promoted, and putting it into a stage."""
