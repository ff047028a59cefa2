from datetime import date

from wicketgate.core.context import Agency, Context, Order

DHS = Agency("DHS", "Homeland Security", True, "department", "accepted")
ICE = Agency("DHS-ICE", "Immigration and Customs Enforcement", True, "component", "accepted", parent="DHS")
LOST = Agency("LOST", "A component of nothing", True, "component", "accepted", parent="NOWHERE")
RING = Agency("RING", "Its own parent", True, "component", "accepted", parent="RING")


def context(*orders: Order) -> Context:
    return Context(date(2026, 3, 1), {a.code: a for a in (DHS, ICE, LOST, RING)}, orders=orders)


def order(agency: str | None, start: date = date(2025, 11, 21)) -> Order:
    return Order("D.D.C.", "1:25-cv-00457", "custodian", start, agency)


def test_a_component_stands_in_the_line_of_its_parents() -> None:
    assert context().line("DHS-ICE") == ("DHS-ICE", "DHS")
    assert context().line("DHS") == ("DHS",)


def test_an_agency_whose_parents_are_not_known_is_not_known() -> None:
    for code in ("LOST", "RING", "NOBODY"):
        assert context().line(code) == ()


def test_an_order_about_a_department_holds_for_its_components() -> None:
    assert context(order("DHS")).orders_for("DHS-ICE")
    assert not context(order("DHS-ICE")).orders_for("DHS")


def test_an_order_without_an_agency_holds_for_all_even_unknown_ones() -> None:
    assert context(order(None)).orders_for("NOBODY")


def test_an_order_holds_from_its_first_day() -> None:
    assert context(order(None, date(2026, 3, 1))).orders_for("DHS")
    assert not context(order(None, date(2026, 3, 2))).orders_for("DHS")
