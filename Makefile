PYTHON ?= python3
VENV ?= .venv
OUT ?= results

.PHONY: demo test lint advisories clean

demo: $(VENV)/scores
	$(VENV)/bin/annotator score seeds --manifest seeds/manifest.csv --compare --out $(OUT)

test: $(VENV)/tests lint
	$(VENV)/bin/python -m pytest

lint: $(VENV)/tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

advisories: $(VENV)/tests
	$(VENV)/bin/pip install --quiet pip-audit
	$(VENV)/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt

$(VENV)/scores: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/tests: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) $(OUT)
