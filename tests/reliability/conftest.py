from tests.tracking.conftest import content, database, empty_store, uri

__all__ = ["content", "database", "empty_store", "uri"]
