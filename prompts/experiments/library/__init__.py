"""The library of prompts: the shipped ones and a person's own, each with its versions."""
