"""Segment's official client for Python, unchanged, pointed at a server of ours: CLOVE_HOST, CLOVE_WRITE_KEY."""

import os
import sys
from datetime import datetime, timezone

from segment.analytics.client import Client

failed = []


def on_error(error, items):
    failed.append((error, items))


def story(client):
    client.identify(
        "601", {"email": "Piero@Example.org", "first_name": "Piero"}, message_id="python-story-identify", anonymous_id="visitor-7"
    )
    client.page("601", "Shop", "Tea", {"path": "/tea"}, message_id="python-story-page")
    client.screen("601", "Main", "Cart", message_id="python-story-screen")
    client.group("601", "acme", {"name": "Acme"}, message_id="python-story-group")
    client.alias("visitor-7", "601", message_id="python-story-alias")
    client.track(
        "601",
        "Order Completed",
        {"order_id": "P-2001", "currency": "EUR", "total": 30.5, "tax": 5.5, "products": [{"sku": "POT-9", "price": 25, "quantity": 1}]},
        timestamp=datetime(2026, 3, 1, 10, 0, tzinfo=timezone.utc),
        message_id="python-story-order",
    )
    client.track("601", "Products Searched", {"query": "'; DROP TABLE fact; --"}, message_id="python-story-search")


options = {"host": os.environ["CLOVE_HOST"], "on_error": on_error, "max_retries": 3}
# One by one, then the same messages again in batches with gzip: repeated deliveries.
story(Client(os.environ["CLOVE_WRITE_KEY"], sync_mode=True, **options))
batching = Client(os.environ["CLOVE_WRITE_KEY"], gzip=True, upload_size=3, **options)
story(batching)
batching.shutdown()
if failed:
    sys.exit(f"the client reports {failed}")
print("sent")
