"""The Accept header: which media type a client would rather have (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

from starlette.datastructures import Headers


def accepted(headers: Headers) -> str:
    """Return what the client accepts. Several Accept headers are one list (RFC 9110, section 5.3)."""
    return ",".join(headers.getlist("accept"))


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """Return the media type among those `offered` that is accepted best, the first of equals; None if none is.

    >>> preferred("text/plain;q=0.5, image/*", ["text/plain", "image/svg+xml"])
    'image/svg+xml'
    >>> preferred("image/webp", ["image/svg+xml"]) is None
    True
    """
    weights = _weights(accept) if accept.strip(", ") else {"*/*": 1.0}
    best = max(offered, key=lambda offer: _weight(weights, offer))
    return best if _weight(weights, best) > 0 else None


def prefers_pictures(accept: str) -> bool:
    """Return whether a client wants an image rather than a problem, as the `<img>` of a browser does.

    >>> prefers_pictures("image/avif,image/webp,image/*,*/*;q=0.8"), prefers_pictures("*/*"), prefers_pictures("")
    (True, False, False)
    """
    weights = _weights(accept)
    return _weight(weights, "image/svg+xml") > max(
        _weight(weights, "application/problem+json"), _weight(weights, "application/json")
    )


def _weights(accept: str) -> dict[str, float]:
    """Return the weight of each media range. One with parameters names none of our types, but for their charset."""
    weights: dict[str, float] = {}
    for part in accept.split(","):
        media, *parameters = ("".join(piece.split()).lower() for piece in part.split(";"))
        if not media:
            continue
        weight = 1.0
        for text in parameters:
            if text.startswith("q="):
                weight = _number(text[2:])
                break  # what follows is of the list, not of the media type
            if text not in ("charset=utf-8", 'charset="utf-8"', ""):
                media = ""
        if media:
            weights[media] = max(weight, weights.get(media, 0.0))
    return weights


def _weight(weights: dict[str, float], media: str) -> float:
    """Return the weight of the most precise range that a media type is in."""
    for one in (media, f"{media.partition('/')[0]}/*", "*/*"):
        if one in weights:
            return weights[one]
    return 0.0


def _number(text: str) -> float:
    """Return a weight from 0 to 1; what is no number is 0."""
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
