"""PostgreSQL: what is kept, and guards that hold whatever the program above does."""
