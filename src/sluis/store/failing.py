"""What goes wrong in databases, in words without any value."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from sluis.core.errors import StoreUnavailable, WrongState

DRIVER_ERRORS: Final = (sqlite3.Error, psycopg.Error)
_CAUSES: Final = (
    ("locked", "the database is locked by somebody else"),
    ("lock timeout", "the database is locked by somebody else"),
    ("disk is full", "the disk of the database is full"),
    ("no space left", "the disk of the database is full"),
    ("readonly", "the database cannot be written"),
    ("read-only", "the database cannot be written"),
    ("unable to open", "the database cannot be opened"),
    ("no such table", "the database has no tables yet: upgrade it"),
    ("relation", "the database has no tables yet: upgrade it"),
    ("not a database", "the file is no database"),
    ("malformed", "the database file is damaged"),
    ("timeout", "the database did not answer in time"),
    ("connect", "there is no connection to the database"),
)


@contextmanager
def failing_closed(taken: str = "this is kept already") -> Iterator[None]:
    """Turn a key in use into `WrongState` and every other error of a database or its driver into `StoreUnavailable`.

    The messages say what is wrong without any value.
    """
    try:
        yield
    except IntegrityError:
        raise WrongState(taken) from None
    except (SQLAlchemyError, *DRIVER_ERRORS) as error:
        # The driver's words can hold values of the row, so only the kind of trouble goes on, and the cause is dropped.
        raise StoreUnavailable(_cause(error)) from None


def _cause(error: Exception) -> str:
    words = str(getattr(error, "orig", None) or error).lower()
    return next((cause for sign, cause in _CAUSES if sign in words), f"the database failed ({type(error).__name__})")
