# `make` lists what there is to do. ARGS="..." is handed on to the program that a target runs.

PY = .venv/bin/python
CODE = src tests scripts notebooks benchmarks
LAWS = tests/ledger tests/test_measures.py
SET_UP = scripts/environment.sh pyproject.toml
COMPILE = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--only-binary :all: --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	--no-emit-package rfc3987-syntax --no-emit-package lark

.PHONY: help lab articles app share charts notebooks bench looks size test faults faults-longer lint format lock clean

help: ## list what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-13s %s\n", $$1, $$2}' Makefile

lab: .venv/.lab ## set everything up and open JupyterLab at the notebooks
	$(PY) scripts/lab $(ARGS)

articles: .venv/.articles ## set up what reads articles too: an English model, pages and PDFs (250 MB more)

app: .venv/.app ## set up Voilà too, and serve the desk of claims.csv live, without a notebook around it
	$(PY) scripts/app $(ARGS)

share: .venv/.lab ## render every notebook to a page in site/
	$(PY) -m factdesk share notebooks/ site/ $(ARGS)

charts: .venv/.lab ## draw every chart of claims.csv into charts/
	$(PY) -m factdesk chart all $(ARGS)

notebooks: .venv/.lab ## run every notebook again, in place
	$(PY) scripts/execute_notebooks.py $(ARGS)

bench: .venv/.lab ## measure, beside plain pandas
	$(PY) benchmarks/bench.py $(ARGS)

looks: .venv/.dev ## look at every chart in Chromium with three sets of fonts at three widths; pictures in looks/
	$(PY) scripts/looks.py $(ARGS)

size: ## print how large the code is beside its targets
	@python3 scripts/size.py

test: .venv/.dev ## set up what the tests need and run every one
	@test -x /usr/bin/chromium || \
		echo "Left out: the tests in a browser, there is no /usr/bin/chromium (Debian: apt-get install chromium)."
	@$(PY) -m compileall -q src # for the programs that tests start, where Python may not write beside its files
	$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

faults: .venv/.dev ## put faults in at length, and print what was tried and what was lost (up to an hour)
	FACTDESK_FAULTS=long $(PY) -m pytest tests/faults -n 2 --dist worksteal $(ARGS)
	$(PY) benchmarks/appends.py

faults-longer: .venv/.dev ## the same, each random thing tried several times as often, and the dearest laws too (hours)
	FACTDESK_FAULTS=longer $(PY) -m pytest tests/faults $(LAWS) -n 2 --dist worksteal $(ARGS)

lint: .venv/.dev ## check layout, style and types
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m ruff check $(CODE)
	$(PY) -m mypy

format: .venv/.dev ## lay the code out, and mend what can be mended by itself
	$(PY) -m ruff check --fix $(CODE)
	$(PY) -m ruff format $(CODE)

lock: ## write requirements/ anew from pyproject.toml (needs uv; ARGS=--upgrade takes the newest of all)
	$(COMPILE) --extra build --output-file requirements/lab.txt $(ARGS)
	$(COMPILE) --extra build --extra articles --constraint requirements/lab.txt \
		--output-file requirements/articles.txt $(ARGS)
	$(COMPILE) --extra build --extra app --constraint requirements/lab.txt \
		--output-file requirements/app.txt $(ARGS)
	$(COMPILE) --extra build --extra articles --extra app --extra scale --extra postgres --extra test --extra lint \
		--constraint requirements/app.txt --constraint requirements/articles.txt --output-file requirements/dev.txt $(ARGS)

clean: ## remove .venv, site/, looks/ and every cache
	rm -rf .venv site looks build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv that came along when the folder was copied still holds factdesk from where it was.
ifneq ($(shell cat .venv/.folder 2>/dev/null),$(CURDIR))
.PHONY: .venv/.lab .venv/.articles .venv/.app .venv/.dev
endif

.venv/.lab: requirements/lab.txt $(SET_UP)
	@sh scripts/environment.sh requirements/lab.txt
	@echo "$(CURDIR)" > .venv/.folder
	@touch $@

.venv/.articles: requirements/articles.txt requirements/lab.txt $(SET_UP)
	@sh scripts/environment.sh requirements/articles.txt
	@echo "$(CURDIR)" > .venv/.folder
	@touch .venv/.lab $@

# Each holds all that those before it need, so that they have nothing left to do after it.
.venv/.app: requirements/app.txt requirements/lab.txt $(SET_UP)
	@sh scripts/environment.sh requirements/app.txt
	@echo "$(CURDIR)" > .venv/.folder
	@touch .venv/.lab $@

.venv/.dev: requirements/dev.txt requirements/app.txt requirements/articles.txt requirements/lab.txt $(SET_UP)
	@sh scripts/environment.sh requirements/dev.txt
	@echo "$(CURDIR)" > .venv/.folder
	@touch .venv/.lab .venv/.articles .venv/.app $@
