# Every target makes its virtual environment by itself: Python 3.11 or newer is all that a fresh machine needs.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: crawl test lint evaluate bench soak clean

crawl: $(VENV)/.installed
	$(BIN)/python -m demo

test: $(VENV)/.installed-dev $(VENV)/.installed-pywb
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

evaluate: $(VENV)/.installed-dev
	$(BIN)/python -m tests.evaluate

bench: $(VENV)/.installed-bench
	$(BIN)/python -m bench
	$(BIN)/python -m bench.walk
	$(BIN)/python -m bench.memory 3000
	$(BIN)/python -m bench.reparse
	$(BIN)/python -m bench.archive
	$(BIN)/python -m bench.data

# What takes minutes: memory after 20,000 pages, exports of 200,000 reports (10 GB on the disk), plans over five million figures, many
# portals side by side, and KILLS kills at seeded moments.
KILLS ?= 100
soak: $(VENV)/.installed-dev
	$(BIN)/python -m bench.memory
	$(BIN)/python -m bench.data 12000
	GIAR_PLAN_PORTALS=2500 $(BIN)/python -m pytest tests/storage/test_plans.py
	$(BIN)/python -m soak
	GIAR_KILLS=$(KILLS) $(BIN)/python -m pytest tests/kills

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info demo-data

$(VENV)/.installed: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found; name one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) -e ".[dev]"
	touch $@

# Its brotlipy would take the place of brotli.
$(VENV)/.installed-pywb: $(VENV)/.installed
	test -x $(VENV)/pywb/bin/python || $(PYTHON) -m venv $(VENV)/pywb
	$(VENV)/pywb/bin/python -m pip install --quiet --disable-pip-version-check pywb==2.10.0 "setuptools<81" \
		|| { rm -rf $(VENV)/pywb; echo "pywb cannot be installed here; the test of its replay is skipped" >&2; }
	touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	$(PIP) -e ".[bench]"
	touch $@
