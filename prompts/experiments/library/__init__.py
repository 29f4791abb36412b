"""The library of prompts: those that Collate ships and a person's own, each with its versions."""
