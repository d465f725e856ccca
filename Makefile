# The commands that people, hooks and CI share; `make help` lists them.
#
#   PYTHON         the Python that makes the environment, 3.11 or newer
#   VENV           where the environment is made
#   TIEOUT_MODELS  where models are kept (by default the user's cache folder)
#
# pip uses the package index that it is set up for; nothing else is downloaded from anywhere.

SHELL := bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
TORCH = $(shell sed -n 's/^torch==//p' constraints.txt)
MANUSCRIPTS := $(shell find examples -path examples/filings -prune -o \( -name '*.py' -o -name '*.txt' \) -print)

export PIP_ROOT_USER_ACTION := ignore
export TOKENIZERS_PARALLELISM := false

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test test-slow bench lint format models filings hooks constraints clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/demo.stamp filings ## Add the example filings to a library of their own and ask three questions
	TIEOUT_EMBEDDER=static TIEOUT_GENERATOR=picker $(BIN)/tieout models pull
	@VENV=$(VENV) examples/demo.sh

test: lint models ## Lint, check types and the import rule, and run every test that is not slow
	$(BIN)/python -m pytest -m "not slow"

test-slow: $(VENV)/test.stamp models ## Run the slow tests, and those on the data beside the project
	$(BIN)/python -m pytest -m slow

bench: $(VENV)/demo.stamp models filings ## Measure how fast the example filings are added and asked
	TIEOUT_EMBEDDER=static TIEOUT_GENERATOR=smollm2 $(BIN)/python -m eval.speed examples/filings \
	  --ask "What was Orrindale's operating margin in FY2024?"

lint: $(VENV)/test.stamp ## Check style, types and the import rule
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/test.stamp ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

models: $(VENV)/demo.stamp ## Fetch all models of the catalog, or verify those that are there
	$(BIN)/tieout models pull minilm smollm2

filings: examples/filings/made.stamp ## Write the example filings

hooks: $(VENV)/test.stamp ## Run the linters before each commit
	$(BIN)/pre-commit install

constraints: ## Renew constraints.txt from a fresh environment (TORCH=… for another torch)
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip install "pip>=25.1"
	build/constraints/bin/python -m pip install "torch==$(TORCH)" -e ".[examples]" --group test --group lint
	{ grep '^#' constraints.txt; build/constraints/bin/python -m pip list --format=freeze --exclude-editable \
	  --exclude pip | sed 's/+.*//'; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

clean: ## Remove what was made here, but for the environment and the models
	rm -rf build dist examples/filings .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf

# A stamp is written when its step is done, so that nothing is installed or written twice.

$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tieout needs Python 3.11 or newer; this is " \
	  + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install "pip>=25.1"
	@touch $@

$(VENV)/demo.stamp: $(VENV)/made.stamp pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable ".[examples]"
	@touch $@

$(VENV)/test.stamp: $(VENV)/demo.stamp
	$(PIP) install --constraint constraints.txt --group test --group lint
	@touch $@

examples/filings/made.stamp: $(VENV)/demo.stamp $(MANUSCRIPTS)
	$(BIN)/python examples/make_filings.py examples/filings
	@touch $@
