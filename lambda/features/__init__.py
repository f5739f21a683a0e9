"""The seven raw tables as declared, and the SQL that turns their rows into one row per application."""
