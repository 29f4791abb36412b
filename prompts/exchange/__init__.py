"""Runs leaving as files and coming in from files."""
