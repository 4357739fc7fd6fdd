"""SQLite under several browsers at once.

Django opens transactions as readers and turns them into writers later; when two do so together, one
fails at once however long the timeout. Taking the write lock at the start makes the second one wait.
Django 5.1 has an option for it; the platform's Teak release runs 4.2.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

__all__ = ["DatabaseWrapper"]


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA journal_mode = WAL")
        return connection

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        #: As Django 5.1 calls it, for who asks how transactions begin.
        self.transaction_mode = "IMMEDIATE"
        return params

    def _start_transaction_under_autocommit(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")
