"""The page Prompts: the library of prompts with their versions, and the form in which they are written."""
