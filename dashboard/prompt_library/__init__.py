"""The page Prompts: the library, its texts and versions, and the form that saves one."""
