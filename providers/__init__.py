"""Talks to models and measures them.

Knows SDKs, the clock, prices and facts about model families; no screen, no database.
"""
