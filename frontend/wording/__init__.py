"""The page's own words and numbers, in French and in English."""
