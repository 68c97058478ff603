"""The databases of the store's tests: money is counted alike in each kind."""

from ..store.conftest import play, postgres_server, postgres_url, sqlite_url, url

__all__ = ["play", "postgres_server", "postgres_url", "sqlite_url", "url"]
