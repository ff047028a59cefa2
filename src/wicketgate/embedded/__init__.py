"""A private PostgreSQL for people who have none. Imports nothing of ours."""

from wicketgate.embedded.cluster import Cluster, start, throw_away
from wicketgate.embedded.problem import ClusterError

__all__ = ["Cluster", "ClusterError", "start", "throw_away"]
