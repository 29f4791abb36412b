"""The command `collate`."""
