PYTHON ?= python3
VENV := .venv
# For the programs that the benchmarks compare with.
BENCH_VENV := .venv-bench

# Quick tests that need no running service.
QUICK_TESTS := tests/test_imports.py tests/test_private_parts.py tests/web tests/dips/planes/test_geometry.py \
	tests/dips/formats tests/images/render tests/images/ingest tests/tables

# More processes than processors, because many tests wait for a service. The tests of a file share
# its servers; files run in the order of their names, which ends with short ones.
PARALLEL := -n 3 --dist loadfile --no-loadscope-reorder

# Containers often set this; each of the many processes of the tests then compiles all code anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run dev lint check test browser coverage bench chaos soak lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

run: $(VENV)/.run ## install and start the service, with a MongoDB of its own
	@$(VENV)/bin/python -m image_processor.devtools.run

dev: $(VENV)/.run ## the same, restarted whenever Python code changes
	@WEB_WORKERS=1 GUNICORN_CMD_ARGS="--reload" $(VENV)/bin/python -m image_processor.devtools.run

lint: $(VENV)/.test ## ruff and mypy
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

check: lint ## lint, types, and the tests that need no running service: about a minute
	$(VENV)/bin/python -m pytest -q -n 2 -m "not server" $(QUICK_TESTS)

test: lint browser ## lint, types, and all tests
	$(VENV)/bin/python -m pytest $(PARALLEL)

# The tests drive a Chromium and check the configuration of nginx. If they are missing, root on
# Debian installs them. The headless shell is Chromium without windows: it needs half the time.
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3
browser:
	@for program in chromium-headless-shell nginx; do \
		command -v $$program >/dev/null || [ -x /usr/sbin/$$program ] || { \
			[ "$$(id -u)" = 0 ] && echo "Installing $$program, a package of Debian" \
			&& $(APT) update && $(APT) install -y --no-install-recommends $$program >/dev/null; \
		} || command -v $${program%-headless-shell} >/dev/null || { \
			echo "install $$program, then run make test again"; exit 1; }; \
	done

coverage: $(VENV)/.test ## all tests, and the lines that they do not reach
	$(VENV)/bin/python -m pytest $(PARALLEL) --cov --cov-report=term

bench: $(VENV)/.test $(BENCH_VENV)/.bench ## measure the service, beside others
	$(VENV)/bin/python -m tests.benchmarks

chaos: $(VENV)/.test ## take things away from a running service
	$(VENV)/bin/python -m tests.chaos

soak: $(VENV)/.test ## run it under load for long
	$(VENV)/bin/python -m tests.chaos soak load

lock: $(VENV)/.test ## renew requirements*.lock after a change of requirements*.txt
	for what in requirements requirements-dlis; do \
		$(VENV)/bin/uv pip compile --quiet --no-deps --no-annotate --generate-hashes \
			--only-binary :all: --no-binary pyvips \
			--custom-compile-command "make lock" --output-file $$what.lock $$what.txt || exit; done

clean: ## remove the virtual environments
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
	@echo "Installing the opponents of the benchmarks in $(BENCH_VENV)"
	@$(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@
