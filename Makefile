# The verbs of the project; `make` lists them.
PY := .venv/bin/python
ENV := .venv/.ready
SAM_ENV := .venv-sam/.ready
RUNTIME_CLIENT := build/ric/.ready
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export DO_NOT_TRACK := 1
export SAM_CLI_TELEMETRY := 0

DATA ?=
APPLICATIONS ?= 15000
SEED ?= 0
EFFORT ?= quick
# Real tables get a folder of their own: what was made from the sample stays what it says it is.
DEMO := build/demo$(if $(DATA),-own-data)
DEMO_DATA = $(or $(DATA),$(DEMO)/data)

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench fuzz pages bundle api ui mlflow report package invoke golden lock clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

$(ENV): requirements-dev.txt scripts/environment
	@scripts/environment .venv requirements-dev.txt

$(SAM_ENV): requirements-sam.txt scripts/environment
	@scripts/environment .venv-sam requirements-sam.txt

$(RUNTIME_CLIENT): requirements-ric.txt scripts/runtime-client $(ENV)
	@scripts/runtime-client

demo: $(ENV) ## from raw tables to one explained decision; DATA=<folder> for real tables
	$(if $(DATA),,$(PY) -m training sample --applications $(APPLICATIONS) --seed $(SEED) --out $(DEMO)/data)
	$(PY) -m training train --data "$(DEMO_DATA)" --effort $(EFFORT) --seed $(SEED)
	$(PY) -m training promote --reason "make demo"
	$(PY) -m training export --out $(DEMO)/bundle
	$(PY) -m training demo --bundle $(DEMO)/bundle

test: $(ENV) $(SAM_ENV) $(RUNTIME_CLIENT) check ## everything .ci/run runs
	scripts/test

check: $(ENV) ## format, lint, types, import rules
	scripts/check

format: $(ENV) ## let ruff format and fix
	ruff format . && ruff check --fix .

bench: package $(RUNTIME_CLIENT) ## benchmarks: a table, and reports/bench.json
	$(PY) -m benchmarks

FUZZ_REQUESTS ?= 120000
fuzz: $(ENV) ## more than a hundred thousand broken requests, in process
	$(PY) -m pytest tests/attacks/test_fuzz.py -n 2 --dist load --fuzz-requests $(FUZZ_REQUESTS)

pages: $(ENV) ## write docs/results.md and the figures of the README from the last bench
	$(PY) -m benchmarks.pages

bundle: $(ENV) ## train the committed demo bundle anew (sample population, full effort)
	scripts/bundle

api: $(ENV) ## local API on port 8000
	$(PY) -m uvicorn scoring.handler:app --port 8000 --app-dir lambda

ui: $(ENV) ## Streamlit page on port 8501
	$(PY) -m streamlit run frontend/app.py --server.port 8501

mlflow: $(ENV) ## MLflow UI on port 5000
	$(PY) -m mlflow ui --backend-store-uri $${MLFLOW_TRACKING_URI:-sqlite:///mlflow.db} --port 5000

report: $(ENV) ## drift report of the demo data: application_test against application_train
	$(PY) -m training features --data "$(DEMO_DATA)" --out $(DEMO)/features.parquet
	$(PY) -m training score --bundle $(DEMO)/bundle --data "$(DEMO_DATA)" --out $(DEMO)/scores.parquet
	@# Status 1 is an alarm, not a failure: the report is there to be read.
	$(PY) -m monitoring report --bundle $(DEMO)/bundle --out reports/drift \
	  --reference $(DEMO)/features.parquet:train --reference-scores $(DEMO)/scores.parquet \
	  --current $(DEMO)/features.parquet:test --current-scores $(DEMO)/scores.parquet || [ $$? -eq 1 ]

package: $(SAM_ENV) $(ENV) ## sam build: the package as it is deployed, in .aws-sam/build
	scripts/package

EVENT ?= tests/events/score_rest.json
invoke: package ## sam local invoke with a sample event (EVENT=...); needs a container engine
	.venv-sam/bin/sam local invoke ScoringFunction --event $(EVENT)

golden: $(ENV) ## rewrite the golden files of the tests
	$(PY) -m delivery events
	$(PY) -m benchmarks.api_page
	$(PY) -m pytest tests/golden --rewrite-golden

lock: $(ENV) ## resolve the requirement files again
	scripts/lock

clean: ## remove what can be made again
	rm -rf build reports .aws-sam
