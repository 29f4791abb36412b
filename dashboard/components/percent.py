"""How axes and legends of charts write a share: `50 %`, as the text around them does."""

PERCENT = "format(100 * datum.value, '.0f') + ' %'"
"""For `labelExpr` of an axis or legend."""
