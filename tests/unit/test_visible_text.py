"""Joiners are drawn where they change what is seen, and are escapes everywhere else."""

import random
import time

import pytest
from emoji import EMOJI_DATA
from hypothesis import given
from hypothesis import strategies as st
from idna import valid_contextj

from gradgraph.visible_text import JOINERS, ZWJ, ZWNJ, seen_joiners, visible

FULLY_QUALIFIED = 2
EMOJI = [each for each, facts in EMOJI_DATA.items() if ZWJ in each and facts["E"] <= 17]
JOINED = {each for each in EMOJI if EMOJI_DATA[each]["status"] == FULLY_QUALIFIED}


def test_every_joined_emoji_of_unicode_is_drawn_and_no_other_sequence():
    assert len(JOINED) > 1_500
    assert [each for each in JOINED if visible(each) != each] == []
    assert [each for each in EMOJI if visible(each) == each and each not in JOINED] == []
    parts = sorted({part for each in JOINED for part in each.split(ZWJ)})
    rng = random.Random(5)  # noqa: S311
    for _ in range(20_000):
        made = ZWJ.join(rng.choices(parts, k=rng.choice((2, 2, 3))))
        assert (visible(made) == made) == (made in JOINED), ascii(made)


@pytest.mark.parametrize(
    "word",
    [
        "می‌خواهم",  # Persian
        "نرخ‌ها",
        "بَ‌بُ",  # with vowel marks
        "క్‌ష",  # Telugu: the letters side by side
        "ಕ್‌ಷ",
        "क्‌ष",
        "क्‍ष",  # Hindi: a half letter
        "क़्‍ष",
        "ශ්‍රී",  # Sinhala
        "അവന്‍",  # Malayalam, an old chillu
        "র‍্যাম",  # Bengali: ra with ya-phalaa
        "ܒ‌ܒ",  # Syriac
    ],
)
def test_joiners_that_letters_need_are_drawn(word):
    assert any(joiner in word for joiner in JOINERS)
    assert visible(word) == word


@pytest.mark.parametrize(
    "text",
    [
        "a\u200cb",
        "a\u200db",
        "\u200cب",
        "ب\u200c",
        "د\u200cب",  # dal never joins to what is after it
        "ب\u200c\u200cب",  # a run
        "ب\u200dب",  # they join anyway
        "ب\u200cܒ",  # two scripts
        "ب\u00ad\u200cب",  # the escape before it parts them
        "க்\u200cக",  # Tamil has no joined form
        "ක්\u200cෂ",
        "క్\u200dష",  # the same look as ZWNJ
        "క్\u200c",
        "क्\u200c",
        "क\u200dक",
        "ക\u200c്ക",
        "🙂\u200d🙂",
        "👩\u200d",
        "\u200d👩",
        "👩\u200d\u200d🚀",
        "👩🏽\u200d👩🏽\u200d👧🏽",
        "❤\u200d🔥",  # without the selector for emoji
    ],
)
def test_joiners_that_change_nothing_stay_visible(text):
    assert [*seen_joiners(text)] == []
    assert not any(joiner in visible(text) for joiner in JOINERS)


def test_only_the_part_that_is_a_sequence_is_joined():
    assert visible("👩‍👩‍👧‍👧\u200d👧") == "👩‍👩‍👧‍👧\\u200d👧"
    assert visible("🙂\u200d👩‍🚀") == "🙂\\u200d👩‍🚀"


@given(st.text(st.sampled_from("بدیख्क़ෂ්కష్aَ­‌‍👩🚀🙂️🏽 "), max_size=12))
def test_a_drawn_joiner_is_one_that_a_standard_allows(text):
    shown = visible(text)
    assert visible(shown) == shown
    for at, char in enumerate(shown):
        if char in JOINERS:
            allowed = any(each in shown and at in places(each, shown) for each in ("👩‍🚀", "👩🏽‍🚀"))
            assert allowed or valid_contextj(shown, at)
            assert shown[at + 1 : at + 2] not in ("", "\\", *JOINERS)


def places(part: str, whole: str) -> set[int]:
    return {start + n for start in range(len(whole)) if whole.startswith(part, start) for n in range(len(part))}


@pytest.mark.parametrize("unit", ["ب" + "َ" * 50 + ZWNJ, "క్" + ZWNJ, "👩" + ZWJ, ZWNJ, "🏃🏽" + ZWJ])
def test_joiners_take_time_in_proportion_to_the_text(unit):
    def cost(count: int) -> float:
        text = unit * (count // len(unit))
        times = []
        for _ in range(3):
            start = time.process_time()
            visible(text)
            times.append(time.process_time() - start)
        return min(times)

    cost(1_000)
    assert cost(80_000) < 3 * cost(40_000)
