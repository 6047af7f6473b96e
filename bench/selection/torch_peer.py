"""Peer of bench/selection: exact top-k masks by torch.topk, one request per line on standard input."""

import json
import sys
import time

import torch

torch.set_num_threads(1)
scores = None
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "load":
        scores = torch.from_file(request["path"], size=request["size"], dtype=torch.float32)
        print(json.dumps({"version": torch.__version__}), flush=True)
    else:
        begin = time.perf_counter()
        _, kept = torch.topk(scores, request["count"], sorted=False)
        mask = torch.zeros(scores.numel(), dtype=torch.uint8)
        mask[kept] = 1
        seconds = time.perf_counter() - begin
        least = scores[kept].min().item()
        print(json.dumps({"seconds": seconds, "ones": int(mask.sum()), "least": least}), flush=True)
