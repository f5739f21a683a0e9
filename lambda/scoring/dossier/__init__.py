"""The door for raw dossiers: the tables of one applicant in, the same answer out; the only part that knows features."""
