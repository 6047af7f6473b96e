"""Writes networks of one layer with Keras's own outputs: `python make.py FOLDER` for Keras 3, `make.py FOLDER legacy` for Keras 2.

If it is ended early, the next call goes on with the layers that are not there yet."""

import importlib
import json
import os
import sys
import zlib

folder, legacy = sys.argv[1], sys.argv[2:] == ["legacy"]
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np

keras = importlib.import_module("tf_keras" if legacy else "keras")
from cases import layers, off, wrapped

written, skipped, done = [], [], []
if os.path.exists(f"{folder}/cases.json"):
    with open(f"{folder}/cases.json") as file:
        made = json.load(file)
    written, skipped, done = made["cases"], made["skipped"], made["done"]


def begins(title):
    """True if a layer has not been made yet; each has random numbers of its own."""
    global random
    random = np.random.default_rng(zlib.crc32(title.encode()))
    return title not in done


def save(title):
    done.append(title)
    with open(f"{folder}/cases.json.new", "w") as file:
        json.dump({"keras": keras.__version__, "cases": written, "skipped": skipped, "done": done}, file)
    os.replace(f"{folder}/cases.json.new", f"{folder}/cases.json")


def write(layer, option, value, make, shapes):
    """One network; what Keras itself refuses is left out."""
    case = f"{layer} {option}={json.dumps(value)}"
    keras.backend.clear_session()
    several = isinstance(shapes, list)
    try:
        made = make()
        batch = 1 if option == "stateful" else None
        sides = shapes if several else [shapes]
        given = [keras.Input(batch_shape=(batch, *side), name=f"in{i}", **({"dtype": "int32"} if layer in ("Embedding", "CategoryEncoding") else {}))
                 for i, side in enumerate(sides)]
        outputs = made(given if several else given[0])
        model = keras.Model(given, list(outputs) if isinstance(outputs, (list, tuple)) else outputs, name="net")
        model.set_weights([random.uniform(0.2, 1.0, w.shape) * (1 if "variance" in w.name else random.choice([-1, 1], w.shape))
                           for w in model.weights])
        if layer == "Embedding" or layer == "CategoryEncoding":
            inputs = [random.integers(0, 5, (1, *side)).astype("int32") for side in sides]
        else:
            inputs = [random.uniform(-2, 2, (1, *side)).astype("float32") for side in sides]
        if layer == "Masking":
            inputs[0][:, 1] = 1.0 if option == "mask_value" else 0.0
        got = model(inputs if several else inputs[0], training=False)
        got = list(got) if isinstance(got, (list, tuple)) else [got]
        got = [np.asarray(entry.numpy() if legacy else keras.ops.convert_to_numpy(entry)).astype("float64") for entry in got]
    except Exception as error:
        skipped.append({"case": case, "why": f"{type(error).__name__}: {error}"[:200]})
        return
    weights = []
    for w in model.weights:
        name = w.name.split(":")[0] if legacy else w.path
        values = np.asarray(w.numpy() if legacy else keras.ops.convert_to_numpy(w))
        if "seed" not in name:
            weights.append({"name": name, "shape": list(values.shape), "values": values.astype("float64").ravel().tolist()})
    number = len(written)
    files = {}
    if option in ("nothing", "reset_after", "merge_mode", "use_bias", "return_sequences") and weights:
        for ending in ("weights.h5", "h5", "keras"):
            path = f"{folder}/{number}.{ending}"
            try:
                model.save_weights(path) if ending == "weights.h5" else model.save(path)
                files[ending] = path
            except Exception as error:
                skipped.append({"case": f"{case} as .{ending}", "why": f"{type(error).__name__}: {error}"[:200]})
    written.append({
        "case": case, "layer": layer, "option": option, "rough": "float16" in str(value),
        "topology": {"keras_version": keras.__version__, "backend": "tensorflow", "model_config": json.loads(model.to_json())},
        "weights": weights, "files": files,
        "inputs": [{"shape": list(i.shape), "values": i.ravel().tolist()} for i in inputs],
        "outputs": [{"shape": list(o.shape), "values": o.ravel().tolist()} for o in got],
    })


for name, (base, shape, options, combinations) in layers.items():
    if not begins(name):
        continue
    if not hasattr(keras.layers, name):
        skipped.append({"case": name, "why": "Keras has no such layer"})
        save(name)
        continue
    make = lambda **more: (lambda: getattr(keras.layers, name)(**{**base, **more}, name="x"))
    write(name, "nothing", None, make(), shape)
    for option, values in {**options, **off}.items():
        for value in values:
            write(name, option, value, make(**{option: value}), shape)
    for combination in combinations:
        write(name, "+".join(combination), list(combination.values()), make(**combination), shape)
    save(name)
for outer, name, base, shape, options, inner_options in wrapped:
    make = lambda own={}, **more: (lambda: getattr(keras.layers, outer)(getattr(keras.layers, name)(**{**base, **more}, name="y"), name="x", **own))
    title = f"{outer}({name}{' ' + json.dumps(base) if 'GRU' in name else ''})"
    if not begins(title):
        continue
    write(title, "nothing", None, make(), shape)
    for option, values in options.items():
        for value in values:
            write(title, option, value, make({option: value}), shape)
    for option, values in inner_options.items():
        for value in values:
            write(title, option, value, make(**{option: value}), shape)
    save(title)

print(f"Keras {keras.__version__}: {len(written)} networks, {len(skipped)} that Keras itself refuses")
