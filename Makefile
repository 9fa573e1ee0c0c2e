PYTHON ?= python3
VENV := .venv
# Of the opponent, which is no part of the service.
BENCH_VENV := .venv-bench

.PHONY: run test coverage bench chaos soak lock clean

run: $(VENV)/.run
	@$(VENV)/bin/python -m image_processor.devtools.run

test: $(VENV)/.test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/python -m pytest -n 2

coverage: $(VENV)/.test
	$(VENV)/bin/python -m pytest -n 2 --cov --cov-report=term

bench: $(VENV)/.test $(BENCH_VENV)/.bench
	$(VENV)/bin/python -m tests.benchmarks

chaos: $(VENV)/.test
	$(VENV)/bin/python -m tests.chaos

soak: $(VENV)/.test
	$(VENV)/bin/python -m tests.chaos soak load

# After a change of requirements.txt.
lock: $(VENV)/.test
	$(VENV)/bin/uv pip compile --quiet --no-deps --no-annotate --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements.lock requirements.txt

clean:
	rm -rf $(VENV) $(BENCH_VENV) staticfiles

$(VENV)/bin/python:
	@echo "Making the virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt requirements-embedded.txt requirements-dlis.txt | $(VENV)/bin/python
	@echo "Installing the pinned dependencies"
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-embedded.txt -r requirements-dlis.txt
	@touch $@

$(VENV)/.test: requirements-test.txt requirements.txt requirements-embedded.txt requirements-dlis.txt | $(VENV)/bin/python
	@echo "Installing the pinned dependencies and the tools of the tests"
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

$(BENCH_VENV)/.bench: requirements-bench.txt
	@echo "Installing the opponent of the benchmarks in $(BENCH_VENV)"
	@$(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@
