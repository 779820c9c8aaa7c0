"""Makes a network cheaper after OpenVINO has read it and before it is compiled: the same answers in fewer steps.

In: OpenVINO's model. Out: the same model, changed where it has such parts. It trusts nothing: what is not exactly as
expected stays as it is.
"""

from typing import Any

import numpy as np

LIMIT = 6.0
DIP = (0.5235324, -0.3237465, 0.07443937, -0.007156476, 0.0002199286)
"""Factors of u, u², u³ ...: their sum is what SiLU of u and of -u lacks of max(u, 0) and max(-u, 0), for u up to LIMIT
and of LIMIT beyond. Fitted by us: least squares over x from -20 to 20, weighted by exp(-x²/4.5) + 0.001, as most of
what goes in is small. Chosen among about ten fits by the score on our eight labelled pictures."""

_LARGEST_PX = 4096
_CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def lighten(network: Any, *, exact: bool, rows: bool = False) -> bool:
    """Do all that there is to do; `exact`: only what leaves more than rounding as it is. Fast.

    True where `rows` was wished and the picture goes in as `take_rows` says.
    """
    folded = fold_entrance(network)
    if not exact:
        cheapen_silu(network)
    return rows and folded and take_rows(network)


def fold_entrance(network: Any) -> bool:
    """Make one convolution of taking every other pixel four times and convolving that (YOLOX, YOLOv5: "Focus").

    Exact but for rounding: the same pixels in another order. False where a network does not begin so.
    """
    from openvino import opset13

    convolution = next((one for one in network.get_ordered_ops() if one.get_type_name() == "Convolution"), None)
    if convolution is None:
        return False
    picture, corners = _corners(convolution.input_value(0).get_node())
    weights, how = convolution.input_value(1).get_node(), convolution.get_attributes()
    if picture is None or weights.get_type_name() != "Constant" or set(how["dilations"]) != {1}:
        return False
    if how["auto_pad"] != "explicit" or weights.data.ndim != 4 or weights.data.shape[1] % len(corners):
        return False
    kernel = opset13.constant(spread(weights.data, corners))
    doubled = ([2 * side for side in how[name]] for name in ("strides", "pads_begin", "pads_end"))
    _replace(convolution, opset13.convolution(picture, kernel, *doubled, [1, 1]))
    return True


