import json
import subprocess
import sys
from pathlib import Path

import pytest

from otel_bridge.config.load import load
from otel_bridge.instrument.environment_sampler import EnvironmentSampler, sampler_for

ROOT = Path(__file__).parents[2]
CODE = """
from opentelemetry.sdk._configuration import _import_sampler
sampler = _import_sampler("otel_bridge")
print(type(sampler).__name__, sampler.get_description())
"""


def described(environ, **arguments):
    sampler = sampler_for(load(arguments, environ).options, environ)
    return sampler and sampler.get_description()


@pytest.mark.parametrize(
    ("environ", "arguments", "description"),
    [
        ({}, {}, None),
        ({}, {"sampling": {"head": {"rate": 0.5}}}, "BridgeSampler{rate=0.5,rules=0}"),
        ({}, {"traces_sampler": lambda _: 1}, "BridgeSampler{rate=1.0,rules=0}"),
        (
            {"OTEL_TRACES_SAMPLER": "always_off"},
            {"sampling": {"head": {"rate": 0.5}}},
            "BridgeSampler{rate=0.5,rules=0}",
        ),
        ({"OTEL_TRACES_SAMPLER": "always_off"}, {"sampling": {"red": {}}}, None),
        ({}, {"sampling": {"red": {}}}, "BridgeSampler{rate=1.0,rules=0}"),
    ],
)
def test_options_about_the_head_ask_for_a_sampler(environ, arguments, description):
    assert described(environ, **arguments) == description


@pytest.mark.parametrize(
    "environ",
    [
        {"OTEL_SERVICE_NAME": "shop", "OTEL_BRIDGE_ENVIRONMENT": "prod"},
        {"OTEL_RESOURCE_ATTRIBUTES": "service.name=shop,deployment.environment.name=pr%6Fd"},
    ],
)
def test_rules_know_service_and_environment(environ):
    rule = {"service": "shop", "environment": "prod", "rate": 0.25}
    sampler = sampler_for(
        load({"sampling": {"head": {"rules": [rule]}}}, environ).options, environ
    )

    result = sampler.should_sample(None, 0xFF << 48, "x")

    assert result.attributes["sampling.head"] == "rule:0"


@pytest.mark.parametrize(
    ("argument", "printed"),
    [
        ("0.25", "EnvironmentSampler BridgeSampler{rate=0.25,rules=1}"),
        ("", "EnvironmentSampler BridgeSampler{rate=0.5,rules=1}"),
        ("a lot", "NoneType"),
    ],
)
def test_the_sdk_finds_it_by_name(argument, printed):
    pytest.importorskip("opentelemetry.sdk._configuration")
    done = subprocess.run(
        [sys.executable, "-c", CODE.replace(", sampler.get", ", sampler and sampler.get")],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PYTHONPATH": str(ROOT),
            "HOME": "/nonexistent",
            "OTEL_TRACES_SAMPLER_ARG": argument,
            "OTEL_BRIDGE_SAMPLING": json.dumps({"head": {"rate": 0.5, "rules": [{"rate": 1}]}}),
        },
    )

    assert done.stdout.split(" None")[0].strip() == printed, done.stderr
    if printed == "NoneType":
        assert "OTEL_TRACES_SAMPLER_ARG: found 'a lot', wanted a rate from 0 to 1" in done.stderr


def test_a_bridge_brings_its_options_and_a_rate_given_by_name_stays():
    own = EnvironmentSampler()
    named = EnvironmentSampler("0.25")
    options = load({"sampling": {"head": {"rate": 0.5, "rules": [{"rate": 1}]}}}, {}).options

    own.follow(options, {})
    named.follow(options, {})

    assert own.get_description() == "BridgeSampler{rate=0.5,rules=1}"
    assert named.get_description() == "BridgeSampler{rate=0.25,rules=1}"
