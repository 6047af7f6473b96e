"""DeepSparse as a peer of bench/inference: runs an ONNX file with sparse weights, one request per line on standard input."""

import json
import os
import sys
import time

# Before the import: no messages to its makers, no look for newer versions.
os.environ["NM_DISABLE_ANALYTICS"] = "1"
os.environ["NM_VERSION_CHECK"] = "false"
# What its library prints must not come between answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import deepsparse
import numpy

cores = int(sys.argv[1])


def load(request: dict) -> tuple:
    images = numpy.fromfile(request["images"], dtype=numpy.float32).reshape(request["shape"])
    begin = time.perf_counter()
    engine = deepsparse.Engine(request["model"], batch_size=len(images), num_cores=cores)
    milliseconds = round((time.perf_counter() - begin) * 1000)
    run = lambda: engine.run([images], val_inp=False)
    answer = {
        "version": deepsparse.__version__,
        "instructions": engine.cpu_avx_type,
        "threads": engine.num_cores,
        "supportedFraction": engine.fraction_of_supported_ops,
        "compileMilliseconds": milliseconds,
        "logits": run()[0].flatten().tolist(),
    }
    return run, answer


def milliseconds(run, repetitions: int) -> float:
    begin = time.perf_counter()
    for _ in range(repetitions):
        run()
    return (time.perf_counter() - begin) / repetitions * 1000


for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "load":
        run, answer = load(request)
    else:
        answer = {"milliseconds": milliseconds(run, request["repetitions"])}
    print(json.dumps(answer), file=answers, flush=True)
