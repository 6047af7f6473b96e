"""PyTorch as the peer of bench/training-products: dense products of one layer, one request per line on standard input."""

import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.set_grad_enabled(False)

state: dict = {}


def read(path: str, *shape: int) -> torch.Tensor:
    return torch.from_file(path, size=torch.Size(shape).numel(), dtype=torch.float32).reshape(shape)


def candidates(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, g: torch.Tensor) -> dict:
    """Every product in every way: in NCHW, in channels_last, and as one matrix product where the kernel is one pixel."""
    size = w.shape[2]
    pad = size // 2
    last = [t.contiguous(memory_format=torch.channels_last) for t in (x, w, g)]

    def backward(x, w, g, mask):
        return torch.ops.aten.convolution_backward(g, x, w, None, [1, 1], [pad, pad], [1, 1], False, [0, 0], 1, mask)

    found: dict = {"forward": {}, "inputGradient": {}, "filterGradient": {}}
    for name, (x_, w_, g_) in (("NCHW", (x, w, g)), ("NHWC", last)):
        found["forward"][name] = lambda x_=x_, w_=w_: F.conv2d(x_, w_, b, padding=pad)
        found["inputGradient"][name] = lambda x_=x_, w_=w_, g_=g_: backward(x_, w_, g_, [True, False, False])[0]
        found["filterGradient"][name] = lambda x_=x_, w_=w_, g_=g_: backward(x_, w_, g_, [False, True, False])[1]
    if size == 1:
        # Pixels of the whole batch side by side, as free as it can be: no copies, results into memory that is there.
        rows_x, rows_g = (t.permute(1, 0, 2, 3).reshape(t.shape[1], -1).contiguous() for t in (x, g))
        matrix = w.reshape(w.shape[0], w.shape[1]).contiguous()
        y, dx, dw = (torch.empty(*s) for s in (rows_g.shape, rows_x.shape, matrix.shape))
        bias = b[:, None]
        found["forward"]["mm"] = lambda: torch.addmm(bias, matrix, rows_x, out=y)
        found["inputGradient"]["mm"] = lambda: torch.mm(matrix.t(), rows_g, out=dx)
        found["filterGradient"]["mm"] = lambda: torch.mm(rows_g, rows_x.t(), out=dw)
    return found


def seconds(run, repetitions: int) -> float:
    begin = time.perf_counter()
    for _ in range(repetitions):
        run()
    return (time.perf_counter() - begin) / repetitions


def load(request: dict) -> dict:
    batch, outputs, inputs, image, size = (request[k] for k in ("batch", "outputs", "inputs", "image", "size"))
    x = read(request["x"], batch, image, image, inputs).permute(0, 3, 1, 2).contiguous()
    g = read(request["dy"], batch, image, image, outputs).permute(0, 3, 1, 2).contiguous()
    b = read(request["bias"], outputs).clone()
    w = torch.randn(outputs, inputs, size, size)
    state.update(x=x, g=g, b=b, size=size, run={})
    tried = {}
    for product, ways in candidates(x, w, b, g).items():
        times = {name: (seconds(run, 1), min(seconds(run, 1) for _ in range(3)))[1] for name, run in ways.items()}
        best = min(times, key=times.get)
        state["run"][product] = ways[best]
        tried[product] = {"best": best, **{name: value * 1000 for name, value in times.items()}}
    return {"version": torch.__version__, "threads": torch.get_num_threads(), "tried": tried}


def results(request: dict) -> dict:
    """Writes all products of a kernel `[height, width, in, out]` in the order in which TensorFlow.js has them."""
    x, g, b, size = (state[k] for k in ("x", "g", "b", "size"))
    w = read(request["kernel"], size, size, x.shape[1], g.shape[1]).permute(3, 2, 0, 1).contiguous()
    pad = size // 2
    y = F.conv2d(x, w, b, padding=pad)
    dx, dw, _ = torch.ops.aten.convolution_backward(
        g, x, w, None, [1, 1], [pad, pad], [1, 1], False, [0, 0], 1, [True, True, False]
    )
    for name, value in (("y", y.permute(0, 2, 3, 1)), ("dx", dx.permute(0, 2, 3, 1)), ("dw", dw.permute(2, 3, 1, 0))):
        value.contiguous().numpy().tofile(request[name])
    return {}


for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "load":
        answer = load(request)
    elif request["do"] == "results":
        answer = results(request)
    else:
        answer = {"milliseconds": seconds(state["run"][request["product"]], request["repetitions"]) * 1000}
    print(json.dumps(answer), flush=True)
