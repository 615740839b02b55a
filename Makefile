# Everything from a fresh clone, with nothing but Python >= 3.11, git and make: `make serve`, `make test`.
# A target does what it needs first, and does nothing twice: a second `make serve` starts in seconds.

PYTHON ?= python3
# Left empty, the settings decide: VRAAGBAAK_HOST and VRAAGBAAK_PORT, or 127.0.0.1 and 8000.
HOST ?=
PORT ?=
# What is served: a folder (or file) with PDF, HTML or text files. The index, in data/ (VRAAGBAAK_DATA), then
# holds these documents and no others. Going back to an earlier CORPUS is quick: what was embedded is kept.
CORPUS ?= corpus

# How many of the known questions the gate asks.
SAMPLE ?= 100

VENV := .venv
BIN  := $(VENV)/bin
# pip is told how long to wait on a slow line, and nothing about where to look: that is its configuration.
PIP  := $(BIN)/python -m pip --disable-pip-version-check --timeout 60

EVAL := $(BIN)/vraagbaak --data reports/data eval eval/questions/*.jsonl

.PHONY: help serve ask indexed install models index test check eval gate baseline sample-index bench corpus clean

help:
	@echo "make serve [CORPUS=folder] [PORT=8000] [HOST=127.0.0.1]   everything needed, then the chat page"
	@echo "make ask Q=\"...\"    an answer in the terminal"
	@echo "make test          the whole test suite;  make check  lint, types, architecture"
	@echo "make eval          the project's own questions, with a report in reports/"
	@echo "make gate          a hundred of them, quotes alone: fails when something got worse"
	@echo "make baseline      what the gate compares with, anew from all of them"
	@echo "make bench         benchmarks;  make corpus  typeset the sample documents anew"
	@echo "make install       set up only;  make clean  remove .venv (not data/, not the models)"

serve: index
	@$(BIN)/vraagbaak serve $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)")

# Asks the index as it is, unless a CORPUS is named or there is none yet.
ask: $(if $(filter file,$(origin CORPUS)),indexed,index)
	@test -n '$(subst ','\'',$(Q))' || { echo 'Give a question: make ask Q="Hoeveel leden heeft FME?"' >&2; exit 2; }
	@$(BIN)/vraagbaak ask '$(subst ','\'',$(Q))'

indexed: models
	@$(BIN)/vraagbaak documents >/dev/null 2>&1 || $(MAKE) --no-print-directory index

index: models
	@$(BIN)/vraagbaak index --only "$(CORPUS)"

models: install
	@$(BIN)/vraagbaak models fetch

install: $(VENV)/installed

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Vraagbaak needs Python 3.11 or later, and '$(PYTHON)' is: $$($(PYTHON) --version 2>&1 || true)" >&2; \
	  echo "Install one and name it: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python's venv is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt
	$(PIP) install --progress-bar on -c constraints.txt -e .
	@touch $@

# With the tools of the tests. What is installed for serving stays as it is.
$(VENV)/installed-dev: $(VENV)/installed
	$(PIP) install -c constraints.txt -e ".[dev]"
	@touch $@

test: $(VENV)/installed-dev
	@for tool in chromium strace; do command -v $$tool >/dev/null || { \
	  echo "The tests need '$$tool' (the chat page in a browser, a disk that fails); on Debian: apt-get install $$tool" >&2; \
	  exit 2; }; done
	@tesseract --list-langs 2>/dev/null | grep -qx nld || { \
	  echo "The tests of scans need Tesseract with Dutch; on Debian:" \
	    "apt-get install tesseract-ocr tesseract-ocr-nld" >&2; \
	  exit 2; }
	@$(BIN)/vraagbaak models fetch
	$(BIN)/python -m pytest

check: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py

# On the sample documents, whatever data/ holds.
eval: sample-index
	$(EVAL) --report reports/eval.html --recordings reports/recordings.jsonl --gate eval/gate.toml

# Quotes alone: no model writes, so that a run takes two minutes and always gives the same.
gate baseline: export VRAAGBAAK_GENERATOR = extractive

gate: sample-index
	$(EVAL) --sample $(SAMPLE) --report reports/gate.html --gate eval/gate.toml

# Bounds are set by what `make gate` asks, and the values of all questions are kept.
baseline: sample-index
	$(EVAL) --write-baseline eval/baseline.json
	$(EVAL) --sample $(SAMPLE) --write-bounds eval/gate.toml

sample-index: models
	@mkdir -p reports
	@$(BIN)/vraagbaak --data reports/data index --only corpus

bench: models
	@for script in benchmarks/*.py; do echo "$$script"; \
	  $(BIN)/python -m "benchmarks.$$(basename "$$script" .py)" || exit 1; done

corpus: $(VENV)/installed-dev
	$(BIN)/python corpus/src/build.py

clean:
	rm -rf $(VENV) build *.egg-info
