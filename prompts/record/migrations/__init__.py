"""The history of the schema, one file a step; run by `prompts.record.database` when a record is opened."""
