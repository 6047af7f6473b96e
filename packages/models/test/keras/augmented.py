"""Writes `augmented2.h5` of Keras 2 and `augmented3.keras` of Keras 3, and what Keras computes with them.

Needs Python 3.11 with keras 3.15.1, tf_keras 2.21.0 and tensorflow 2.21:

    python augmented.py

The model is what tutorials on transfer learning put together: layers that change images at random, arithmetic on the input, a
normalization whose statistics are weights, a nested base that is called with `training=False`, and a head. In Keras 3 it has
activations that Keras 2 has not.
"""

import json
import os
import pathlib

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tf_keras

here = pathlib.Path(__file__).parent
random = np.random.default_rng(7)
image = (255 * random.random((2, 6, 6, 2))).astype("float32")


def augmented(k, new):
    layers = k.layers
    augmentation = k.Sequential(
        [layers.RandomFlip("horizontal"), layers.RandomRotation(0.2), layers.RandomContrast(0.1)], name="augmentation"
    )
    inside = k.Input((6, 6, 3), name="inside")
    x = layers.Conv2D(4, 3, padding="same", name="conv", activation="hard_silu" if new else "swish")(inside)
    x = layers.BatchNormalization(name="norm")(x)
    base = k.Model(inside, layers.ReLU(negative_slope=0.25, name="slope")(x), name="base")
    statistics = layers.Normalization(axis=3, name="statistics")
    statistics.adapt(image)
    seen = k.Input((6, 6, 2), name="image")
    x = statistics(augmentation(seen))
    x = 1.5 - x / 2.0
    x = layers.Conv2D(3, 1, name="mix", activation="leaky_relu" if new else "relu")(x)
    x = base(x, training=False)
    gate = layers.GlobalAveragePooling2D(keepdims=new, name="pool")(x)
    gate = gate if new else layers.Reshape((1, 1, 4), name="place")(gate)
    gate = layers.Conv2D(4, 1, name="gate", activation="hard_sigmoid" if new else "sigmoid")(gate)
    x = layers.Flatten(name="flatten")(x * gate)
    return k.Model(seen, layers.Dense(3, name="head")(layers.Dropout(0.2, name="drop")(x)), name="augmented")


golden = {"image": image.ravel().tolist()}
for k, file in [(tf_keras, "augmented2.h5"), (keras, "augmented3.keras")]:
    model = augmented(k, k is keras)
    for layer in [*model.layers, *model.get_layer("base").layers]:
        if layer.name in ("conv", "mix", "gate", "head", "norm"):
            layer.set_weights([0.5 * random.normal(size=w.shape) + (layer.name == "norm" and 1.5) for w in layer.get_weights()])
        if layer.name == "norm":
            layer.set_weights([np.abs(w) for w in layer.get_weights()])
    model.save(here / file)
    golden[file] = model.predict(image, verbose=0).ravel().tolist()
(here / "augmented.json").write_text(json.dumps(golden) + "\n")
