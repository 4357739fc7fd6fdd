"""Receivers of the platform's signals; ``apps`` connects them."""
