"""The rules on paper: pure functions and tables, standard library only, no clock, no SQL, no screen."""
