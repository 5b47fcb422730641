# The everyday commands of this project. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test check format lock bench clean
SHELL := /bin/sh
BIN := .venv/bin

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## install everything, for working on the project
	@sh tools/setup.sh dev

run: ## install what is needed, prepare the data folder, serve the console (PORT, ANXIN_HOME)
	@sh tools/setup.sh base
	@$(BIN)/anxin serve

test: ## the whole suite: SQLite, PostgreSQL, Chromium (ARGS="tests/kernel" for a part)
	@sh tools/setup.sh dev
	@$(BIN)/python tools/test.py $(ARGS)

check: ## format, lint, types, import contracts, missing migrations, house rules
	@sh tools/setup.sh dev
	@$(BIN)/python tools/check.py

format: ## put the source into the house format
	@sh tools/setup.sh dev
	@$(BIN)/ruff check --fix --quiet . && $(BIN)/ruff format .

lock: ## choose versions anew and write the locked requirements with their hashes
	@sh tools/setup.sh dev
	@for set in base dev spark ocr; do \
	  $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --custom-compile-command "make lock" $$([ $$set = ocr ] && echo --overrides requirements/ocr.overrides) requirements/$$set.in -o requirements/$$set.txt \
	    || exit 1; \
	done

bench: ## measure the import of 100,000 payroll rows
	@sh tools/setup.sh dev
	@$(BIN)/python benchmarks/import_payroll.py $(ARGS)

clean: ## remove what was installed and made (not the data folder)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	find anxin tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
