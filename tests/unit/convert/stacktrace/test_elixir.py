import pytest

from otel_bridge.convert.stacktrace.elixir import finish, parse, recognizes, split_type
from otel_bridge.convert.stacktrace.parsed import CodeRules
from tests.unit.convert.stacktrace.stacks import places, told

ELIXIR = """** (Shop.PaymentError) card refused
    (shop 0.1.0) lib/shop/orders.ex:7: Shop.Orders.charge/1
    (elixir 1.17.0) lib/enum.ex:984: Enum."-map/2-lists^map/1-0-"/2
    (stdlib 6.0) timer.erl:166: :timer.tc/1
    lib/shop.ex:3: (file)
"""
ERLANG = """exception error: bad argument
  in function  shop_orders:charge/1 (src/shop_orders.erl, line 7)
  in call from shop_orders:run/0 (src/shop_orders.erl, line 12)
"""
TERM = """[{shop_orders,charge,[1],[{file,"src/shop_orders.erl"},{line,7}]},
 {'Elixir.Shop.Orders',run,0,[{file,"lib/shop/orders.ex"},{line,12}]},
 {erl_eval,do_apply,6,[]}]"""


def test_elixir():
    (error,) = parse(ELIXIR)

    assert recognizes(ELIXIR)
    assert told([error]) == [
        "Shop.PaymentError: card refused | (file) > :timer.tc/1 > "
        'Enum."-map/2-lists^map/1-0-"/2 > Shop.Orders.charge/1'
    ]
    assert places(error) == ["lib/shop.ex:3", "timer:166", "Enum:984", "Shop.Orders:7"]
    for frame in error.frames:
        finish(frame, CodeRules())
    assert [frame.in_app for frame in error.frames] == [True, False, False, True]


def test_erlang():
    (error,) = parse(ERLANG)

    assert places(error) == ["shop_orders:12", "shop_orders:7"]
    assert [frame.function for frame in error.frames] == [
        "shop_orders:run/0",
        "shop_orders:charge/1",
    ]


def test_the_plain_term():
    (error,) = parse(TERM)

    assert [frame.function for frame in error.frames] == [
        "erl_eval.do_apply/6",
        "Shop.Orders.run/0",
        "shop_orders.charge/1",
    ]


def test_a_type_is_named_as_code_names_it():
    assert split_type("Elixir.Shop.PaymentError") == (None, "Shop.PaymentError")


@pytest.mark.parametrize("text", ["", "** (E) x", "{a,b", "(app 1) x", "[" * 1_000])
def test_what_is_no_stack_gives_nothing(text):
    assert parse(text) == []


BLAMED = """** (exit) an exception was raised:
    ** (FunctionClauseError) no function clause matching in Shop.Parsers.call/2
        (shop) lib/shop/parsers.ex:218: Shop.Parsers.call(%Shop.Conn{...}, [8000, ["*/*", "a,b"]])
        lib/shop/utils.ex:15: Shop.Utils.now()
        (elixir) lib/enum.ex:117: anonymous fn/4 in Kernel.ParallelCompiler.spawn_compilers/1
        (shop) lib/shop/conn.ex:663: anonymous fn({"a", []}, [{"b", "c"}]) in Shop.Conn.merge/2
        (stdlib) lists.erl:1338: :lists.foreach/2
"""


def test_what_phoenix_logs_of_a_request():
    (error,) = parse(BLAMED)
    for frame in error.frames:
        finish(frame, CodeRules())

    assert error.type == "FunctionClauseError"
    assert [(frame.module, frame.function, frame.in_app) for frame in error.frames[::-1]] == [
        ("Shop.Parsers", "Shop.Parsers.call/2", True),
        ("Shop.Utils", "Shop.Utils.now/0", True),
        (
            "Kernel.ParallelCompiler",
            "anonymous fn/4 in Kernel.ParallelCompiler.spawn_compilers/1",
            False,
        ),
        ("Shop.Conn", "anonymous fn/2 in Shop.Conn.merge/2", True),
        ("lists", ":lists.foreach/2", False),
    ]
