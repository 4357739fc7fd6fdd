"""Django's SQLite backend for a threaded server; see ``base``."""
