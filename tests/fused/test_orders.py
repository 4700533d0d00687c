"""The orders in which members see batches."""

import torch

from bakeoff.fused.orders import Orders

ONE = [torch.tensor([3, 0]), torch.tensor([1])]
OTHER = [torch.tensor([1, 3]), torch.tensor([0])]
CPU = torch.device("cpu")


def test_an_order_of_several_members_is_read_once_and_handed_out_to_each():
    orders = Orders([ONE, OTHER, [batch.clone() for batch in ONE]], CPU)
    assert orders.of == [0, 1, 0]
    assert [step.tolist() for step in orders.steps] == [[3, 0, 1, 3], [1, 0]]
    rows = orders.apart(10 * orders.steps[0])
    assert rows.tolist() == [[30, 0], [10, 30]]
    assert orders.handed_out(rows).tolist() == [[30, 0], [10, 30], [30, 0]]


def test_members_with_orders_of_their_own_get_the_rows_as_they_are():
    orders = Orders([OTHER, ONE], CPU)
    rows = orders.apart(orders.steps[0])
    assert rows.tolist() == [[1, 3], [3, 0]]
    assert orders.handed_out(rows) is rows


def test_one_order_of_all_serves_each():
    orders = Orders([ONE, ONE, ONE], CPU)
    assert orders.steps[0].tolist() == [3, 0]
    assert orders.handed_out(orders.apart(orders.steps[0])).tolist() == [[3, 0]] * 3
