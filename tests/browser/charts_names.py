"""Names of rows that a program could take for its own words."""

NAMES = ("if", "datum", "constructor", "toString", '"', "\\", "__proto__", "null", "true", "</script>")
