"""Stages: where each release stands, and whether it may go further. All but `current` and what
records is pure, and follows from the ledger alone."""
