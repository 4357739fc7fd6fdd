"""Pictures and pages. Nothing is imported here: the light door takes ``reports.svg`` alone."""
