# Two commands are enough: `make demo` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Tests of the whole road mostly wait, so there are more of them at once than cores: see tests/at_once.py.
TESTS_AT_ONCE := $(shell echo $$((3 * $$(nproc 2>/dev/null || echo 2))))
BROWSER := $(VENV)/.browser
INSTALL_LOG := $(VENV)/install.log
SAY_HOW_FAR = if [ ! -t 1 ]; then :; elif grep -q '^Installing' $(INSTALL_LOG); then printf '\r            all are here; unpacking them        '; \
    else printf '\r            %s are here' "$$(grep -cE '^(Collecting|Requirement already)' $(INSTALL_LOG))"; fi
.DEFAULT_GOAL := help
# What Python compiles is kept: else each of the suite's hundreds of processes compiles our code and its tests anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test browser lint accuracy bench bench-extraction bench-webhooks bench-sign-ups growth faults chaos faults-long format lock schema gallery clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(STAMP) ## the virtual environment with the pinned dependencies and the `vestka` command

$(STAMP): requirements-dev.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "vestka needs Python 3.11 or newer; '$(PYTHON)' was not found. Name it: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "vestka needs Python 3.11 or newer; '$(PYTHON)' is older. Name another: make PYTHON=/path/to/python3.11"; exit 2; }
	@echo "set-up 1/3  a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "set-up 2/3  $$(grep -c '^[a-z].*==' requirements-dev.lock) pinned packages, each held against its hash; a minute at the first time"
	@$(BIN)/python -m pip install --progress-bar off --disable-pip-version-check --require-hashes \
	    -r requirements-dev.lock > $(INSTALL_LOG) 2>&1 & \
	    pip=$$!; trap "kill $$pip; exit 130" INT TERM; while kill -0 $$pip 2>/dev/null; do sleep 1; $(SAY_HOW_FAR); done; if [ -t 1 ]; then echo; fi; \
	    wait $$pip || { tail -n 20 $(INSTALL_LOG); exit 1; }
	@echo "set-up 3/3  the vestka command"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## the whole road on this machine; stays up until interrupted (ONCE=1: ends by itself)
	@$(BIN)/vestka demo $(if $(ONCE),--once)

test: $(STAMP) ## every test, on a real Redis-compatible server that the tests start themselves
	@$(BIN)/python -m compileall -q -j 0 -x '/test_|/\.' services benchmarks tests
	$(BIN)/python -m pytest -n $(TESTS_AT_ONCE) --dist loadfile --no-loadscope-reorder --ignore=tests/faults/long --ignore=tests/browser $(ARGS)

browser: $(BROWSER) ## a reader's whole life in Debian's Chromium, every page by axe too (PORTAL_PICTURES=write: its pictures anew; four minutes)
	$(BIN)/python -m pytest tests/browser $(ARGS)

$(BROWSER): $(STAMP) tests/browser/requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/browser/requirements.lock \
	    && touch $@ || echo "what drives the browser cannot be installed, so its tests are skipped"

lint: $(STAMP) ## ruff, the strict type checker, the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

accuracy: $(STAMP) ## how right extraction and stories are on the labelled corpus beside the repository, where it is there
	@$(BIN)/python -m benchmarks.accuracy $(ARGS)

bench: $(STAMP) ## us beside Alertmanager, Apprise, Celery and others, on this machine (half an hour: ARGS="--rounds 2 --minutes 35"; one case anew: ARGS="--only drain --keep")
	@$(BIN)/python -m benchmarks.beside $(ARGS)

bench-extraction: $(STAMP) ## articles a second that extraction reads on one core (ARGS="--articles 100000": its memory too)
	@$(BIN)/python -m benchmarks.extraction_speed $(ARGS)

bench-webhooks: $(STAMP) ## CPU seconds that the way out takes for 1,000 webhooks, by each transport (half a minute or so)
	@$(BIN)/python -m benchmarks.webhooks_out $(ARGS)

bench-sign-ups: $(STAMP) ## 500 people join within a minute while alerts go out, on one core (two minutes; ARGS="--people 1000")
	@$(BIN)/python -m benchmarks.sign_ups $(ARGS)

growth: $(STAMP) ## does twice the text ever take far more than twice the time? every pattern, whole articles (some ten minutes)
	@$(BIN)/python -m benchmarks.growth $(ARGS)

faults: $(STAMP) ## break real processes in many ways and count what readers got (an hour or so; ARGS="--list", "--quick", "--only NAME", "--rounds N")
	@$(BIN)/python -m tests.faults.suite $(ARGS)

chaos: $(STAMP) ## a seeded mix of faults for a minute, then the count of what readers got (ARGS="--seed 7 --seconds 120")
	@$(BIN)/python -m tests.faults.suite.chaos $(ARGS)

faults-long: $(STAMP) ## the fault tests that take minutes, on real processes; the rest of them is in `make test`
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/faults/long $(ARGS)

format: $(STAMP) ## put the code into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(STAMP) ## pin every dependency anew, with hashes and without any address
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 --extra demo pyproject.toml -o requirements-demo.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 --extra demo --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 -c requirements-dev.lock tests/browser/requirements.in -o tests/browser/requirements.lock

schema: $(STAMP) ## write the JSON Schemas of webhooks and their examples anew, from the types of a body
	$(BIN)/python -m services.notify.schema_prints

gallery: $(STAMP) ## one page of every message, language, mode and channel, with pictures where chromium is installed (build/gallery; ARGS="FOLDER pardon digest bot")
	@$(BIN)/python -m services.cli.gallery $(ARGS)

clean: ## remove the virtual environment and what the tools left
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build *.egg-info
