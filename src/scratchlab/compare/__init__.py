"""Comparing runs, of a sweep or any others: the table, the pictures, and the page that shows both."""
