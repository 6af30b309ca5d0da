"""The Accept header: which media type a client would rather have (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """Return the media type among those `offered` that is accepted best, the first of equals; None if none is.

    >>> preferred("text/plain;q=0.5, image/*", ["text/plain", "image/svg+xml"])
    'image/svg+xml'
    >>> preferred("image/webp", ["image/svg+xml"]) is None
    True
    """
    weights = _weights(accept) or {"*/*": 1.0}
    best = max(offered, key=lambda offer: _weight(weights, offer))
    return best if _weight(weights, best) > 0 else None


def prefers_pictures(accept: str) -> bool:
    """Return whether a client wants an image rather than anything else, as the `<img>` of a browser does.

    >>> prefers_pictures("image/avif,image/webp,image/*,*/*;q=0.8"), prefers_pictures("*/*"), prefers_pictures("")
    (True, False, False)
    """
    weights = _weights(accept)
    return _weight(weights, "image/svg+xml") > _weight(weights, "application/json")


def _weights(accept: str) -> dict[str, float]:
    weights = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media:
            weights[media] = next((_number(text[2:]) for text in parameters if text.startswith("q=")), 1.0)
    return weights


def _weight(weights: dict[str, float], media: str) -> float:
    """Return the weight of the most precise range that a media type is in."""
    for one in (media, f"{media.partition('/')[0]}/*", "*/*"):
        if one in weights:
            return weights[one]
    return 0.0


def _number(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
