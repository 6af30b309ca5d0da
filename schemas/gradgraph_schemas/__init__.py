"""The published JSON Schemas of gradgraph documents, as data.

>>> schema_versions()[0]
'1.0'
>>> schema()["$schema"]
'https://json-schema.org/draft/2020-12/schema'
"""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

_NAME = re.compile(r"graph-([0-9]+)\.([0-9]+)\.schema\.json")


@cache
def schema_versions() -> tuple[str, ...]:
    """Return the document versions with a published schema, oldest first: every schema file of this package."""
    folders = [folder for folder in files(__name__).iterdir() if folder.is_dir()]
    names = [_NAME.fullmatch(file.name) for folder in folders for file in folder.iterdir()]
    return tuple([f"{major}.{minor}" for major, minor in sorted([(int(n[1]), int(n[2])) for n in names if n])])


def schema_text(version: str | None = None) -> str:
    """Return the schema file of a document version, of the newest by default, exactly as published.

    Raises KeyError for a version that has none.
    """
    published = schema_versions()
    if version and version not in published:
        raise KeyError(version)
    asked = version or published[-1]
    file = files(__name__).joinpath(f"v{asked.partition('.')[0]}", f"graph-{asked}.schema.json")
    return file.read_text(encoding="utf-8")


@cache
def schema(version: str | None = None) -> dict[str, Any]:
    """Return the schema of a document version, of the newest by default, as a dictionary. Raises KeyError as above."""
    loaded: dict[str, Any] = json.loads(schema_text(version))
    return loaded
