"""A document in an address: deflated, and spelled in letters, digits, "-" and "_"."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from gradgraph.errors import DocumentError, Problem, TooLarge

MOST_INFLATED = 1 << 20
"""Bytes of a document that an address may hold."""


def packed(document: bytes) -> str:
    """Return a document as the last part of an address.

    It is deflated in zlib format (RFC 1950), as `CompressionStream("deflate")` does in a browser, then spelled in
    base64url without padding (RFC 4648, section 5).

    >>> unpacked(packed(b"{}"))
    b'{}'
    """
    return urlsafe_b64encode(zlib.compress(document, 9)).rstrip(b"=").decode()


def unpacked(text: str, most: int = MOST_INFLATED) -> bytes:
    """Return the document that `packed` or a browser has put into an address.

    Takes time and memory linear in the text and in `most`, however far the text would inflate. Raises TooLarge for a
    document of more than `most` bytes. Raises DocumentError for a text that is not base64url without padding, for one
    that is not deflated or is cut off, and for anything that follows.
    """
    try:
        deflated = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise _refused("is not base64url") from None
    if urlsafe_b64encode(deflated).rstrip(b"=").decode() != text:  # the decoder skips what it does not know
        raise _refused("is not base64url without padding")
    inflating = zlib.decompressobj()
    try:
        document = inflating.decompress(deflated, most + 1)
    except zlib.error:
        raise _refused("is not deflated in zlib format") from None
    if len(document) > most:
        raise TooLarge(f"the document in the address inflates to more than {most:,} bytes: send it as a body (POST)")
    if not inflating.eof:
        raise _refused("is cut off")
    if inflating.unused_data:
        raise _refused(f"goes on for {len(inflating.unused_data):,} bytes after its end")
    return document


def _refused(why: str) -> DocumentError:
    remedy = "gradgraph url FILE writes a whole address"
    return DocumentError((Problem(f"the document in the address {why}", remedy=remedy),))
