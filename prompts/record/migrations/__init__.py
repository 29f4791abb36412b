"""Migrations of the schema, one file per step; run by `prompts.record.database` when a record is opened."""
