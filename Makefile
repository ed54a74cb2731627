PYTHON ?= python3
VENV ?= .venv
OUT ?= results
DIST ?= dist

TOOLS := $(VENV)/release
RELEASE_TOOLS := "build>=1.6,<2" "cyclonedx-bom>=7.5,<8" "pip-licenses>=5.5,<6"

.PHONY: demo test lint docs advisories release clean

demo: $(VENV)/scores
	$(VENV)/bin/annotator score seeds --manifest seeds/manifest.csv --compare --out $(OUT)

# A test a core, each with one thread: two that share both cores wait for each other.
test: $(VENV)/tests lint
	OMP_NUM_THREADS=1 $(VENV)/bin/python -m pytest -n auto --dist worksteal

lint: $(VENV)/tests
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

docs: $(VENV)/tests
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict

advisories: $(VENV)/tests
	$(VENV)/bin/pip install --quiet pip-audit
	$(VENV)/bin/pip-audit --strict --no-deps --disable-pip --requirement constraints.txt

# Builds the commit that is checked out, whatever else lies about, and installs the wheel
# where there is nothing but what it needs: no source, no pip.
release: $(TOOLS)/made
	$(eval SCRATCH := $(shell mktemp -d))
	$(eval CLEAN := $(SCRATCH)/venv)
	mkdir $(SCRATCH)/source
	git archive HEAD | tar -x -C $(SCRATCH)/source
	rm -rf $(DIST)
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) \
		$(TOOLS)/bin/python -m build --outdir $(DIST) $(SCRATCH)/source
	$(PYTHON) -m venv --without-pip $(CLEAN)
	$(TOOLS)/bin/pip --python $(CLEAN)/bin/python install --quiet \
		--constraint constraints.txt $(DIST)/*.whl
	mv $(SCRATCH)/source/seeds $(SCRATCH)/seeds
	rm -r $(SCRATCH)/source
	cd $(SCRATCH) && venv/bin/annotator score seeds --manifest seeds/manifest.csv
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml \
		--output-reproducible --output-file $(DIST)/sbom.cdx.json $(CLEAN)/bin/python
	$(TOOLS)/bin/pip-licenses --python $(CLEAN)/bin/python --with-system --with-urls \
		--ignore-packages source-annotator --format markdown \
		--output-file $(DIST)/LICENSES.md
	cd $(DIST) && sha256sum *.* > SHA256SUMS && cat SHA256SUMS
	rm -r $(SCRATCH)

$(VENV)/scores: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/tests: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

$(TOOLS)/made: Makefile
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/pip install --quiet $(RELEASE_TOOLS)
	touch $@

clean:
	rm -rf $(VENV) $(OUT) $(DIST) site