def take_rows(network: Any) -> bool:
    """Take a picture as it lies in memory, `(1, H, W, 3)` of uint8, two pixels of a row as one of six colours.

    Exact, and faster: the processor multiplies six colours in the time of three, and nobody has to make planes of
    float32. False where the network does not begin with one convolution that goes two pixels to the right each time.
    """
    from openvino import opset13

    picture = network.get_parameters()[0]
    shape, takers = picture.get_partial_shape(), list(picture.output(0).get_target_inputs())
    if len(network.inputs) != 1 or len(takers) != 1 or shape.is_dynamic or len(shape) != 4:
        return False
    convolution = takers[0].get_node()
    if convolution.get_type_name() != "Convolution":
        return False
    weights, how = convolution.input_value(1).get_node(), convolution.get_attributes()
    if weights.get_type_name() != "Constant" or set(how["dilations"]) != {1} or how["auto_pad"] != "explicit":
        return False
    across = [how[name][1] for name in ("strides", "pads_begin", "pads_end")]
    batch, colours, high, wide = (side.get_length() for side in shape)
    if any(side % 2 for side in (*across, wide, weights.data.shape[3])):
        return False
    rows = opset13.parameter([batch, high, wide, colours], np.uint8)
    rows.set_friendly_name(picture.get_friendly_name())
    rows.output(0).get_tensor().set_names(picture.output(0).get_names())
    pairs = opset13.reshape(rows, np.array([0, 0, -1, 2 * colours], np.int64), True)
    turned = opset13.transpose(opset13.convert(pairs, np.float32), np.array([0, 3, 1, 2], np.int64))
    count, _, height, width = weights.data.shape
    kernel = weights.data.reshape(count, colours, height, width // 2, 2).transpose(0, 4, 1, 2, 3)
    kernel = opset13.constant(np.ascontiguousarray(kernel.reshape(count, 2 * colours, height, width // 2)))
    sides = ([how[name][0], how[name][1] // 2] for name in ("strides", "pads_begin", "pads_end"))
    _replace(convolution, opset13.convolution(turned, kernel, *sides, [1, 1]))
    network.add_parameters([rows])
    network.remove_parameter(picture)
    network.validate_nodes_and_infer_types()
    return True


def spread(weights: Any, corners: list[tuple[int, int]]) -> Any:
    """The weights of that one convolution: `(N, 4 C, h, w)` to `(N, C, 2h, 2w)`; corners are (row, column)."""
    count, channels, height, width = weights.shape
    each = channels // len(corners)
    wide = np.zeros((count, each, 2 * height, 2 * width), weights.dtype)
    for n, (row, column) in enumerate(corners):
        wide[:, :, row::2, column::2] = weights[:, n * each : (n + 1) * each]
    return wide


def cheapen_silu(network: Any) -> int:
    """Write x times its logistic function (SiLU) as max(x, 0) less a polynomial: neither exp nor a division.

    Returns how many there were. Measured on YOLOX-Nano: they take half of the time, and the scores of what it finds
    differ by 0.034 (root mean square) from those in float32, where bfloat16 alone makes 0.029.
    """
    count = 0
    for product in network.get_ordered_ops():
        if product.get_type_name() != "Multiply":
            continue
        pair = [product.input_value(n) for n in range(2)]
        for x, logistic in (pair, pair[::-1]):
            node = logistic.get_node()
            if node.get_type_name() == "Sigmoid" and node.input_value(0) == x:
                _replace(product, _silu(x))
                count += 1
                break
    return count


def _silu(x: Any) -> Any:
    from openvino import opset13

    def number(value: float) -> Any:
        return opset13.constant(np.float32(value))

    near = opset13.minimum(opset13.abs(x), number(LIMIT))
    total = number(-DIP[-1])
    for factor in DIP[-2::-1]:
        total = opset13.add(opset13.multiply(total, near), number(-factor))
    return opset13.add(opset13.multiply(total, near), opset13.maximum(x, number(0.0)))


def _replace(old: Any, new: Any) -> None:
    new.set_friendly_name(old.get_friendly_name())
    old.output(0).replace(new.output(0))


def _corners(joined: Any) -> tuple[Any, list[tuple[int, int]]]:
    """The picture, and which pixels of each square of four come after each other; (None, []) where it is otherwise."""
    if joined.get_type_name() != "Concat" or joined.get_axis() != 1:
        return None, []
    pictures, corners = [], []
    for n in range(joined.get_input_size()):
        first: dict[int, int] = {}
        value = joined.input_value(n)
        while value.get_node().get_type_name() == "Slice":
            side = _every_other(value.get_node())
            if side is None or side[0] in first:
                return None, []
            first[side[0]] = side[1]
            value = value.get_node().input_value(0)
        if set(first) != {2, 3} or value.get_node().get_type_name() != "Parameter":
            return None, []
        pictures.append(value)
        corners.append((first[2], first[3]))
    if any(one != pictures[0] for one in pictures) or sorted(corners) != _CORNERS:
        return None, []
    return pictures[0], corners


def _every_other(node: Any) -> tuple[int, int] | None:
    """The axis and the first pixel of a slice that takes every other one up to the end; None for another slice."""
    given = [node.input_value(n).get_node() for n in range(1, node.get_input_size())]
    if len(given) != 4 or any(one.get_type_name() != "Constant" or one.data.size != 1 for one in given):
        return None
    start, stop, step, axis = (int(one.data.ravel()[0]) for one in given)
    return (axis, start) if step == 2 and start in (0, 1) and stop >= _LARGEST_PX else None


def take_out_last_turns(network: Any) -> list[tuple[int, ...] | None]:
    """For each output the order of its axes, where the last step only turned them, and that step is taken out.

    numpy does it by reading in another order, without moving a number.
    """
    orders: list[tuple[int, ...] | None] = []
    for result in network.get_results():
        turn = result.input_value(0).get_node()
        order = turn.input_value(1).get_node() if turn.get_type_name() == "Transpose" else None
        if order is None or order.get_type_name() != "Constant" or order.data.size == 0:
            orders.append(None)
            continue
        source, names = turn.input_value(0), turn.output(0).get_names()
        result.input(0).replace_source_output(source)
        source.get_tensor().set_names(names)
        orders.append(tuple(int(axis) for axis in order.data.ravel()))
    return orders
