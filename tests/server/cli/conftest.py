"""The databases of the store's tests, for commands that look at databases."""

from tests.server.store.conftest import play, postgres_server, postgres_url, sqlite_url, url

__all__ = ["play", "postgres_server", "postgres_url", "sqlite_url", "url"]
