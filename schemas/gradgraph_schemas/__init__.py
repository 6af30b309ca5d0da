"""The published JSON Schemas of gradgraph documents, as data.

>>> schema_versions()
('1.0',)
>>> schema()["$schema"]
'https://json-schema.org/draft/2020-12/schema'
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

_FILES = {"1.0": "v1/graph-1.0.schema.json"}


def schema_versions() -> tuple[str, ...]:
    """The document versions with a published schema, oldest first."""
    return tuple(_FILES)


def schema_text(version: str | None = None) -> str:
    """The schema file of a document version, of the newest by default, exactly as published.

    Raises KeyError for a version that has none.
    """
    return files(__name__).joinpath(_FILES[version or schema_versions()[-1]]).read_text(encoding="utf-8")


@cache
def schema(version: str | None = None) -> dict[str, Any]:
    """The schema of a document version, of the newest by default, as a dictionary. Raises KeyError as above."""
    loaded: dict[str, Any] = json.loads(schema_text(version))
    return loaded
