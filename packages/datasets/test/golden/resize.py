"""Makes test/golden/resize.json: what Pillow's Image.resize gives for small images, and what it decodes of small JPEG files.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pillow==12.0.0 numpy
    /tmp/venv/bin/python packages/datasets/test/golden/resize.py packages/datasets/test/golden/resize.json

Made with Pillow 12.0.0 and numpy 2.4.6. Pillow 13.0 goes through rows before columns for some shapes, which gives other bytes for them.
Images are pseudo-random bytes, or a smooth gradient with an edge for JPEG.
"""
import base64
import io
import json
import sys

import numpy as np
import PIL
from PIL import Image

filters = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
# (height, width) of the input, (height, width) of the output: smaller, larger, mixed, one pixel, one axis kept
sizes = [((13, 17), (5, 8)), ((5, 8), (13, 17)), ((13, 17), (13, 4)), ((9, 3), (4, 7)), ((6, 6), (1, 1)), ((1, 5), (3, 3))]


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


generator = np.random.Generator(np.random.PCG64(5))
resizes = []
for source, target in sizes:
    # Half of the values black or white, so that bicubic overshoots.
    image = generator.integers(0, 256, (*source, 3))
    image = np.where(generator.random(image.shape) < 0.5, image, (image > 127) * 255).astype(np.uint8)
    for name, resample in filters.items():
        result = Image.fromarray(image, "RGB").resize((target[1], target[0]), resample)
        resizes.append({"from": source, "to": target, "interpolation": name, "input": text(image), "output": text(result)})

# torchvision: Resize(12) on the shorter side, CenterCrop(9), both orientations; offsets that end in a half
views = []
for height, width in [(20, 31), (31, 20), (16, 16)]:
    image = generator.integers(0, 256, (height, width, 3), dtype=np.uint8)
    short = min(height, width)
    whole = (12 if height == short else int(12 * height / short), 12 if width == short else int(12 * width / short))
    resized = Image.fromarray(image, "RGB").resize((whole[1], whole[0]), Image.Resampling.BILINEAR)
    top, left = int(round((whole[0] - 9) / 2.0)), int(round((whole[1] - 9) / 2.0))
    views.append({"from": (height, width), "input": text(image), "output": text(resized.crop((left, top, left + 9, top + 9)))})

jpegs = []
for mode, subsampling in [("RGB", 2), ("RGB", 0), ("L", 0)]:
    y, x = np.mgrid[0:24, 0:33]
    image = np.stack([8 * x % 256, 10 * y, np.where(x > y, 200, 30)], axis=-1).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(image, "RGB").convert(mode).save(file, "JPEG", quality=85, subsampling=subsampling)
    decoded = Image.open(io.BytesIO(file.getvalue())).convert("RGB")
    jpegs.append({"from": (24, 33), "file": base64.b64encode(file.getvalue()).decode(), "output": text(decoded)})

content = {"pillow": PIL.__version__, "resizes": resizes, "views": views, "jpegs": jpegs}
with open(sys.argv[1], "w") as file:
    json.dump(content, file, indent=1)
    file.write("\n")
