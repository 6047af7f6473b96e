"""Makes test/golden/mat.json: MAT-files written by SciPy, whose content the test spells out.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scipy numpy
    /tmp/venv/bin/python packages/datasets/test/golden/mat.py packages/datasets/test/golden/mat.json

Made with SciPy 1.17.1 and numpy 2.4.6.
"""
import base64
import io
import json
import sys

import numpy as np
import scipy
import scipy.io
import scipy.sparse

annotations = np.zeros((1, 2), dtype=[("bbox_x1", "O"), ("class", "O"), ("fname", "O")])
annotations[0, 0] = (39, np.uint8(14), "00001.jpg")
annotations[0, 1] = (-7, np.int16(300), "00002.jpg")
names = np.empty((1, 3), dtype=object)
names[0] = ["AM General Hummer", "Citroën", ""]
arrays = {
    "annotations": annotations,
    "class_names": names,
    "doubles": np.array([[1.5, -2, 1e300], [0, 4, 5]]),
    "bytes": np.arange(5, dtype=np.uint8),
    "wide": np.array([[2**40, -(2**40)]], dtype=np.int64),
    "single": np.array([[0.25]], dtype=np.float32),
    "rows": np.array(["abc", "def"]),
    "nothing": np.zeros((0, 0)),
    "flag": np.array([[True, False]]),
}
content = {"scipy": scipy.__version__}
for name, options in {"plain": {}, "compressed": {"do_compression": True}}.items():
    file = io.BytesIO()
    scipy.io.savemat(file, arrays, **options)
    # The header holds the time of writing, which the reader does not look at.
    content[name] = base64.b64encode(b"MATLAB 5.0 MAT-file".ljust(116) + file.getvalue()[116:]).decode()
for name, array in {"complex": np.array([1j]), "sparse": scipy.sparse.csc_matrix(np.eye(2))}.items():
    file = io.BytesIO()
    scipy.io.savemat(file, {"x": array})
    content[name] = base64.b64encode(b"MATLAB 5.0 MAT-file".ljust(116) + file.getvalue()[116:]).decode()
with open(sys.argv[1], "w") as file:
    json.dump(content, file, indent=1)
    file.write("\n")
