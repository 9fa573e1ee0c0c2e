"""Metrics of the catalogue. They are queried at each scrape of ``/metrics``."""

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
    """Counts of the catalogue, and ``mongodb_up``. Only the latter if MongoDB does not answer."""

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
    """The metrics of all workers under gunicorn, else of this process, and of the catalogue."""
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
    """The results of the last run of ``manage.py doctor``; nothing before the first run."""
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
