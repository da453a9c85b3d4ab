"""Chances of types grow with the strength of their triggers and stay chances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.events.confidence import type_chance


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_chance_never_falls(left: float, right: float) -> None:
    low, high = sorted((left, right))
    assert 0 <= type_chance(low) <= type_chance(high) <= 1


@pytest.mark.parametrize(("strength", "chance"), [(-1, 0.1), (0.7, 0.68), (0.75, 0.705), (2, 0.95)])
def test_between_the_measured_points_it_is_a_line(strength: float, chance: float) -> None:
    assert type_chance(strength) == pytest.approx(chance)
