"""Writes the small files of Keras that the tests read, and what Keras computes with them.

Needs Python 3.11 with keras 3.15.1, tf_keras 2.18.0, tensorflow 2.18 and h5py:

    python make.py

The two-branched model has a convolution, a normalization, a depthwise convolution, a sum and a dense layer after a flattened image;
half of its kernels are zeros. `model.json` and `weights.bin` are what `tensorflowjs_converter` makes of Keras 3's `.h5` file: the model's
configuration as it is, weights under the names in the file.
"""

import json
import os
import pathlib

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
import numpy as np
import tf_keras

here = pathlib.Path(__file__).parent
random = np.random.default_rng(5)


def branched(k):
    image = k.Input((6, 6, 2), name="image")
    x = k.layers.Conv2D(4, 3, strides=2, padding="same", name="conv")(image)
    x = k.layers.BatchNormalization(epsilon=1e-3, name="norm")(x)
    x = k.layers.ReLU(max_value=6.0, name="relu")(x)
    y = k.layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(x)
    x = k.layers.Add(name="sum")([x, y])
    x = k.layers.Flatten(name="flatten")(x)
    return k.Model(image, k.layers.Dense(3, name="head")(x), name="branched")


def values(weight):
    shape = weight.shape
    drawn = random.normal(size=shape).astype("float32")
    if len(shape) == 1:
        return np.abs(drawn) + 0.5
    return np.where(random.random(shape) < 0.5, 0, drawn).astype("float32")


old, new = branched(tf_keras), branched(keras)
weights = [values(weight) for weight in old.get_weights()]
old.set_weights(weights)
new.set_weights(weights)
image = random.normal(size=(2, 6, 6, 2)).astype("float32")
output = old.predict(image, verbose=0)
assert np.allclose(output, new.predict(image, verbose=0), atol=1e-6)

old.save(here / "keras2.h5")
old.save_weights(here / "keras2-weights.h5")
old.save_weights(here / "keras2.weights.h5")
new.save(here / "keras3.h5")
new.save(here / "keras3.keras")
new.save_weights(here / "keras3.weights.h5")

manifest, data = [], b""
with h5py.File(here / "keras3.h5") as file:
    for layer in file["model_weights"].attrs["layer_names"]:
        group = file["model_weights"][layer]
        for name in group.attrs["weight_names"]:
            array = group[name][()].astype("<f4")
            manifest.append({"name": name, "shape": list(array.shape), "dtype": "float32"})
            data += array.tobytes()
(here / "keras3-tfjs").mkdir(exist_ok=True)
(here / "keras3-tfjs" / "weights.bin").write_bytes(data)
topology = {"keras_version": keras.__version__, "backend": "tensorflow", "model_config": json.loads(new.to_json())}
model = {"format": "layers-model", "modelTopology": topology, "weightsManifest": [{"paths": ["weights.bin"], "weights": manifest}]}
(here / "keras3-tfjs" / "model.json").write_text(json.dumps(model, indent=1) + "\n")
named = {weight.name.removesuffix(":0"): array.ravel().tolist() for weight, array in zip(old.weights, weights)}
golden = {"image": image.ravel().tolist(), "output": output.ravel().tolist(), "weights": named}
(here / "golden.json").write_text(json.dumps(golden) + "\n")
