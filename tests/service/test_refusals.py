"""A refusal is a problem in JSON, or a small picture of it, whatever it has to say."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgraph.errors import Problem
from gradgraph.service.refusals import Refusal, as_json, problem_object

anything = st.text(max_size=200)
problems = st.lists(
    st.builds(Problem, anything, st.text(max_size=30), line=st.none() | st.integers(1, 9), remedy=st.none() | anything),
    max_size=5,
)


@given(st.sampled_from((400, 404, 413, 422, 431, 503)), anything, problems)
def test_any_problem_can_be_said(status, detail, found):
    refusal = Refusal(status, detail, problems=found)
    said = json.loads(refusal.as_json())
    assert (said["status"], said["detail"]) == (status, detail)
    assert [problem["sentence"] for problem in said.get("problems", ())] == [problem.sentence for problem in found]
    picture = ElementTree.fromstring(refusal.as_svg())  # noqa: S314  # it is ours, and no entity is in it
    assert {element.tag.partition("}")[2] for element in picture.iter()} <= {"svg", "rect", "text"}
    assert str(status) in picture.get("aria-label", "")
    assert len(list(picture)) <= 13


def test_markup_is_text_in_a_picture():
    picture = Refusal(400, "</text><script>alert(1)</script>&\x1b\u202e\0").as_svg()
    assert b"<script" not in picture
    assert not [byte for byte in picture if byte < 32 and byte != 10]
    assert "\u202e".encode() not in picture


def test_half_a_surrogate_pair_can_be_said():
    assert json.loads(as_json({"\ud800": ["\udfff"]})) == {"\ud800": ["\udfff"]}
    ElementTree.fromstring(Refusal(400, "\ud800").as_svg())  # noqa: S314  # it is ours


def test_a_problem_leaves_out_what_is_not_known_and_the_source():
    assert problem_object(Problem("wrong", "/a")) == {"sentence": "wrong", "pointer": "/a"}


@pytest.mark.parametrize("status", [400, 404, 405, 406, 408, 413, 414, 415, 421, 422, 429, 431, 500, 503, 504])
def test_no_refusal_is_kept_anywhere(status):
    assert Refusal(status, "no").headers["Cache-Control"] == "no-store"
    assert Refusal(status, "no", retry_after=3, headers={"Allow": "GET"}).headers == {
        "Cache-Control": "no-store",
        "Retry-After": "3",
        "Allow": "GET",
    }
