"""What folded views say: names, expressions and steps of boxes, and the legend that explains them."""

import pytest

from gradgraph import Graph, Value, export, render
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.selection import Selection
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import Fold, FoldMode


def recurrent(label: str = "x", steps: int = 5) -> Graph:
    """A loop of two values that starts from 0, with an input of its own in each step, summed up at the end."""
    w, u, b = ([Value(0.5 + place, name) for place in range(2)] for name in "wub")
    h = [Value(0.0), Value(0.0)]
    for step in range(steps):
        x = Value(1.0 + step, label.replace("#", str(step)))
        h = [(each * h[0] + each * h[1] + v * x + c).tanh() for each, v, c in zip(w, u, b, strict=True)]
    return export(h[0] + h[1])


def folds_of(graph: Graph, mode: FoldMode = "steps") -> dict[str, Fold]:
    return {each.name: each for each in Selection(fold=mode).view(graph).folds}


def test_what_a_step_takes_is_told_by_its_step():
    folds = folds_of(recurrent())
    assert {name: each.step for name, each in folds.items()} == {
        **dict.fromkeys(("2 × b, 2 × w, 2 × u", "0", "h₂"), ""),
        "x[1]": "step 1 of 5",
        "h₁[1]": "step 1 of 5",
        "steps 2 to 5": "step 5",
    }
    assert folds["h₁[1]"].expression == "tanh(Σ₂ w·0 + u·x[1] + b)"
    assert folds["steps 2 to 5"].expression.startswith("h₁[t] = tanh(Σ₂ w·h₁[t−1] + u·x[t] + b)")
    assert folds["h₂"].expression == "Σ₂ h₁[5]"
    assert not any("[" in each.expression for each in folds_of(recurrent(), "stacks").values())


def test_labels_that_tell_steps_apart_are_kept():
    folds = folds_of(recurrent("x#"))
    assert folds["x0"].step == "step 1 of 5"
    assert "u·x[t]" in folds["steps 2 to 5"].expression
    assert "u·x0" in folds["h₁[1]"].expression


def test_a_sum_over_all_steps_is_of_step_t():
    w, h = Value(0.5, "w"), Value(0.3, "start")
    made = []
    for _ in range(8):
        h = (w * h + 1).tanh()
        made.append(h * h.exp())
    view = Selection(fold="steps").view(export(sum(made[1:], made[0])))
    assert [each.expression for each in view.folds if each.expression.startswith("Σ")] == ["Σ₈ h₁[t]·exp(h₁[t])"]


def test_boxes_of_one_label_are_numbered_in_the_order_of_their_use():
    make = [[Value(0.1, "w") for _ in range(4 if layer else 2)] for layer in range(2) for _ in range(4)]
    bias = [[Value(0.1, "b") for _ in range(4)] for _ in range(2)]
    x = [Value(1.0, "x"), Value(2.0, "x")]
    for number in range(2):
        rows = zip(make[4 * number : 4 * number + 4], bias[number], strict=True)
        x = [sum([w * value for w, value in zip(row, x, strict=True)], b).tanh() for row, b in rows]
    penalty = sum([w * w for row in make for w in row], Value(0.0))
    folds = folds_of(export(sum(x[1:], x[0]) + penalty), "stacks")
    said = {name: each.expression for name, each in folds.items() if each.expression}
    assert said["h₁"] == "tanh(Σ₂ w₁·x + b₁)"
    assert said["h₂"] == "tanh(Σ₄ w₂·h₁ + b₂)"
    assert said["h₃"] == "Σ₄ h₂ + Σ₈ w₁² + Σ₁₆ w₂²"


def test_the_leaf_that_a_sum_starts_from_is_written_in_as_a_number():
    weights = [Value(0.5 + place, "w") for place in range(4)]
    h = [(w * Value(1.0, "x")).tanh() for w in weights]
    loss = sum(h[1:], h[0])
    for start, said in ((Value(0.0), ""), (Value(2.0), " + 2"), (Value(2.0, "offset"), " + offset")):
        graph = export((loss * 0.5 + 0.1 * sum((w * w for w in weights), start)).exp())
        (made,) = [each for each in expressions_in(graph) if each.startswith("exp")]
        assert made == f"exp(0.5·(Σ₄ h₁) + 0.1·(Σ₄ w²{said}))"
    graph = export((loss + sum((w * w for w in weights), Value(2.0, role="parameter"))).exp())
    assert not any(each.endswith("+ 2)") for each in expressions_in(graph))


