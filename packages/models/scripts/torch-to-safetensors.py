#!/usr/bin/env python3
"""Converts a PyTorch checkpoint (torch.save of a state_dict, or of a dict that holds one) to safetensors.

    python -m venv venv && venv/bin/pip install torch safetensors
    venv/bin/python torch-to-safetensors.py checkpoint.pth checkpoint.safetensors

The checkpoint is read with `weights_only=True`, so that no code in the pickle runs; a checkpoint with other objects than tensors,
containers and numbers is refused. Names stay as they are: prefixes, masks and thresholds of sparse training are understood by
`loadTorchWeights` of @espalier/models. Every tensor becomes dense, contiguous float32 (masks become 0 and 1), and
`num_batches_tracked` is left out. What the checkpoint says of itself in strings and numbers (epoch, arch) becomes metadata.
"""
import argparse
import pathlib
import sys

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

HOLDERS = ("model_state_dict", "state_dict", "model")
"""Keys under which training scripts put the state_dict."""


def is_state_dict(value):
    return isinstance(value, dict) and len(value) > 0 and all(isinstance(entry, torch.Tensor) for entry in value.values())


def find_state_dict(checkpoint, key):
    """The state_dict of a checkpoint, under `key` if that is given."""
    if key is not None:
        if not isinstance(checkpoint, dict) or not is_state_dict(checkpoint.get(key)):
            raise ValueError(f'There is no state_dict under "{key}".')
        return checkpoint[key]
    if is_state_dict(checkpoint):
        return checkpoint
    held = [name for name in HOLDERS if isinstance(checkpoint, dict) and is_state_dict(checkpoint.get(name))]
    if len(held) == 1:
        return checkpoint[held[0]]
    keys = sorted(map(str, checkpoint)) if isinstance(checkpoint, dict) else type(checkpoint).__name__
    raise ValueError(f"No state_dict, or several, in the checkpoint, which has {keys}. Name one with --key.")


def as_float32(name, tensor):
    """A copy in float32, on the CPU, of memory of its own."""
    if tensor.is_complex():
        raise ValueError(f'"{name}" is complex.')
    plain = tensor.detach().cpu().to_dense() if tensor.layout != torch.strided else tensor.detach().cpu()
    result = plain.to(torch.float32, copy=True).contiguous()
    if not plain.is_floating_point() and not torch.equal(result.to(plain.dtype), plain):
        raise ValueError(f'"{name}" holds integers that float32 does not have.')
    return result


def metadata_of(checkpoint):
    """Strings and numbers of the checkpoint, one level of dicts down."""
    if not isinstance(checkpoint, dict):
        return {}
    flat = dict(checkpoint)
    for key, value in checkpoint.items():
        if isinstance(value, dict):
            flat.update({f"{key}.{inner}": entry for inner, entry in value.items()})
    return {str(key): str(value) for key, value in flat.items() if isinstance(value, (str, int, float))}


def load(path):
    """The checkpoint, of tensors, containers and numbers only; anything else ends the program."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        sys.exit(str(error))
    except Exception:  # whatever a damaged pickle brings about
        sys.exit(f"{path} holds other objects than tensors, or is no checkpoint. Save its state_dict alone, with the code and "
                 "on a machine where you trust it: torch.save(model.state_dict(), path).")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=pathlib.Path, help="what torch.save wrote")
    parser.add_argument("output", type=pathlib.Path, help="the safetensors file to write")
    parser.add_argument("--key", help="key of the state_dict, where it is not one of " + ", ".join(HOLDERS))
    given = parser.parse_args()
    checkpoint = load(given.checkpoint)
    try:
        state = find_state_dict(checkpoint, given.key)
        kept = {name: as_float32(name, tensor) for name, tensor in state.items()
                if not name.endswith("num_batches_tracked")}
        save_file(kept, given.output, metadata={"format": "pt", **metadata_of(checkpoint)})
    except (ValueError, OSError, SafetensorError) as error:
        sys.exit(f"{given.checkpoint}: {error}")
    print(f"{given.output}: {len(kept)} tensors, {sum(tensor.numel() for tensor in kept.values()):,} values")


if __name__ == "__main__":
    main()
