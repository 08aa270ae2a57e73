import platform

import pytest

from otel_bridge.instrument.deployment import found_contexts, found_release

REVISION = "0123456789abcdef0123456789abcdef01234567"


def repository(folder, head, **files):
    git = folder / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text(head)
    for name, text in files.items():
        (git / name.replace("__", "/").replace("packed_refs", "packed-refs")).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("head", "files"),
    [
        ("ref: refs/heads/main\n", {"refs__heads__main": f"{REVISION}\n"}),
        ("ref: refs/heads/main\n", {"packed_refs": f"# pack\n{REVISION} refs/heads/main\n"}),
        (f"{REVISION}\n", {}),
    ],
    ids=["loose", "packed", "detached"],
)
def test_git_says_the_release(tmp_path, head, files):
    inside = repository(tmp_path, head, **files) / "src" / "shop"
    inside.mkdir(parents=True)

    assert found_release({"K_REVISION": "7"}, inside) == REVISION


@pytest.mark.parametrize("head", ["", "ref: refs/heads/main", "nonsense", "ref: ../../secret"])
def test_what_git_does_not_know_the_platform_may(tmp_path, head):
    folder = repository(tmp_path, head)

    assert found_release({"K_REVISION": "7"}, folder) == "7"
    assert found_release({}, folder) is None


def test_the_first_platform_that_says_something_counts(tmp_path):
    environ = {"HEROKU_SLUG_COMMIT": "", "SOURCE_VERSION": "abc", "K_REVISION": "7"}

    assert found_release(environ, tmp_path / "nowhere") == "abc"


def test_the_process_knows_its_runtime():
    contexts = found_contexts()

    assert contexts["runtime"]["version"] == platform.python_version()
    assert contexts["os"]["name"]
