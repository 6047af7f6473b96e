"""Picks few, small networks out of those that make.py wrote, one for each option of a layer: `python pick.py LIST FOLDER... > cases.json`.

LIST has one line for each network that may be taken, `version of Keras<tab>case`: those that Espalier carries out. From each layer
in turn the smallest is taken, as long as there is room."""

import json
import struct
import sys

carried = {tuple(line.rstrip("\n").split("\t")) for line in open(sys.argv[1])}
left_out = ("initializer", "regularizer", "constraint", "trainable", "seed", "dtype", "momentum", "dropout", "rate", "stddev", "nothing")
most, largest = 96_000, 6_000


def short(value):
    """The shortest number that is the same in 32 bits."""
    as_float = struct.pack("f", value)
    return next(n for n in (float(f"{value:.{digits}g}") for digits in range(1, 18)) if struct.pack("f", n) == as_float)


def compact(tensor):
    return {**tensor, "values": [short(value) for value in tensor["values"]]}


found = {}
for folder in sys.argv[2:]:
    made = json.load(open(f"{folder}/cases.json"))
    for case in made["cases"]:
        if (made["keras"], case["case"]) in carried and not any(word in case["option"] for word in left_out):
            parts = {key: [compact(tensor) for tensor in case[key]] for key in ("weights", "inputs", "outputs")}
            whole = {**case, **parts, "files": {}}
            found.setdefault(case["layer"], []).append((len(json.dumps(whole, separators=(",", ":"))), whole))
queues = [sorted(cases, key=lambda pair: pair[0]) for cases in found.values()]
picked, seen, size = [], set(), 0
while any(queues):
    for queue in queues:
        length, case = queue.pop(0) if queue else (most, None)
        key = case and (case["layer"], case["option"])
        if length <= largest and size + length < most and key not in seen:
            seen.add(key)
            picked.append(case)
            size += length + 2
picked.sort(key=lambda case: (case["topology"]["keras_version"], case["case"]))
print('{"cases":[\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in picked) + "\n]}")
