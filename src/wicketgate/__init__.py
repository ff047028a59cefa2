"""Wicketgate: a gate in front of records that the law keeps confidential."""
