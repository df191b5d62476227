"""Rules of the language beyond the conformance kit, limits, and robustness."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habitr_emulator.services.appsync.spec import EarlyReturn, ResolverError
from habitr_emulator.services.appsync.vtl.render import render_variables


def out(template: str, **variables: Any) -> str:
    return render_variables(template, variables)


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        (r"\$x \$nope \\$x \\\$x", r"$x \$nope \5 \$x"),
        (r"\#if(1) \#foo", r"#if(1) \#foo"),
        ("#[[ $x #if ]]#", " $x #if "),
        ("a\n   #set($y = 1)\nb", "a\nb"),
        ("  #if(true)\n  a\n  #end\nb", "    a\n  b"),
        ("#foreach($i in [1..9])$i#if($i == 3)#break#end#end!", "123!"),
        ("a#stop b", "a"),
        (
            "#foreach($i in [3..1])$i$foreach.parent.index#end",
            "3$foreach.parent.index2$foreach.parent.index1$foreach.parent.index",
        ),
        ("#foreach($i in [1..2])#foreach($j in [1..2])$foreach.parent.count$j #end#end", "11 12 21 22 "),
        ("#set($m = {})#set($m.a = 1)#set($m['b'] = 2)$m", "{a=1, b=2}"),
        ("#macro(pair $a $b)<$a,$b>#end#pair(1 2)#pair('x', $x)", "<1,2><x,5>"),
        ("#define($b)[$x]#end#set($x = 6)$b", "[6]"),
        ('#set($e = "#foreach($i in [1..3])$i#end")$e', "123"),
        ("#set($s = 'it''s')$s", "it's"),
        ('#set($s = "a""b")$s', 'a"b'),
        ("#set($v = 7 - 2 * 3 + 1)$v", "2"),
        ("#set($v = -7 / 2)$v #set($w = -7 % 3)$w", "-3-1"),
        ("#if($x > 1 && $x < 9 || false)y#end", "y"),
        ("#if($nope == $null)y#end#if($x eq 5.0)z#end", "yz"),
        ("#set($t = 'a' + $nope)$t", "a$nope"),
        ("#set($v = 1 + true)[$!v]", "[]"),
        ("#evaluate('#set($x = 9)')$x", "9"),
        ("${x}$!{x}$!nope${nope}", "55${nope}"),
        ("${x:-1} $$x", "${x:-1} $5"),
        ("#if($x)a#{else}b#{end}c", "ac"),
        ("$x.foo.bar $x.toString()", "$x.foo.bar 5"),
    ],
)
def test_a_template_prints(template: str, printed: str) -> None:
    assert out(template, x=5) == printed


def test_arguments_of_a_method_on_null_are_not_evaluated() -> None:
    assert out("#set($l = [])$!nope.call($l.add(1))$l.size()") == "0"


def test_return_carries_its_value() -> None:
    with pytest.raises(EarlyReturn) as early:
        out("text #return({'a': [1, $x]}) more", x=2)
    assert early.value.value == {"a": [1, 2]}


@pytest.mark.parametrize(
    "template",
    [
        "#if(true)",
        "#end",
        "#else",
        "#set(x = 1)",
        "#set($x = )",
        "$l.add(",
        "#foreach($x [1])#end",
        "#* open",
        "#set($x = 'a)",
    ],
)
def test_a_template_that_cannot_be_parsed_is_a_mapping_template_error(template: str) -> None:
    with pytest.raises(ResolverError, match=r"Unable to transform for the reason: .* line") as error:
        out(template)
    assert error.value.error_type == "MappingTemplate"


@pytest.mark.parametrize(
    "template",
    [
        "#foreach($a in [1..1000])#foreach($b in [1..1000])#end#end",
        "#set($s = 'xxxxxxxxxx')#foreach($i in [1..900])#set($s = \"$s$s\")#end",
        "#set($s = 'xx')#foreach($i in [1..900])#set($s = $s + $s)#end",
        "#set($n = 99)#foreach($i in [1..900])#set($n = $n * $n)#end",
        "#set($l = [1])#foreach($i in [1..900])#set($l = [$l, $l])#end$l",
        "#set($l = [1])#foreach($i in [1..900])$l.addAll($l)#end",
        "#set($m = {})#set($m.self = $m)$m",
        "#set($l = [1..99999999])",
        "#set($s = 'a'.replace('a', $x))",
        "#macro(m)#m()#end#m()",
        "#define($b)$b#end$b",
        "#set($e = '#evaluate($e)')#evaluate($e)",
        "#set($s = ''  )$s.concat($l.get(5))",
        "#set($x = " + "(" * 300 + "1" + ")" * 300 + ")",
        "#if(true)" * 300 + "#end" * 300,
        "#set($x = 1" + " + 1" * 5000 + ")",
    ],
)
def test_a_template_cannot_run_away(template: str) -> None:
    with pytest.raises(ResolverError) as error:
        out(template, x="y" * 6_000_000, l=[1])
    assert error.value.error_type == "MappingTemplate"


def test_a_loop_ends_after_a_thousand_rounds() -> None:
    assert out("#set($n = 0)#foreach($i in [1..1500])#set($n = $n + 1)#end$n") == "1000"


@pytest.mark.parametrize(
    ("value", "call", "printed"),
    [
        ("Hello", "substring(1, 3)", "el"),
        ("a,b,,", "split(',')", "[a, b]"),
        ("aXbX", "replaceFirst('X', '-')", "a-bX"),
        ("ann lee", r"replaceAll('(\w+) (\w+)', '$2 $1')", "lee ann"),
        ("a.b", r"replaceAll('\Q.\E', '\$')", "a$b"),
        ("x1", r"matches('[a-z]\d')", "true"),
        ("ab1", r"replaceAll('\p{Alpha}', '_')", "__1"),
        ("é1-Я", r"replaceAll('[^\p{L}-]|\P{L}\d', '')", "é-Я"),
        ("ab", "compareTo('ac')", "-1"),
        (" a ", "trim().length()", "1"),
        ([1, 2], "contains(2)", "true"),
        ([3, 4], "indexOf(4)", "1"),
        ([1, 2, 3], "subList(1, 3)", "[2, 3]"),
        ({"a": 1}, "getOrDefault('b', 7)", "7"),
        ({"a": 1}, "entrySet()", "[a=1]"),
        (0, "parseInt('42')", "42"),
        (1.5, "intValue()", "1"),
    ],
)
def test_a_java_method_answers(value: Any, call: str, printed: str) -> None:
    assert out(f"$v.{call}", v=value) == printed


def test_methods_change_lists_and_maps() -> None:
    lists = "#set($l = [1, 2, 3, 2])$l.remove(0)$l.removeAll([3])$l"
    maps = "#set($m = {'a': 1})$!m.putIfAbsent('b', 2)$m.remove('a')$m"
    assert out(lists + maps) == "1true[2, 2]1{b=2}"


def test_an_object_hides_what_is_private() -> None:
    class Thing:
        _secret = 1

        def __init__(self) -> None:
            self.open = 2

    assert out("$t.open $t._secret $t.__class__", t=Thing()) == "2 $t._secret $t.__class__"


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (1500.0, "1500.0"),
        (1e10, "1.0E10"),
        (1.5e-5, "1.5E-5"),
        (1e7, "1.0E7"),
        (123456789.25, "1.2345678925E8"),
        (-0.0001, "-1.0E-4"),
        (1e22, "1.0E22"),
    ],
)
def test_a_double_prints_as_java_prints_it(number: float, printed: str) -> None:
    assert out("$n", n=number) == printed


PIECES = st.sampled_from(
    [
        *(
            "$x",
            "$!x.y",
            "${x}",
            "$x.get(0)",
            "$x[1]",
            "$l.add(1)",
            "#set($x = 1)",
            "#set($l = [1, $x])",
            "#if($x)",
        ),
        *(
            "#elseif(!$x)",
            "#else",
            "#end",
            "#foreach($i in $l)",
            "#break",
            "#stop",
            "#return",
            "#return($x)",
            "##",
            "#*",
        ),
        *(
            "*#",
            "#[[",
            "]]#",
            "#macro(m $a)",
            "#m(1)",
            "#define($d)",
            "$d",
            "#evaluate('$x')",
            "\\",
            "$",
            "#",
            "\n",
            " ",
        ),
        *(
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            '"',
            "'",
            "==",
            "&&",
            "..",
            ",",
            "a",
            "0",
            "'s'.length()",
            '"$x#if(true)1#end"',
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(alphabet="$#!{}()[]\"'\\.a1 \n=,:-", max_size=40))
def test_any_text_renders_returns_or_is_refused(template: str) -> None:
    with suppress(EarlyReturn, ResolverError):
        assert isinstance(out(template, x={"y": [1, 2]}), str)


TERMS = st.recursive(
    st.integers(-50, 50).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=12,
)


@given(TERMS)
def test_arithmetic_agrees_with_integers(term: str) -> None:
    assert out(f"#set($v = {term})$v") == str(eval(term))
