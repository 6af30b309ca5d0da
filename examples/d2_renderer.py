"""Draws graphs in D2, https://d2lang.com: an example of a renderer that another distribution brings."""

from collections.abc import Iterator
from typing import Annotated

from gradgraph.plugins import Box, Cluster, DrawingOptions, Limits, Sample, Scene, View, build_scene, option

FLOW = {"LR": "right", "TB": "down", "RL": "left", "BT": "up"}
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "$": r"\$", "\n": r"\n"})
FILLS = ("white", "#fff6d6", "#ffe7a0", "#ffd166", "#f4a259")
"""Colours of a box, from no gradient to the largest."""
TEXT = "style.fill: transparent; style.stroke-width: 0; style.bold: false"
"""Text without a box. The shape `text` would read it as Markdown."""
STYLES = {
    "": TEXT,
    "note": TEXT,
    "parameter": "style.stroke-width: 5",
    "constant": "style.stroke-dash: 3",
    "folded": "style.multiple: true",
    "output": "style.double-border: true",
    "alarm": 'style.stroke: "#c1121f"; style.font-color: "#c1121f"',
    **{f"tint{step}": f'style.fill: "{colour}"' for step, colour in enumerate(FILLS)},
}


class D2Renderer:
    """Spells the scene in D2, with a frame around each group."""

    name = "d2"
    media_type = "text/x-d2"
    suffixes = (".d2",)

    class Options(DrawingOptions, frozen=True, kw_only=True):
        """Options of every drawing, and one more."""

        sketch: Annotated[bool, option("Draw as if by hand.")] = False

    def availability(self) -> str | None:
        """None: the text needs no program."""
        return None

    def render(self, view: View, options: Options, limits: Limits) -> str:
        """The D2 text."""
        return "\n".join(lines(build_scene(view, options), FLOW[options.direction], options.sketch)) + "\n"


def lines(scene: Scene, flow: str, sketch: bool) -> Iterator[str]:
    """The statements: what holds for all, frames, boxes, then the wires between them."""
    if sketch:
        yield "vars: {d2-config: {sketch: true}}"
    yield f"direction: {flow}"
    yield f"# {scene.description}"
    yield f"title: {quoted(scene.title)} {{near: top-center; {TEXT}}}"
    paths = dict(frames(scene.clusters))
    for cluster in scene.clusters:
        yield f"{paths[f'g{cluster.group_id}']}: {quoted(cluster.name)}"
    for box in scene.boxes:
        rows = "\n".join([cell.text for cell in box.cells])
        yield f"{paths.get(box.key, box.key)}: {quoted(rows)} {{{'; '.join(styles(box))}}}"
    for circle in scene.circles:
        yield f"{paths.get(circle.key, circle.key)}: {quoted(circle.symbol)} {{shape: circle}}"
    for stub in scene.stubs:
        yield f"{stub.key}: {quoted(stub.text)} {{{TEXT}}}"
    for wire in scene.wires:
        dashes = " {style.stroke-dash: 3}" if wire.leads_out else ""
        ends = f"{paths.get(wire.tail, wire.tail)} -> {paths.get(wire.head, wire.head)}"
        yield f"{ends}: {quoted(wire.mark)}{dashes}" if wire.mark or dashes else ends
    yield from legend(scene.legend)


def frames(clusters: tuple[Cluster, ...]) -> Iterator[tuple[str, str]]:
    """The way down to each frame and to what is in it, with dots between: frames come after those around them."""
    ways: dict[int | None, str] = {None: ""}
    for cluster in clusters:
        way = ways[cluster.group_id] = f"{ways[cluster.parent]}g{cluster.group_id}."
        yield f"g{cluster.group_id}", way.removesuffix(".")
        yield from ((key, way + key) for key in cluster.members)


def styles(box: Box) -> Iterator[str]:
    """Yield the styles of a box, and its link."""
    looks = {box.kind: True, f"tint{box.tint}": True, "output": box.is_output, "alarm": box.is_alarm}
    yield from [STYLES[look] for look, has_it in looks.items() if has_it and look in STYLES]
    if box.link:  # D2 takes a bare relative address for the name of a board
        is_bare = not box.link.lower().startswith(("http:", "https:", "mailto:", "/", ".", "#"))
        yield f"link: {quoted(f'./{box.link}' if is_bare else box.link)}"


def legend(samples: tuple[Sample, ...]) -> Iterator[str]:
    """A frame with what the looks mean."""
    if samples:
        yield 'legend: "" {near: bottom-center; grid-rows: 1}'
    for number, (look, meaning) in enumerate(samples):
        yield f"legend.s{number}: {quoted(meaning)} {{{STYLES.get(look, '')}}}"


def quoted(text: str) -> str:
    """A string of D2, in which backslash, quote, dollar and line ends are special."""
    return f'"{text.translate(ESCAPES)}"'
