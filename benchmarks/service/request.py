"""One request through the handler, explanation included, beside what it cannot do without and beside the usual way.

The contenders take turns on the same golden applications. All have one thread, as a function of one core has:

- the handler, as API Gateway calls it;
- the bare session: only the ONNX run on the row that is already encoded;
- an empty route: FastAPI and Mangum around nothing, with the same event;
- the usual way: a pandas frame, a scikit-learn pipeline around LightGBM, and shap's TreeExplainer built once, called as
  plain functions, without HTTP. Its model is trained here, on noise shaped like the inputs, with as many leaves as the
  served one (or a usual number, where that one is linear).
"""

from __future__ import annotations

import io
import json
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shap
from fastapi import FastAPI, Request, Response
from lightgbm import LGBMClassifier
from mangum import Mangum
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from benchmarks.service.turns import alternate, quiet
from delivery.events import HttpRequest, rest_event
from delivery.paths import BUNDLE
from scoring.bundle import Bundle
from scoring.contract import EXPLAINER_FILE, MODEL_FILE
from scoring.features import InputEncoder
from scoring.model import INPUT, OUTPUTS, open_session
from scoring.reasons import PRINCIPAL_REASONS

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.service.turns import Contender
    from scoring.contract import Input

CALLS = 3000
CALLS_A_TURN = 25
TRAINING_ROWS = 20_000
MISSING_SHARE = 0.2
LEAVES_A_TREE = 8
# What boosting comes to on this data, for when the served model is linear.
USUAL_TREES = 250


def measure_request(bundle: Path = BUNDLE, *, calls: int = CALLS) -> dict[str, Any]:
    """Time each contender over alternating calls; milliseconds at the median and at the 99th percentile."""
    opened = Bundle.open(bundle)
    applications = [one["application"] for one in opened.golden]
    events = [rest_event(HttpRequest.post("/v1/score", application)) for application in applications]
    contenders = {
        "handler": _handler(bundle, events),
        "bare_session": _bare_session(opened, applications),
        "empty_route": _empty_route(events),
        "usual_way": _usual_way(opened, applications),
    }
    with quiet(), threadpool_limits(1):
        times = alternate(contenders, n_turns=max(1, calls // CALLS_A_TURN), calls_a_turn=CALLS_A_TURN)
    p50 = {name: float(np.percentile(values, 50)) for name, values in times.items()}
    return {
        "calls": len(times["handler"]),
        "n_inputs": len(opened.contract.inputs),
        "n_leaves": _n_leaves(opened),
        **{f"{name}_ms": {"p50": p50[name], "p99": float(np.percentile(values, 99))} for name, values in times.items()},
        "ratio_to_session_and_empty_route": p50["handler"] / (p50["bare_session"] + p50["empty_route"]),
        "times_faster_than_usual_way": p50["usual_way"] / p50["handler"],
    }


def _handler(bundle: Path, events: list[dict[str, Any]]) -> Contender:
    os.environ["BUNDLE_DIR"] = str(bundle)  # the handler reads its settings when it is imported, as on Lambda
    handler = import_module("scoring.handler").handler
    return lambda index: _accepted(handler(events[index % len(events)], None))


def _accepted(answer: dict[str, Any]) -> dict[str, Any]:
    if answer["statusCode"] != 200:  # noqa: PLR2004  the HTTP status
        raise RuntimeError(f"the handler did not score: {answer['body']}")
    return answer


def _bare_session(bundle: Bundle, applications: list[dict[str, Any]]) -> Contender:
    session = open_session(bundle.content[MODEL_FILE])
    rows = [InputEncoder(bundle.contract.inputs).encode([application]) for application in applications]
    return lambda index: session.run(OUTPUTS, {INPUT: rows[index % len(rows)]})


def _empty_route(events: list[dict[str, Any]]) -> Contender:
    app = FastAPI()

    @app.post("/v1/score")
    async def nothing(request: Request) -> Response:
        await request.body()
        return Response(b"{}", media_type="application/json")

    handler = Mangum(app, lifespan="off")
    return lambda index: _accepted(handler(events[index % len(events)], None))  # type: ignore[arg-type]  # no context is read


def _usual_way(bundle: Bundle, applications: list[dict[str, Any]]) -> Contender:
    """Return what a notebook becomes when it is served: frame in, pipeline, explainer, the strongest."""
    contract = bundle.contract
    bodies = [json.dumps(application) for application in applications]
    pipeline = _trained_pipeline(contract.inputs, n_trees=_n_leaves(bundle) // LEAVES_A_TREE or USUAL_TREES)
    prepare, model = pipeline[:-1], pipeline[-1]
    explainer = shap.TreeExplainer(model)
    names = [item.name for item in contract.inputs]

    def answer(index: int) -> str:
        frame = _typed(pd.DataFrame([json.loads(bodies[index % len(bodies)])], columns=names), contract.inputs)
        probability = pipeline.predict_proba(frame)[0, 1]
        contributions = np.ravel(explainer.shap_values(prepare.transform(frame)))
        strongest = np.argsort(-np.abs(contributions))[:PRINCIPAL_REASONS]
        reasons = [[names[place], float(contributions[place])] for place in strongest]
        return json.dumps({"probability": float(probability), "reasons": reasons})

    return answer


def _trained_pipeline(inputs: tuple[Input, ...], *, n_trees: int) -> Any:  # noqa: ANN401  scikit-learn has no types
    frame = _noise(inputs)
    default = np.random.default_rng(1).random(len(frame)) < 0.1 + 0.1 * frame.isna().any(axis=1)
    categories = [item.name for item in inputs if item.kind == "category"]
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = ColumnTransformer([("codes", encoder, categories)], remainder="passthrough")
    columns.set_output(transform="pandas")
    model = LGBMClassifier(n_estimators=n_trees, num_leaves=LEAVES_A_TREE, n_jobs=1, verbose=-1, random_state=0)
    return make_pipeline(columns, model).fit(frame, default)


def _noise(inputs: tuple[Input, ...]) -> pd.DataFrame:
    """Return rows within the usual ranges, with values missing where they may be."""
    generator = np.random.default_rng(0)
    columns = {item.name: _column(item, generator) for item in inputs}
    return _typed(pd.DataFrame(columns), inputs)


def _column(item: Input, generator: np.random.Generator) -> pd.Series[Any]:
    if item.kind == "category":
        return pd.Series(generator.choice(item.categories, TRAINING_ROWS))
    low, high = item.usual_low or 0.0, item.usual_high or 1.0
    values = pd.Series(generator.uniform(low, max(high, low), TRAINING_ROWS))
    return values if item.required else values.mask(generator.random(TRAINING_ROWS) < MISSING_SHARE)


def _typed(frame: pd.DataFrame, inputs: tuple[Input, ...]) -> pd.DataFrame:
    return frame.astype({item.name: object if item.kind == "category" else float for item in inputs})


def _n_leaves(bundle: Bundle) -> int:
    """Return the number of leaves of the served trees; none for a linear model."""
    with np.load(io.BytesIO(bundle.content[EXPLAINER_FILE]), allow_pickle=False) as stored:
        depths = stored["depths"].tolist() if "depths" in stored.files else []
        return sum(len(stored[f"table_{depth}"]) >> depth for depth in depths)
