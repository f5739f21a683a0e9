"""Draw synthetic applicants and their histories from the fitted profile."""
