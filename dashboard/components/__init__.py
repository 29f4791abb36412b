"""Pieces of screen used by more than one page, or too long for one."""
