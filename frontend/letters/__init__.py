"""What an applicant is handed: the letter of a decision."""
