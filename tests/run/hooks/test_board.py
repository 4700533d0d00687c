"""What a run writes to TensorBoard beside scalars."""

from tensorboard.plugins.custom_scalar.layout_pb2 import Layout

from bakeoff.run.hooks.board import markdown


def test_the_config_is_a_table_and_no_interpolation_is_resolved(events):
    accumulator, _ = events
    [event] = accumulator.Tensors("config/text_summary")
    text = event.tensor_proto.string_val[0].decode()
    assert "| `optimizer.lr` | `0.001` |" in text or "| `optimizer.lr` | `0.01` |" in text
    assert "| `data.root` | `${data_dir}` |" in text
    assert "| `hydra.sweep" not in text


def test_custom_charts_pair_training_with_validation(events):
    accumulator, _ = events
    [event] = accumulator.Tensors("custom_scalars__config__")
    categories = Layout.FromString(event.tensor_proto.string_val[0]).category
    assert [category.title for category in categories][:2] == ["selected by", "losses"]
    [metric] = categories[0].chart
    assert metric.title == "performance"
    assert list(categories[1].chart[0].multiline.tag)[:2] == ["^val/loss$", "^train/loss$"]


def test_a_cell_keeps_the_table_whole():
    assert markdown({"a": "x|y\n`z`"}).splitlines()[-1] == r"| `a` | `x\|y 'z'` |"
