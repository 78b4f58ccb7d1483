"""The only room that knows SQLModel and SQL. Rows of SQLModel never leave it; frozen rows do."""
