from pathlib import Path

from otel_bridge.config.delivery import local_path
from otel_bridge.config.load import load
from otel_bridge.config.stages import convert_options, scrub_options
from otel_bridge.scrub.options import ScrubOptions


def options(**arguments):
    return load(arguments, {}).options


def test_each_stage_gets_what_was_asked_for():
    converted = convert_options(options(release="r", ignore_errors=["KeyError"], server_name="h"))

    assert (converted.release, converted.ignore_errors, converted.server_name) == (
        "r",
        ("KeyError",),
        "h",
    )


def test_the_server_name_is_the_hosts_by_default():
    assert convert_options(options()).found_server_name


def test_a_preset_becomes_scrub_options_and_scrub_options_stay_what_they_are():
    own = ScrubOptions(preset="keys")

    assert scrub_options(options(scrub="strict")).preset == "strict"
    assert scrub_options(options(scrub=own)) == own


def test_the_local_file_lies_in_the_folder_that_was_named_or_the_users_state():
    assert local_path(options(local_dir="/x"), {}) == Path("/x/events.jsonl")
    assert local_path(options(), {"XDG_STATE_HOME": "/s"}) == Path("/s/otel_bridge/events.jsonl")


def test_what_may_be_sent_of_people_can_be_said_in_both_places():
    own = ScrubOptions(preset="keys")

    assert scrub_options(options(scrub=own, send_default_pii=True)).send_default_pii
    assert scrub_options(options(scrub=ScrubOptions(send_default_pii=True))).send_default_pii
