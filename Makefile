SHELL := /bin/bash
PYTHON ?= python3
BENCH ?= $(HOME)/frappe-bench
OUT ?= demo-output
PORT ?= 8001

.PHONY: demo test desk lint

demo: .venv/ready  ## evaluate the bundled example and say where the results lie
	@.venv/bin/seroja demo --out $(OUT)

test: .venv/ready  ## every test that this machine can run
	@BENCH="$(BENCH)" .venv/bin/python scripts/test.py

desk: .venv/ready  ## install into BENCH, make a demo site and serve it
	@BENCH="$(firstword $(BENCH))" PORT=$(PORT) .venv/bin/python scripts/desk.py

lint: .venv/ready
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

.venv/ready: pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh
