# The verbs of the project; `make` lists them.
PY := .venv/bin/python
ENV := .venv/.ready
SAM_ENV := .venv-sam/.ready
SPARK_ENV := .venv-spark/.ready
AUTOML_ENV := .venv-automl/.ready
MINUTES ?= 10
CLIENTS_ENV := .venv-clients/.ready
RUNTIME_CLIENT := build/ric/.ready
LOCKED := uv.lock scripts/environment scripts/requirements
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export DO_NOT_TRACK := 1
export SAM_CLI_TELEMETRY := 0
# uv trusts what the machine trusts, as pip does: behind a company's proxy its own list of authorities refuses every index.
export UV_SYSTEM_CERTS ?= 1
# Where this is set, as in many images, every command compiles anew the libraries it imports: seconds each time.
unexport PYTHONDONTWRITEBYTECODE
# What a command says is seen when it says it, in a pipe or a log as well.
export PYTHONUNBUFFERED ?= 1

DATA ?=
APPLICATIONS ?= 15000
SEED ?= 0
EFFORT ?= quick
# Real tables get a folder of their own: what was made from the sample stays what it says it is.
DEMO := build/demo$(if $(DATA),-own-data)
DEMO_DATA = $(or $(DATA),$(DEMO)/data)

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench fuzz automl pages population bundle api ui explain documents soutenance notebooks pictures mlflow eda report drift drift-fetch \
	drift-keep package invoke golden lock clean coverage validate smoke-package look budgets workflows secrets audit deploy smoke record \
	github-roles rollback withdraw export announce train-fetch candidate propose rehearse

help: ## list the verbs
	@printf '%s\n\n' 'A first hour: make demo, then make ui, make mlflow, make explain report, make eda, make invoke; README.md tells more.'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

$(ENV): $(LOCKED)
	@scripts/environment .venv dev

$(SAM_ENV): $(LOCKED)
	@scripts/environment .venv-sam sam

$(SPARK_ENV): $(LOCKED)
	@scripts/environment .venv-spark spark

$(CLIENTS_ENV): $(LOCKED)
	@scripts/environment .venv-clients clients

$(AUTOML_ENV): $(LOCKED)
	@scripts/environment .venv-automl automl

$(RUNTIME_CLIENT): uv.lock scripts/runtime-client $(ENV)
	@scripts/runtime-client

demo: $(ENV) ## from raw tables to one explained decision; DATA=<folder> for real tables
	$(if $(DATA),,$(PY) -m training sample --applications $(APPLICATIONS) --seed $(SEED) --out $(DEMO)/data)
	$(PY) -m training train --data "$(DEMO_DATA)" --effort $(EFFORT) --seed $(SEED)
	@# No partner sends requests to a demo: that of other tables may ask for other inputs.
	$(PY) -m training promote --reason "make demo" --override inputs \
	  --break-glass "a demo of one person on a machine of their own"
	$(PY) -m training export --out $(DEMO)/bundle
	$(PY) -m training demo --bundle $(DEMO)/bundle

test: $(ENV) $(SAM_ENV) $(CLIENTS_ENV) $(RUNTIME_CLIENT) check ## everything .ci/run runs
	scripts/test

coverage: $(ENV) $(SAM_ENV) $(CLIENTS_ENV) $(RUNTIME_CLIENT) ## the tests with their coverage, in reports/
	scripts/test --cov=lambda/scoring --cov=training --cov=monitoring --cov=frontend --cov=delivery --cov=documents --cov=metrics --cov=lambda/features --cov=commandline --cov-branch \
	  --cov-report=term:skip-covered --cov-report=xml:reports/coverage.xml --cov-report=html:reports/coverage --junitxml=reports/tests.xml

check: $(ENV) ## format, lint, types, import rules
	scripts/check

format: $(ENV) ## let ruff format and fix
	ruff format . && ruff check --fix .

bench: package $(RUNTIME_CLIENT) ## benchmarks: a table, and reports/bench.json
	$(PY) -m benchmarks

automl: $(ENV) $(AUTOML_ENV) ## AutoML beside the model on the real sample; MINUTES=60 for an hour
	$(PY) -m benchmarks --only automl --automl-minutes $(MINUTES)

FUZZ_REQUESTS ?= 120000
fuzz: $(ENV) ## more than a hundred thousand broken requests, in process
	$(PY) -m pytest tests/attacks/test_fuzz.py -n 2 --dist load --fuzz-requests $(FUZZ_REQUESTS)

pages: $(ENV) ## write docs/results.md, docs/features.md, docs/motifs.md, docs/regles.md, docs/politique-donnees.md, docs/population.md, the French documents and the figures of the README
	$(PY) -m documents results
	$(PY) -m documents drift
	$(PY) -m documents population
	$(PY) -m documents dictionary
	$(PY) -m documents motives
	$(PY) -m documents rules
	$(PY) -m documents policy
	$(PY) -m documents document --keep-record
	$(PY) -m documents guides

population: $(ENV) ## measure the sample beside real tables and write docs/population.md; REAL=<folder>
	HOME_CREDIT_SAMPLE="$(or $(REAL),$(error REAL=<folder of the real tables> is needed))" \
	  $(PY) -m benchmarks --only population_coherence population_likeness population_transfer population_models \
	    population_drawing
	$(PY) -m documents population

bundle: $(ENV) ## train the committed demo bundle anew (sample population, full effort)
	scripts/bundle

api: export IDEMPOTENCY ?= memory
api: $(ENV) ## local API on port 8000; API_PORT=<n> for another
	$(PY) -m uvicorn scoring.dossier_handler:app --port $${API_PORT:-8000} --app-dir lambda

ui: $(ENV) ## API (8000) and Streamlit page (8501) together; API_URL=<address> for another API
	@scripts/ui

explain: $(ENV) ## explanations of the staged version: reports/explications.html
	$(PY) -m training report

documents: $(ENV) ## decision note and model card of the bundle that is served, and the French guides
	$(PY) -m documents document
	$(PY) -m documents guides

soutenance: $(ENV) ## the presentation of the bundle that is served: build/soutenance.pptx; RELEASE=yes: that of docs/soutenance
	$(PY) -m documents presentation $(if $(RELEASE),--release)

notebooks: $(ENV) ## run the notebooks anew on the sample population and keep their outputs
	$(PY) scripts/notebooks

pictures: $(ENV) ## take the pictures of the page, for the README and for the slides (needs Chromium)
	$(PY) scripts/pictures

MLFLOW_PORT ?= 5000
# One process for one reader: by itself MLflow starts several, and as many again for jobs that nobody here sends.
mlflow: export MLFLOW_SERVER_ENABLE_JOB_EXECUTION := false
# Warnings of libraries to the makers of libraries.
mlflow: export PYTHONWARNINGS ?= ignore
mlflow: $(ENV) ## MLflow UI on port 5000; MLFLOW_PORT=<n> for another
	@[ -n "$$MLFLOW_TRACKING_URI" ] || [ -f mlflow.db ] || echo 'mlflow: no run is kept here yet; `make demo` makes one' >&2
	@echo "runs: http://localhost:$(MLFLOW_PORT)/#/experiments/1/runs   families compared: http://localhost:$(MLFLOW_PORT)/#/experiments/1/runs?viewStateShareKey=familles   registry: http://localhost:$(MLFLOW_PORT)/#/models/pret-a-depenser-scoring"
	$(PY) -m mlflow ui --backend-store-uri $${MLFLOW_TRACKING_URI:-sqlite:///mlflow.db} --workers 1 --port $(MLFLOW_PORT)

eda: $(ENV) ## exploration of the data, one HTML page in reports/; DATA=<folder> for real tables
	$(if $(DATA),,$(PY) -m training sample --applications $(APPLICATIONS) --seed $(SEED) --out $(DEMO)/data)
	$(PY) -m training eda --data "$(DEMO_DATA)" --out reports/eda.html

report: $(ENV) ## drift report of the demo data: application_test against application_train
	@[ -f $(DEMO)/bundle/contract.json ] || { echo 'report: there is no $(DEMO)/bundle; run `make demo$(if $(DATA), DATA=$(DATA))` first' >&2; exit 2; }
	$(PY) -m training features --data "$(DEMO_DATA)" --out $(DEMO)/features.parquet
	$(PY) -m training score --bundle $(DEMO)/bundle --data "$(DEMO_DATA)" --out $(DEMO)/scores.parquet
	@# Status 1 is an alarm, not a failure: the report is there to be read.
	$(PY) -m monitoring report --bundle $(DEMO)/bundle --out reports/drift \
	  --reference $(DEMO)/features.parquet:train --reference-scores $(DEMO)/scores.parquet \
	  --current $(DEMO)/features.parquet:test --current-scores $(DEMO)/scores.parquet || [ $$? -eq 1 ]

REFERENCE ?= reports/reference/features.parquet:train
REFERENCE_SCORES ?= reports/reference/scores.parquet
AUDIT ?= reports/audit
HISTORY ?= reports/history.csv
SINCE ?= $(shell date -u -d '7 days ago' +%F)
DRIFT ?= reports/drift
TREND ?= reports/trend.html
drift: $(ENV) ## drift of the API's audit records (AUDIT=<folder>) against REFERENCE: report, history, trend, alarm
	@# Status 1 is an alarm, 3 too many weeks without enough requests: drawn and sent, and then the status of this verb.
	$(PY) -m monitoring report --bundle lambda/bundle --reference "$(REFERENCE)" --reference-scores "$(REFERENCE_SCORES)" \
	  --current "$(AUDIT)" --logs "$(AUDIT)" --since $(SINCE) --history "$(HISTORY)" --out "$(DRIFT)"; status=$$?; \
	case $$status in 0|1|3) ;; *) exit $$status ;; esac; \
	$(PY) -m monitoring trend --history "$(HISTORY)" --out "$(TREND)" && \
	$(PY) -m monitoring alert --out "$(DRIFT)" && exit $$status