def test_a_bias_is_no_start_of_a_sum():
    x = [Value(1.0 + place, f"x{place}") for place in range(4)]
    weights = [[Value(0.5 + place, "w") for place in range(4)] for _ in range(2)]
    h = [sum((w * each for w, each in zip(row, x, strict=True)), Value(0.0)).tanh() for row in weights]
    assert "tanh(Σ₄ w·x + 0)·tanh(Σ₄ w·x + 0)" in expressions_in(export(h[0] * h[1]))
    assert "2·tanh(Σ₄ w·x + 0)" in expressions_in(export(h[0] * 2))  # its weights are used once too


def test_an_unlabelled_leaf_has_no_letter_of_a_label():
    folds = folds_of(export(sum([Value(1.0, "x"), Value(2.0, "h")], Value(3.0)).tanh() * 2), "cones")
    assert folds["r₁"].expression == "2·tanh(v₁ + x + h)"


def test_terms_come_products_first_and_numbers_last():
    a, b, c = (Value(1.0, name) for name in "abc")
    assert "tanh(a·b + c + 2)" in expressions_in(export((2 + c + a * b).tanh()))
    assert "tanh(a·b + c − 2)" in expressions_in(export((-2 + c + a * b).tanh()))
    assert "tanh(1 − a − b)" in expressions_in(export((1 - a - b).tanh()))
    assert "tanh(0.5·a·b)" in expressions_in(export((a * b * 0.5).tanh()))


def expressions_in(graph: Graph) -> set[str]:
    return {each.expression for each in folds_of(graph, "stacks").values()}


def legend_of(graph: Graph, mode: FoldMode) -> set[str]:
    return {sample.meaning for sample in build_scene(Selection(fold=mode).view(graph), DrawingOptions()).legend}


def test_the_legend_explains_what_occurs_and_nothing_else():
    graph = recurrent()
    explained = {"[t]: of step t", "[t−1]: of the step before", "Σ₂: a sum of 2 such terms", "× so many edges"}
    assert explained <= legend_of(graph, "steps")
    assert not any(each.startswith(("[t", "c:", "′", "colour")) for each in legend_of(graph, "stacks"))
    assert not any(each.startswith(("Σ", "each", "one to", "[t")) for each in legend_of(graph, "none"))


@pytest.mark.parametrize(("label", "letter"), [("x", "c"), ("c", "k")])
def test_a_number_that_differs_has_a_letter_that_no_box_has(label, letter):
    x = [Value(float(place), label) for place in range(4)]
    scaled = [(value * factor + 1).relu() for value, factor in zip(x, (1.0, -1.0, 1.0, 2.0), strict=True)]
    out = sum(scaled[1:], scaled[0])
    out.backward()
    graph = export(out)
    assert f"relu({letter}·{label} + 1)" in expressions_in(graph)
    said = legend_of(graph, "stacks")
    assert {f"{letter}: a number that is not the same in all", "one to one: in pairs"} <= said
    assert "colour: the largest |grad| of the box" in said


def test_text_has_the_ranges_of_what_several_values_leave_a_box():
    graph = recurrent()
    lines = str(render(graph, "text", fold="steps", width=0, grad=False)).splitlines()
    (first,) = [line for line in lines if "h₁[1] =" in line]
    assert first.endswith("2 × h₁[1] = tanh(Σ₂ w·0 + u·x[1] + b), step 1 of 5; data 0.7616 … 0.9951: 14 values")
    (run,) = [line for line in lines if "steps 2 to 5: 2 × h₁[t] = tanh(Σ₂ w·h₁[t−1] + u·x[t] + b); " in line]
    assert run.endswith("; all use b, w and u; each has its own x; step 5: data 0.9993 … 1: 60 values")
    (last,) = [line for line in lines if "h₂ =" in line]
    assert "; data" not in last  # it has a column
    ascii_only = str(render(graph, "text", fold="steps", width=0, charset="ascii"))
    assert "; data 0.7616 ... 0.9951, grad -: 14 values" in ascii_only
    assert ascii_only.isascii()
