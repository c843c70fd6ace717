# Two commands matter: `make run` and `make test`. The rest is what they are made of.

PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input \
	--require-hashes --only-binary :all:

.PHONY: run test test-fast test-all check fmt figures bench messages stop lock wheels audit

PYTHONS := 3.14 3.13 3.12 3.11
WANTED := $(PYTHONS)
ifdef PYTHON_VERSION  # also the variable of Docker's images of Python, with three numbers
  NUMBERS := $(subst ., ,$(PYTHON_VERSION))
  WANTED := $(filter $(word 1,$(NUMBERS)).$(word 2,$(NUMBERS)),$(PYTHONS))
  ifndef WANTED
    $(error PYTHON_VERSION is $(PYTHON_VERSION), and the register runs on Python 3.11 to 3.14. \
      Choose one of them, for instance: PYTHON_VERSION=3.13 make run)
  endif
endif
# A virtual environment is kept, unless its Python is gone or is not a wanted one.
IS_WANTED := $(PYTHON) -c 'import pip, sys; \
	sys.exit("%d.%d" % sys.version_info[:2] not in "$(WANTED)".split())' 2>/dev/null
$(shell $(IS_WANTED) || rm -f .venv/*.stamp)

# The register on http://127.0.0.1:8000 (make run PORT=8001: another port), until Ctrl-C.
run: .venv/run.stamp
	@exec $(MANAGE) serve

# The whole suite and the checks; two tests at a time, each worker with a database of its own.
PYTEST := $(PYTHON) -m pytest -n 2
test: .venv/dev.stamp
	@sh tests/check_chromium.sh
	@$(PYTEST)
	@$(MAKE) --no-print-directory check

# For while one types: no browser, no story, nothing else that is slow.
test-fast: .venv/dev.stamp
	@$(PYTEST) -q -m "not slow"

# The same tests at full strength and in random order, those that look at the clock by themselves:
# each night, and before something is called done.
test-all: .venv/dev.stamp
	@sh tests/check_chromium.sh
	@TESTS=all $(PYTEST) -p randomly -m "not alone"
	@TESTS=all $(PYTHON) -m pytest -m alone
	@$(MAKE) --no-print-directory check

check: .venv/dev.stamp
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m djlint --lint --quiet templates
	$(PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(MANAGE) makemigrations --check
	@SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))') \
	DATABASE_URL=postgres://register@db.example/register ALLOWED_HOSTS=register.example \
	HTTPS=True DEBUG=False SITE_URL=https://register.example EMAIL_URL=smtp://mail.example \
	DEFAULT_FROM_EMAIL=register@register.example $(MANAGE) check --deploy --fail-level WARNING

fmt: .venv/dev.stamp
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# How large the house is, and how far from its own rules (CONTRIBUTING.md).
figures: .venv/dev.stamp
	@$(PYTHON) -m tests.figures

# What pages, sealing (docs/measurements.md), exports and imports (docs/benchmarks.md) cost.
# GENERATOR=… is the program that makes large portfolios; SIZES=1000,100000 leaves out the largest.
bench: .venv/bench.stamp
	@$(PYTHON) -m pytest -q tests/bench/pages.py tests/bench/saves.py tests/bench/publishing.py \
		tests/bench/seals.py tests/bench/running.py tests/bench/work.py tests/bench/imports.py \
		tests/bench/packs.py tests/bench/trail.py tests/bench/lists.py tests/bench/grids.py \
		tests/bench/searching.py tests/bench/portfolio_page.py tests/bench/crowd.py
	@DATASETTE=.venv/bench/bin/datasette $(PYTHON) -m pytest -q tests/bench/serving.py
	@DATASETTE=.venv/bench/bin/datasette $(PYTHON) -m pytest -q tests/bench/transfers.py

# New texts into locale/lv (needs gettext); translate them, then run it again to compile.
messages: .venv/dev.stamp
	$(PYTHON) manage.py makemessages -l lv --no-location --no-wrap --ignore .venv --ignore var
	$(PYTHON) -c 'import polib, glob; [polib.pofile(p).save_as_mofile(p[:-2] + "mo") for p in glob.glob("locale/**/*.po", recursive=True)]'

# What `make run` left running in the background, if anything.
stop: .venv/run.stamp
	@$(MANAGE) stop

# Newest versions that requirements*.in allow, with their hashes for every system and Python.
LOCK := -m uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--only-binary :all: --generate-hashes --no-emit-index-url --no-emit-find-links
lock: .venv/dev.stamp
	$(PYTHON) $(LOCK) requirements.in -o requirements.txt
	$(PYTHON) $(LOCK) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(PYTHON) $(LOCK) requirements-bench.in -o requirements-bench.txt

# Whether each locked package has a wheel for each Python on each system (needs the index).
SYSTEMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin
wheels: .venv/dev.stamp
	@for file in requirements*.txt; do for python in $(PYTHONS); do for system in $(SYSTEMS); do \
		echo "$$file on Python $$python, $$system"; \
		$(PYTHON) -m uv pip install --quiet --dry-run --target var/wheels --require-hashes \
			--only-binary :all: --python-version $$python --python-platform $$system \
			-r $$file || exit 1; \
	done; done; done; echo "Every locked package has a wheel for each of them."

# Known holes in what is locked (needs the Internet, so it is no part of `make check`).
audit: .venv/dev.stamp
	.venv/bin/uvx pip-audit --disable-pip --require-hashes -r requirements-dev.txt

# A stamp is newer than the lock file that was installed last.
.venv/run.stamp: requirements.txt | .venv/made.stamp
	@echo "Installing what requirements.txt locks (the first time takes a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

# It locks what requirements.txt does, too: one call installs both.
.venv/dev.stamp: requirements-dev.txt requirements.txt | .venv/made.stamp
	@echo "Installing what requirements-dev.txt locks (the first time takes a minute) ..."
	@$(PIP) -r requirements-dev.txt
	@touch .venv/run.stamp $@

# A rival of the benchmarks, on the side: its packages are not ours.
.venv/bench.stamp: requirements-bench.txt .venv/dev.stamp
	@$(PYTHON) -m venv .venv/bench
	@.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--require-hashes --only-binary :all: -r requirements-bench.txt
	@touch $@

.venv/made.stamp:
	@test -w . || { \
		echo "The folder $(CURDIR) cannot be written, and the virtual environment is made in" \
			"it. Let yourself write there, or clone the repository into a folder of yours." >&2; \
		exit 1; \
	}
	@! $(IS_WANTED) || { touch $@; exit; }; \
	anew="The virtual environment in .venv has no pip, or another Python: it is made anew."; \
	test -d .venv || anew=; \
	for version in $(WANTED); do for python in python$$version python3 python; do \
		found=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)' \
			2>/dev/null) && [ "$${found%% *}" = $$version ] || continue; \
		test -z "$$anew" || echo "$$anew"; anew=; \
		echo "Making a virtual environment with Python $$found ..."; \
		$$python -m venv --clear .venv && touch $@ && exit; \
		break; \
	done; done; \
	echo "The register needs a Python from 3.11 to 3.14 that can make a virtual environment, and" \
		"none is on the PATH (looked for: $(WANTED)). Install one and try again: on Debian 12" \
		"or newer with apt-get install python3-venv, on macOS with brew install python@3.13." >&2; \
	exit 1
