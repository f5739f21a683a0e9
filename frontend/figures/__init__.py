"""Charts that read without colour: every mark carries its text, and each has a sentence for who cannot see it.

They are Vega-Lite specifications, which is what Streamlit draws: plain data, with no library between.
"""
