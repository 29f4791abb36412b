"""The record as files for other people and programs, and such files taken into the record."""
