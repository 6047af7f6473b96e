"""Writes applications.json: what Keras's own applications, made narrow, say to weights that both sides work out.

Needs what make.py needs. The nets are keras.applications with fewer channels (every number of filters and units divided), random
weights replaced by a formula of their name, shape and index: `values` here, `valuesOf` in applications.test.ts. No weight is stored.
"""

import json
import os
import pathlib
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
here = pathlib.Path(__file__).parent

import keras
import numpy as np

sys.path.insert(0, str(here.parent))
from formula import uniform


def values(name, shape):
    drawn = uniform(name, int(np.prod(shape)))
    if len(shape) > 1:
        fan = shape[0] * shape[1] if shape[-1] == 1 else np.prod(shape[:-1])
        drawn = drawn * np.sqrt(6 / fan)
    else:
        drawn = (1 if name.endswith(("gamma", "moving_variance")) else 0) + 0.2 * drawn
    return drawn.astype(np.float32).reshape(shape)


def narrow(divisor):
    """Layers of Keras with fewer filters and units; the last layer, of five classes, keeps its own."""

    class Layers:
        def __getattr__(self, name):
            return getattr(keras.layers, name)

        def Conv2D(self, filters, *args, **kwargs):
            return keras.layers.Conv2D(max(filters // divisor, 1), *args, **kwargs)

        def Dense(self, units, *args, **kwargs):
            return keras.layers.Dense(units if units == 5 else max(units // divisor, 1), *args, **kwargs)

    return Layers()


def patched(module, divisor, build):
    original = module.layers
    module.layers = narrow(divisor)
    try:
        return build()
    finally:
        module.layers = original


settings = {"weights": None, "classes": 5, "classifier_activation": None}
resnet, vgg = (sys.modules[f"keras.src.applications.{name}"] for name in ("resnet", "vgg16"))
nets = {
    "MobileNet": keras.applications.MobileNet(alpha=0.125, input_shape=(64, 64, 3), **settings),
    "MobileNetV2": keras.applications.MobileNetV2(alpha=0.35, input_shape=(64, 64, 3), **settings),
    "VGG16": patched(vgg, 16, lambda: keras.applications.VGG16(input_shape=(64, 64, 3), **settings)),
    "ResNet50": patched(resnet, 16, lambda: keras.applications.ResNet50(input_shape=(64, 64, 3), **settings)),
}
golden = {}
for name, net in nets.items():
    shapes = {weight.path: list(weight.shape) for weight in net.weights}
    net.set_weights([values(path, shape) for path, shape in shapes.items()])
    image = uniform("image", 2 * 64 * 64 * 3).astype("float32").reshape(2, 64, 64, 3)
    golden[name] = {"tensors": shapes, "logits": net.predict(image, verbose=0).astype(float).tolist()}
    print(name, len(shapes), golden[name]["logits"])
(here / "applications.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
