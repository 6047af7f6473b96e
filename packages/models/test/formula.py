"""The formula of all golden weights, which formula.ts works out too."""

import numpy as np


def uniform(name, size):
    """`size` doubles in [-1, 1): 24 bits of a hash (the finalizer of MurmurHash3) of index + FNV-1a(name)."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    h = np.arange(size, dtype=np.uint32) + np.uint32(seed)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return (h >> np.uint32(8)).astype(np.float64) / 2**23 - 1
