"""Which question stands before which."""

from autoanalyst_kernel.order import Order


def asked(*cells: tuple[str, str]) -> Order:
    """A conversation in which these cells asked these questions, one after the other."""
    order = Order()
    for cell, question in cells:
        order.note(cell, question)
    return order


PASS = (("a", "mean price"), ("b", "and by city?"), ("c", "as a chart"))


def test_the_first_question_has_none_before_it() -> None:
    assert asked().before("a") is None


def test_a_new_cell_follows_the_one_asked_last() -> None:
    assert asked(*PASS[:2]).before("c") == "and by city?"


def test_run_all_again_finds_the_same_order() -> None:
    order = asked(*PASS)
    for cell, before in (("a", None), ("b", "mean price"), ("c", "and by city?")):
        assert order.before(cell) == before
        order.note(cell, dict(PASS)[cell])


def test_a_cell_in_the_middle_asked_again_does_not_follow_the_later_ones() -> None:
    assert asked(*PASS).before("b") == "mean price"


def test_an_edited_question_is_what_the_next_one_follows() -> None:
    assert asked(*PASS, ("a", "median price")).before("b") == "median price"


def test_a_cell_put_in_between_is_what_the_next_one_follows() -> None:
    assert asked(*PASS, ("a", "mean price"), ("new", "only large houses")).before("b") == "only large houses"


def test_the_first_cell_asked_again_stays_the_first() -> None:
    assert asked(*PASS, PASS[2], PASS[1]).before("a") is None
