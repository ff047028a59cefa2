"""Splink on the same people and requests: run as a program of its own with the peers' Python.

``linkage.py REGISTER.parquet REQUESTS.parquet RESULT.json``. Both files hold comparison keys as
texts: one row per person and address, one per request, whose `truth` is the person meant. The
model is a plain one: term frequencies, u by sampling, m by expectation maximisation, no tuning by
hand; somebody who knows the data could do better. This file knows nothing of the project.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import resource
import sys
import time
from typing import Any

THREADS = 2


def main() -> None:
    """Train, predict, decide by three rules, and write what was found."""
    register, requests, result_file = sys.argv[1:]
    duckdb: Any = importlib.import_module("duckdb")
    splink: Any = importlib.import_module("splink")
    database = duckdb.connect()
    database.execute(f"SET threads = {THREADS}")
    database.execute(f"CREATE TABLE register AS FROM read_parquet('{register}')")
    database.execute(f"CREATE TABLE requests AS FROM read_parquet('{requests}')")
    api = splink.DuckDBAPI(connection=database)
    started, used = time.perf_counter(), cpu()
    tables = [api.register("register"), api.register("requests")]
    linker = splink.Linker(tables, settings(splink), log_level=40)
    train(linker, splink.block_on)
    trained, trained_cpu = time.perf_counter(), cpu()
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    predicted, predicted_cpu = time.perf_counter(), cpu()
    database.execute(_PAIRS.format(pairs=pairs.physical_name))
    found = {name: rates(database, sql) for name, sql in _RULES.items()}
    result = {
        "version": importlib.metadata.version("splink"),
        "train_seconds": round(trained - started, 2),
        "train_cpu_seconds": round(trained_cpu - used, 2),
        "predict_seconds": round(predicted - trained, 2),
        "predict_cpu_seconds": round(predicted_cpu - trained_cpu, 2),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "rules": found,
    }
    with open(result_file, "w") as file:
        json.dump(result, file, indent=1)


def cpu() -> float:
    """Seconds of processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def settings(splink: Any) -> Any:
    """The comparisons and the pairs that are looked at."""
    library: Any = importlib.import_module("splink.comparison_library")
    block = splink.block_on
    names = [
        library.JaroWinklerAtThresholds(name, [0.92, 0.8]).configure(term_frequency_adjustments=True)
        for name in ("first_name", "surnames")
    ]
    return splink.SettingsCreator(
        link_type="link_only",
        comparisons=[
            *names,
            library.DamerauLevenshteinAtThresholds("tin", 1),
            library.DamerauLevenshteinAtThresholds("birth_date", 1),
            library.LevenshteinAtThresholds("point", 1),
            library.ExactMatch("unit"),
            library.ExactMatch("zip5"),
            library.ExactMatch("middle"),
            library.ExactMatch("suffix"),
        ],
        blocking_rules_to_generate_predictions=[  # the pairs that the gate looks at too
            block("point", "zip5"),
            block("point", "state", "city"),
            block("tin"),
        ],
        additional_columns_to_retain=["truth", "genuine"],
        retain_intermediate_calculation_columns=False,
    )


def train(linker: Any, block: Any) -> None:
    """Estimate the model's parameters."""
    training = linker.training
    rules = [block("first_name", "surnames", "point", "zip5"), block("tin")]
    training.estimate_probability_two_random_records_match(rules, recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block("first_name", "surnames", "zip5"), block("point", "zip5")):
        training.estimate_parameters_using_expectation_maximisation(rule)


_PAIRS = """
CREATE TABLE pairs AS
    SELECT unique_id_r AS request, person, truth, genuine, max(match_probability) AS p
    FROM (SELECT unique_id_r, truth_l AS person, truth_r AS truth, genuine_r AS genuine, match_probability
          FROM {pairs})
    GROUP BY ALL
"""
_ONE = """SELECT request, any_value(person) AS person, any_value(truth) AS truth,
    any_value(genuine) AS genuine FROM pairs WHERE p > {least} GROUP BY request HAVING count(*) = 1"""
_RULES = {
    "best at 0.99": "SELECT * FROM pairs WHERE p >= 0.99 "
    "QUALIFY row_number() OVER (PARTITION BY request ORDER BY p DESC) = 1",
    "exactly one above 0.99": _ONE.format(least=0.99),
    "exactly one above 0.9999999": _ONE.format(least=0.9999999),
}


def rates(database: Any, sql: str) -> dict[str, Any]:
    """How many requests a rule would answer, how many about somebody else, and the yield of genuine ones."""
    answered, wrong, genuine = database.execute(
        f"SELECT count(*), count(*) FILTER (person <> truth), count(*) FILTER (genuine) FROM ({sql})"
    ).fetchone()
    (meant,) = database.execute("SELECT count(*) FROM requests WHERE genuine").fetchone()
    return {
        "disclosed": answered,
        "wrong_person": wrong,
        "wrong_share": round(wrong / answered, 5) if answered else None,
        "yield": round(genuine / meant, 4) if meant else None,
    }


if __name__ == "__main__":
    main()
