"""Talks to models and measures them. Knows SDKs, the clock, prices and family facts; no screen, no database."""
