"""Trees that grow from the root down, and in which any two places meet in logarithmic time."""

TOP = -1
"""The root of every tree."""


class Tree:
    """A tree with jump pointers (Myers, An applicative random-access stack, 1983).

    >>> tree = Tree()
    >>> for place, above in ((0, TOP), (1, 0), (2, 0), (3, 2)):
    ...     tree.add(place, above)
    >>> tree.meet(1, 3), tree.depth[3]
    (0, 3)
    """

    def __init__(self) -> None:
        self.depth = {TOP: 0}
        self.above = {TOP: TOP}
        self._jump = {TOP: TOP}

    def add(self, place: int, above: int) -> None:
        """Add a place right below another."""
        depth, jump = self.depth, self._jump
        far = jump[above]
        is_even = depth[above] - depth[far] == depth[far] - depth[jump[far]]
        self.above[place] = above
        depth[place] = depth[above] + 1
        jump[place] = jump[far] if is_even else above

    def meet(self, one: int, other: int) -> int:
        """Return the lowest place that is above both, or is one of them."""
        depth, jump, above = self.depth, self._jump, self.above
        if depth[one] < depth[other]:
            one, other = other, one
        while depth[one] > depth[other]:
            one = jump[one] if depth[jump[one]] >= depth[other] else above[one]
        while one != other:
            one, other = (jump[one], jump[other]) if jump[one] != jump[other] else (above[one], above[other])
        return one
