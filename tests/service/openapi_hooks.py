"""What schemathesis is told: half of the documents it sends are sound ones, which random values never are."""

import base64
import json
import zlib

import schemathesis
import yaml
from hypothesis import strategies as st

from gradgraph import dumps
from tests.strategies import graphs

documents = st.deferred(lambda: graphs(most=6)).map(dumps).map(json.loads)


@schemathesis.hook
def before_generate_body(context, strategy):
    """Send sound documents as well."""
    if context.operation.path.startswith("/v1/render"):
        return st.one_of(strategy, documents)
    return strategy


@schemathesis.hook
def before_generate_path_parameters(context, strategy):
    """Pack sound documents, and any bytes, into addresses."""
    if not context.operation.path.endswith("{packed}"):
        return strategy
    packed = st.one_of(documents.map(lambda document: json.dumps(document).encode()), st.binary(max_size=200))
    return st.one_of(strategy, packed.map(lambda text: {"packed": pack(text)}))


def pack(document: bytes) -> str:
    """The part of an address that holds a document."""
    return base64.urlsafe_b64encode(zlib.compress(document)).decode().rstrip("=")


@schemathesis.serializer("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")
def as_yaml(context, value):
    """Write YAML as it is usual; JSON would do, since all JSON is YAML."""
    return yaml.safe_dump(value, allow_unicode=True).encode("utf-8", "replace")
