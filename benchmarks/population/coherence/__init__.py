"""Whether histories hold together: rules over and between the tables, in SQL, one line each in ``rules.csv``."""
