"""Which columns fit into a width, and how wide they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from semtui.tui.pages.people import PEOPLE_COLUMNS
from semtui.tui.pages.projects import ProjectsScreen
from semtui.tui.pages.roles import RolesScreen
from semtui.tui.widgets.columns import Column, fit
from semtui.tui.widgets.row_table import MARGINS

_SETS = (*PEOPLE_COLUMNS.values(), RolesScreen.COLUMNS, ProjectsScreen.COLUMNS)


def shown(columns: tuple[Column, ...], width: int) -> dict[str, int]:
    return {column.key: cells for column, cells in fit(columns, width)}


@given(st.sampled_from(_SETS), st.integers(10, 300))
def test_columns_fill_no_more_than_the_width_and_keep_their_order(columns: tuple[Column, ...], width: int) -> None:
    fitted = fit(columns, width)
    keys = [column.key for column in columns]
    assert [keys.index(column.key) for column, _ in fitted] == sorted(keys.index(column.key) for column, _ in fitted)
    assert fitted[0][0] is columns[0]
    assert sum(cells + 1 for _, cells in fitted) - 1 <= max(width, columns[0].width)
    assert all(cells >= column.width for column, cells in fitted)


@given(st.sampled_from(_SETS), st.integers(10, 300))
def test_a_wider_table_loses_no_column(columns: tuple[Column, ...], width: int) -> None:
    assert shown(columns, width).keys() <= shown(columns, width + 1).keys()


def test_at_80_columns_each_tab_shows_everything_it_is_for() -> None:
    assert [*shown(PEOPLE_COLUMNS["all"], 80 - MARGINS)] == ["name", "kind", "role", "state", "created"]
    assert [*shown(PEOPLE_COLUMNS["person"], 80 - MARGINS)] == ["name", "role", "source", "groups"]
    assert [*shown(PEOPLE_COLUMNS["account"], 80 - MARGINS)] == ["name", "role", "state", "age", "creator"]
    assert [*shown(PEOPLE_COLUMNS["group"], 80 - MARGINS)] == ["name", "role", "members", "description"]


def test_name_and_role_grow_before_a_column_is_added() -> None:
    for width in range(80, 200):
        widths = shown(PEOPLE_COLUMNS["account"], width)
        if "description" in widths:
            assert (widths["name"], widths["role"]) == (40, 24)


def test_every_heading_has_room_for_the_arrow_of_the_order() -> None:
    for columns in PEOPLE_COLUMNS.values():
        for column in columns:
            assert column.width >= len(column.title) + 2
