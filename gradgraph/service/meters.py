"""What the service counts for Prometheus. Every label is of a closed set: no path and no text of a sender is one."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST
_registry = CollectorRegistry()

requests = Counter("gradgraph_requests", "Requests by route and status.", ["route", "status"], registry=_registry)
drawings = Histogram(
    "gradgraph_drawing_seconds",
    "Seconds from the start of a drawing to its end, by format and lane.",
    ["format", "lane"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=_registry,
)
cache = Counter("gradgraph_cache", "Answers by what the cache had: hit, miss, shared.", ["result"], registry=_registry)
cache_bytes = Gauge("gradgraph_cache_bytes", "Bytes of remembered drawings.", registry=_registry)
in_hand = Gauge("gradgraph_requests_in_hand", "Requests that are being answered.", registry=_registry)
waiting = Gauge("gradgraph_drawings_waiting", "Drawings that wait for a worker.", ["lane"], registry=_registry)
refused = Counter("gradgraph_refused", "Requests refused for want of room.", ["gate"], registry=_registry)
lost_workers = Counter("gradgraph_lost_workers", "Workers that ended, by reason.", ["reason"], registry=_registry)


def exposition() -> bytes:
    """Return all figures in the text format of Prometheus."""
    return generate_latest(_registry)
