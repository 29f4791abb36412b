"""Below the answers: table, repeats, timeline, agreement, costs against time."""
