"""The layered engine: its steps one by one, and what it promises of a whole drawing."""

import random
import subprocess
import sys
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.layout_graphs import makers, scene
from benchmarks.layout_measures import measure
from gradgraph import Value, export
from gradgraph.drawing.layout import whole_way
from gradgraph.plugins import Block, Direction, Frame, Limits, Line, Outline, Placement, ToolFailed, ToolLimit
from gradgraph_renderers.layered.crossings import crossings, gain
from gradgraph_renderers.layered.engine import LayeredLayout
from gradgraph_renderers.layered.layers import find_layers, trunk_length
from gradgraph_renderers.layered.places import Net, find_places
from gradgraph_renderers.layered.units import MOST_NESTED, ROOT, components, find_units
from gradgraph_renderers.svg.placing import outline
from tests.layout_cases import random_outline

BOX, CIRCLE, NAME = Block(80.0, 46.0), Block(26.0, 26.0, round=True), Block(40.0, 16.0)
PAGE = 1_600


def placed(drawn: Outline, direction: Direction = "LR") -> Placement:
    return LayeredLayout().place(drawn, direction=direction, limits=Limits())


def drawn(value: Value) -> Outline:
    return outline(scene(export(value)))


def boxes(*lines: tuple[str, str], frames: tuple[Frame, ...] = ()) -> Outline:
    """The outline of boxes that lines connect."""
    keys = dict.fromkeys([key for line in lines for key in line])
    return Outline(dict.fromkeys(keys, BOX), tuple([Line(*line) for line in lines]), frames)


# Units


def test_a_circle_and_the_box_of_its_result_are_one_unit():
    units = find_units(drawn(Value(2.0) * Value(3.0)))
    assert units.parts == [("n0",), ("n1",), ("n2op", "n2")]
    assert units.tails == [[], [], [0, 1]]
    assert units.heads == [[2], [2], []]


def test_parts_that_no_line_and_no_frame_connects_are_placed_apart():
    frame = Frame(7, None, NAME, ("c", "e"))
    parts = components(find_units(boxes(("a", "b"), ("c", "d"), ("e", "f"), frames=(frame,))))
    assert [part.parts for part in parts] == [[("a",), ("b",)], [("c",), ("d",), ("e",), ("f",)]]
    assert [part.frame for part in parts] == [[ROOT, ROOT], [0, ROOT, 0, ROOT]]
    assert [sorted(part.links) for part in parts] == [[0], [1, 2]]


def test_lines_in_a_circle_are_refused():
    with pytest.raises(ToolFailed, match="lines lead in a circle"):
        placed(boxes(("a", "b"), ("b", "a")))
    with pytest.raises(ToolFailed, match="a line leads from a back to itself"):
        placed(boxes(("a", "a")))


def test_frames_nest_to_a_limit():
    frames = [Frame(0, None, NAME, ())]
    frames += [Frame(number, number - 1, NAME, ()) for number in range(1, MOST_NESTED)]
    frames[-1] = frames[-1]._replace(members=("a",))
    assert len(placed(boxes(("a", "b"), frames=tuple(frames))).frames) == MOST_NESTED
    frames[-1] = frames[-1]._replace(members=())
    frames.append(Frame(MOST_NESTED, MOST_NESTED - 1, NAME, ("a",)))
    with pytest.raises(ToolLimit, match="groups nest deeper"):
        placed(boxes(("a", "b"), frames=tuple(frames)))


# Layers


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_operands_are_on_layers_before_their_users(seed, late):
    for units in components(find_units(random_outline(seed))):
        layers = find_layers(units, late)
        assert min(layers, default=0) == 0
        assert all(layers[tail] < layers[head] for tail, head in units.links.values())


def test_leaves_are_right_before_their_first_user():
    chain = [("x", "a"), ("a", "b"), ("b", "c"), ("w", "c"), ("u", "b"), ("u", "c")]
    units = find_units(boxes(*chain))
    layers = dict(zip([keys[0] for keys in units.parts], find_layers(units, late=False), strict=True))
    assert layers == {"x": 0, "a": 1, "b": 2, "c": 3, "w": 2, "u": 1}
    assert trunk_length(units, [*layers.values()]) == 6


def test_a_frame_takes_layers_of_its_own():
    frame = Frame(0, None, NAME, ("b", "c"))
    units = find_units(boxes(("a", "b"), ("b", "c"), ("a", "d"), ("c", "e"), ("d", "e"), ("z", "c"), frames=(frame,)))
    layers = dict(zip([keys[0] for keys in units.parts], find_layers(units, late=False), strict=True))
    assert layers["z"] < layers["b"] < layers["c"] < layers["e"]  # z is before the frame, not beside it


# Order


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=6))
def test_crossings_are_those_of_all_pairs_of_edges(after):
    edges = [(start, end) for start, ends in enumerate(after) for end in ends]
    expected = sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(edges, 2))
    assert crossings(range(len(after)), after, range(10)) == expected


@given(*[st.lists(st.integers(0, 9), max_size=5).map(sorted)] * 2)
def test_what_a_change_of_places_gains(left, right):
    place = range(10)
    saved = crossings([0, 1], [left, right], place) - crossings([0, 1], [right, left], place)
    assert gain(left, right) == saved


