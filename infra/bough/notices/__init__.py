"""Notices of deployments: what happened, told to Sentry, Rollbar, Slack and other programs.

The keeper sends them, and the ledger says which (ADR 33): no deployment waits for one, or fails.
"""