drift-fetch: ## audit records, reference and history from the bucket AUDIT_BUCKET
	aws s3 sync --quiet "s3://$${AUDIT_BUCKET:?}/audit" reports/audit
	aws s3 sync --quiet "s3://$${AUDIT_BUCKET:?}/monitoring/reference" reports/reference
	aws s3 cp --quiet "s3://$${AUDIT_BUCKET:?}/monitoring/history.csv" reports/history.csv || echo "no history yet"

drift-keep: ## history, report and trend back to the bucket AUDIT_BUCKET
	aws s3 cp --quiet reports/history.csv "s3://$${AUDIT_BUCKET:?}/monitoring/history.csv"
	aws s3 sync --quiet reports/drift "s3://$${AUDIT_BUCKET:?}/monitoring/reports/$$(date -u +%F)"
	aws s3 cp --quiet reports/trend.html "s3://$${AUDIT_BUCKET:?}/monitoring/trend.html"

package: $(SAM_ENV) $(ENV) ## sam build: the package as it is deployed, in .aws-sam/build
	scripts/package

validate: $(SAM_ENV) ## what SAM says of the template
	.venv-sam/bin/sam validate --lint

smoke-package: $(ENV) $(SAM_ENV) $(RUNTIME_CLIENT) ## the built packages give the trained model's answers, under the emulator
	$(PY) -m delivery smoke --package .aws-sam/build/ScoringFunction
	$(PY) -m delivery smoke --package .aws-sam/build/DossierFunction

budgets: $(ENV) ## size and cold start of the built package beside that of BASE=origin/main
	scripts/budgets

workflows: $(ENV) ## lint the workflows of GitHub Actions
	scripts/workflows

secrets: $(ENV) ## look for secrets in every file
	scripts/secrets

audit: $(ENV) ## known faults of the dependencies (needs network)
	scripts/audit

deploy: $(ENV) $(SAM_ENV) ## the built package to ENVIRONMENT=dev|staging|production: change set, canary, alarms
	scripts/deploy

github-roles: $(ENV) $(SAM_ENV) ## what GitHub Actions may do for ENVIRONMENT: identity provider and roles; REPOSITORY=<owner>/<name>
	scripts/github-roles

smoke: $(ENV) ## the stack of ENVIRONMENT gives the trained model's answers
	$(PY) -m delivery smoke --environment "$$ENVIRONMENT"

look: $(ENV) ## what no tool here can show of the stack of ENVIRONMENT, passed or failed line by line
	$(PY) -m delivery look --environment "$$ENVIRONMENT"

record: $(ENV) ## keep that what both functions of ENVIRONMENT serve was found right: a rollback may go to it
	$(PY) -m delivery record --environment "$$ENVIRONMENT"

rollback: $(ENV) ## both functions of ENVIRONMENT back to the versions before, with a REASON; VERSION=<n> DOSSIER_VERSION=<n> for others
	scripts/rollback

withdraw: $(ENV) ## after a deployment that failed: back to what was found right, where something else is live
	scripts/rollback --failed-deployment

EVENT ?= tests/events/score_rest.json
invoke: package ## builds, then sam local invoke with a sample event (EVENT=...); needs a container engine
	@scripts/invoke "$(EVENT)"

golden: $(ENV) ## rewrite the golden files of the tests
	$(PY) -m delivery events
	$(PY) -m delivery clients
	$(PY) -m documents api
	$(PY) -m pytest tests/golden --rewrite-golden

lock: $(ENV) ## what pyproject.toml decides: uv.lock, requirement files of the function and the page, version of the function
	scripts/lock

export: $(ENV) ## the model that the registry has in production, to lambda/bundle
	$(PY) -m training export --alias production --out lambda/bundle

announce: ## ask GitHub to deploy the model that was promoted
	scripts/announce-promotion

train-fetch: ## the tables to train on from the bucket TRAINING_BUCKET, to data/training
	aws s3 sync --quiet "s3://$${TRAINING_BUCKET:?}/data" data/training

candidate: $(ENV) ## train a candidate and compare it with what is served: build/candidate/proposal
	DATA="$(or $(DATA),$(wildcard data/training))" scripts/candidate

propose: ## pull request with the candidate and its comparison
	scripts/propose

FAILING_THRESHOLD ?= 0.02
RIGHT_THRESHOLD ?= 0.1
rehearse: package $(RUNTIME_CLIENT) ## deploy, canary, alarm, rollback of both functions in a mocked AWS: which version answers at each step
	scripts/second-bundle build/rehearsal/failing --threshold $(FAILING_THRESHOLD)
	scripts/second-bundle build/rehearsal/strange --turns-away
	scripts/second-bundle build/rehearsal/right --threshold $(RIGHT_THRESHOLD)
	$(PY) -m delivery rehearse --failing build/rehearsal/failing --strange build/rehearsal/strange --right build/rehearsal/right

clean: ## remove what can be made again
	rm -rf build .aws-sam && find reports -mindepth 1 ! -name bench.json -delete