@pytest.mark.parametrize("seed", range(30))
def test_operands_that_one_op_alone_uses_keep_their_order(seed):
    rng = random.Random(seed)  # noqa: S311  # a drawing, no secret
    values = [Value(1.0) for _ in range(4)]
    for _ in range(20):
        one, other = rng.choice(values), rng.choice(values)
        values.append(one * other if rng.random() < 0.7 else (Value(1.0) - one) * other)
    total = drawn(sum(values[1:], values[0]))
    assert measure(total, placed(total)).private_order == 1.0


# Places


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_vertices_keep_their_order_and_their_distance(sizes, rng):
    rows, count = [], 0
    for size in sizes:
        rows.append([*range(count, count + size)])
        count += size
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for above, row in pairwise(rows):
        for vertex in row:
            for tail in rng.sample(above, rng.randint(0, len(above))):
                before[vertex].append(tail)
                after[tail].append(vertex)
    half = [rng.choice((1.0, 5.0, 40.0)) for _ in range(count)]
    joint = [rng.random() < 0.3 for _ in range(count)]
    across = find_places(Net(rows, before, after, half, joint, ()), 6)
    for row in rows:
        for one, other in pairwise(row):
            assert across[other] - across[one] >= half[one] + half[other] - 1e-9


# Whole drawings


@pytest.mark.parametrize("uses", [1, 2, 12])
def test_a_value_leaves_its_box_once(uses):
    weight = Value(2.0)
    total = drawn(sum([weight * Value(float(number)) for number in range(1, uses)], weight * 1.0))
    found = placed(total)
    starts = {
        whole_way(route, found.trunks)[0]
        for line, route in zip(total.lines, found.routes, strict=True)
        if line.tail == "n0"
    }
    assert len(starts) == 1
    of_weight = [route for line, route in zip(total.lines, found.routes, strict=True) if line.tail == "n0"]
    assert len(of_weight) == uses


def test_trees_have_no_crossing_and_their_results_are_between_their_operands():
    row = [Value(1.0) for _ in range(16)]
    while len(row) > 1:
        row = [left + right for left, right in zip(row[::2], row[1::2], strict=True)]
    tree = drawn(row[0])
    found = placed(tree)
    assert measure(tree, found).places == 0
    for line, following in pairwise(tree.lines):
        if line.head == following.head:
            upper, lower = found.blocks[line.tail], found.blocks[following.tail]
            middle = found.blocks[line.head].y + found.blocks[line.head].height / 2
            assert upper.y < middle < lower.y + lower.height


@pytest.mark.parametrize("direction", ["LR", "RL"])
@pytest.mark.parametrize("name", ["sum of 200", "chain of 2000", "one weight 100 times"])
def test_long_drawings_are_in_rows_that_fit_a_page(name, direction):
    long = outline(scene(makers()[name]()))
    found = placed(long, direction)
    assert found.width <= PAGE
    for line in long.lines:
        circle, box = long.blocks[line.tail], found.blocks[line.head]
        if circle.round:
            op = found.blocks[line.tail]
            assert abs((op.y + op.height / 2) - (box.y + box.height / 2)) < 1  # in the same row
            gap = box.x - (op.x + op.width) if direction == "LR" else op.x - (box.x + box.width)
            assert 0 < gap < 100


def test_frames_that_use_each_other_keep_their_own_things():
    frames = (Frame(0, None, NAME, ("a", "c", "e")), Frame(1, None, NAME, ("b", "d")))
    drawing = boxes(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), frames=frames)
    for direction in ("LR", "TB", "RL", "BT"):
        found = measure(drawing, placed(drawing, direction), direction)
        assert (found.frames, found.overlaps, found.through, found.backward) == (0, 0, 0, 0)


def test_the_work_is_bounded():
    chain = [(f"n{number}", f"n{number + 1}") for number in range(2_500)]
    with pytest.raises(ToolLimit, match="lines and groups cross too many layers"):
        placed(boxes(*chain, *[(tail, "n2500") for tail, _ in chain]))
    with pytest.raises(ToolLimit, match="max_drawn"):
        LayeredLayout().place(boxes(*chain), direction="LR", limits=Limits(max_drawn=2_000))


# The same bytes

PROGRAM = """
import sys
for name in {blocked}:
    sys.modules[name] = None
import hashlib
from benchmarks.layout_graphs import makers
from gradgraph import render
digest = hashlib.sha256()
for name in ("mlp 2-4-4-1 grouped", "attention 4 tokens", "rnn 8 steps grouped", "sum of 200"):
    for direction in ("LR", "BT"):
        digest.update(str(render(makers()[name](), "svg", layout="layered", direction=direction)).encode())
print(digest.hexdigest())
"""


def run(*, seed: str = "0", optimized: bool = False, blocked: tuple[str, ...] = ()) -> str:
    command = [sys.executable, *(["-O"] if optimized else []), "-c", PROGRAM.format(blocked=blocked)]
    done = subprocess.run(command, capture_output=True, text=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."})
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_bytes_are_the_same_everywhere():
    first = run()
    for seed in ("1", "2", "77"):
        assert run(seed=seed) == first
    assert run(optimized=True) == first
    assert run(blocked=("_bisect", "_heapq", "_json", "_statistics")) == first
