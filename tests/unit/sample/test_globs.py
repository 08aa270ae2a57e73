import pytest

from otel_bridge.sample.globs import as_text, compile_glob, compile_globs


@pytest.mark.parametrize(
    ("glob", "fits", "does_not"),
    [
        ("/health", ["/health"], ["/healthz", "", "x/health"]),
        ("/billing/*", ["/billing/", "/billing/a/b"], ["/billing", "/bill/x"]),
        ("*.internal", ["a.internal", ".internal"], ["a.internal.x"]),
        ("/v?/x*y", ["/v1/xy", "/v2/x\n--y"], ["/v/xy", "/v12/xy"]),
        ("*", ["", "anything\nat all"], []),
        ("a.b[c]", ["a.b[c]"], ["axb[c]", "a.bc"]),
    ],
)
def test_a_glob_fits_whole_texts(glob, fits, does_not):
    match = compile_glob(glob)

    assert [text for text in fits if not match(text)] == []
    assert [text for text in does_not if match(text)] == []


def test_one_of_several_globs_is_enough():
    match = compile_globs(["/a", "/b*"])

    assert [match(text) for text in ("/a", "/b1", "/c")] == [True, True, False]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (True, "true"),
        (False, "false"),
        (200, "200"),
        (0.5, "0.5"),
        (None, None),
        ([], None),
    ],
)
def test_values_are_compared_as_text(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize(("glob", "fits"), [("/a*c", True), ("/a?c", True), ("/b*c", False)])
def test_a_text_that_is_no_text_in_utf_8_is_compared_all_the_same(glob, fits):
    assert compile_glob(glob)("/a\udcffc") is fits
