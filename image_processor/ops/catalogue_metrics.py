"""What ``/metrics`` says of the catalogue, asked for at each scrape."""

import os
from collections.abc import Iterator

import pymongo
from django.db import DatabaseError
from django.db.models import Count
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from pymongo.errors import PyMongoError

from image_processor.ops import findings
from images.models import ImageLog
from storage.errors import StorageUnavailable

SCRAPE_SECONDS = 2


class CatalogueCollector(Collector):
    """The catalogue's numbers; where MongoDB does not answer in time, only that it does not."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("mongodb_up", "Whether MongoDB answered this scrape.")
        try:
            with pymongo.timeout(SCRAPE_SECONDS):
                found = [_states(), *_findings()]
        except (PyMongoError, DatabaseError, StorageUnavailable):
            found = []
        up.add_metric([], bool(found))
        yield from (up, *found)


def registry() -> CollectorRegistry:
    """All there is: of all workers, where there are several, else of this process."""
    whole = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(whole)  # type: ignore[no-untyped-call]
    else:
        whole.register(REGISTRY)
    whole.register(CatalogueCollector())
    return whole


def _states() -> GaugeMetricFamily:
    logs = GaugeMetricFamily("image_logs", "Image logs in each state.", labels=["state"])
    counted = ImageLog.objects.order_by().values_list("state").annotate(Count("pk"))
    counts = {**dict.fromkeys(ImageLog.State.values, 0), **dict(counted)}
    for state, count in counts.items():
        logs.add_metric([state], count)
    return logs


def _findings() -> Iterator[GaugeMetricFamily]:
    """Nothing where the doctor never came."""
    if last := findings.last():
        yield GaugeMetricFamily(
            "unreachable_bytes",
            "Bytes that nothing named when the doctor last looked.",
            last.unreachable_bytes,
        )
        yield GaugeMetricFamily(
            "doctor_problems",
            "What was wrong when the doctor last looked, and was not repaired.",
            last.problems,
        )
        yield GaugeMetricFamily(
            "doctor_last_run_timestamp_seconds",
            "When the doctor had finished last.",
            last.time.timestamp(),
        )
