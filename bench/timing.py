"""Times of calls, taken so that other work on the machine disturbs least."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def best(work: Callable[[], object], times: int = 3) -> float:
    """The least of a few runs, in seconds."""
    return min(timed(work) for _ in range(times))


def micros(calls: Iterable[Callable[[], object]]) -> dict[str, float]:
    """Median and 99th percentile of many different calls, in microseconds."""
    ordered = sorted(timed(call) for call in calls)
    return {
        "p50_us": round(statistics.median(ordered) * 1e6, 1),
        "p99_us": round(ordered[int(len(ordered) * 0.99)] * 1e6, 1),
    }
