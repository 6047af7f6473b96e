"""Writes the ImageNet photographs as both programs take them: shorter side 256 bicubic, middle 224, (x - 127) / 128.

    python images.py <ESPALIER_DATA> <file>: float32, image by image, height by width by 3; labels in <file>.json
"""
import csv
import json
import sys

import numpy as np
from PIL import Image

folder = f"{sys.argv[1]}/real-networks/images"
rows = list(csv.DictReader(open(f"{folder}/index.csv")))
images = []
for row in rows:
    image = Image.open(f"{folder}/{row['file']}").convert("RGB")
    width, height = image.size
    scale = 256 / min(width, height)
    image = image.resize((round(width * scale), round(height * scale)), Image.Resampling.BICUBIC)
    left, top = (image.width - 224) // 2, (image.height - 224) // 2
    pixels = np.asarray(image.crop((left, top, left + 224, top + 224)), np.float32)
    images.append((pixels - 127) / 128)
np.stack(images).astype("<f4").tofile(sys.argv[2])
json.dump([int(row["class"]) for row in rows], open(f"{sys.argv[2]}.json", "w"))
