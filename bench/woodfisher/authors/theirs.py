"""One-shot pruning by the authors' own class (IST-DASLab/WoodFisher), and by magnitude, of EfficientNet-Lite0.

    python theirs.py <folder of their code> <ESPALIER_DATA> <file of images.py> <block size> <gradients> [<sparsity>:<cuts> …]

One JSON object a line: what pruned, sparsity, cuts, top-1 and mean loss of the images that gave no gradient.
"""
import json
import sys
import types

import matplotlib.pyplot
import numpy as np
import torch
import torch.nn.functional as functional
from efficientnet_lite_pytorch import EfficientNet

code, data, images_file, block, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
sys.path.insert(0, code)
# They ask for a style that later versions of matplotlib call otherwise; nothing is drawn here.
matplotlib.pyplot.style.use = lambda *_: None
from policies.pruners import BlockwiseWoodburryFisherPruner  # noqa: E402

torch.manual_seed(0)
torch.set_num_threads(1)


def safetensors(path):
    raw = open(path, "rb").read()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    kinds = {"F32": np.float32, "I64": np.int64}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = (8 + size + offset for offset in entry["data_offsets"])
        values = np.frombuffer(raw[start:end], kinds[entry["dtype"]]).reshape(entry["shape"])
        yield name, torch.from_numpy(values.copy())


state = dict(safetensors(f"{data}/real-networks/efficientnet-lite0/lite0.safetensors"))
labels = torch.tensor(json.load(open(f"{images_file}.json")))
images = torch.from_numpy(np.fromfile(images_file, "<f4").reshape(-1, 224, 224, 3)).permute(0, 3, 1, 2).contiguous()
given, judged = slice(0, None, 2), slice(1, None, 2)


def network():
    model = EfficientNet.from_name("efficientnet-lite0")
    model.load_state_dict(state, strict=False)
    model.eval()
    pointwise = [
        module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Conv2d) and module.kernel_size == (1, 1)
    ]
    for module in pointwise:
        module.weight_mask, module.bias_mask = torch.ones_like(module.weight), None
    return model, pointwise


def masked(modules):
    with torch.no_grad():
        for module in modules:
            module.weight.mul_(module.weight_mask)


def judge(model):
    with torch.no_grad():
        logits = torch.cat([model(part) for part in images[judged].split(20)])
    top1 = (logits.argmax(1) == labels[judged]).float().mean().item()
    return top1, functional.cross_entropy(logits, labels[judged]).item()


def report(what, sparsity, cuts, model, modules):
    zeros = sum((module.weight == 0).sum().item() for module in modules)
    total = sum(module.weight.numel() for module in modules)
    top1, loss = judge(model)
    answer = dict(what=what, sparsity=sparsity, cuts=cuts, reached=zeros / total, top1=round(top1, 4), loss=round(loss, 4))
    print(json.dumps(answer), flush=True)


def woodfisher(sparsity, cuts):
    model, modules = network()
    args = types.SimpleNamespace(
        fisher_damp=1e-5, fisher_subsample_size=count, fisher_mini_bsz=1, max_mini_bsz=None, fisher_split_grads=True,
        fisher_optimized=False, fisher_cpu=True, aux_gpu_id=-1, offload_grads=False, offload_inv=False, flops_power=0,
        woodburry_joint_sparsify=True, subtract_min=False, compare_globalmagni_mask=False, scale_prune_update=1.0,
        disable_log_soft=True, hess_label_smoothing=None, true_fisher=False, dump_grads_mat=False, fisher_trace=False,
        recompute_num=0,
    )
    pruner = BlockwiseWoodburryFisherPruner.__new__(BlockwiseWoodburryFisherPruner)
    vars(pruner).update(
        args=args, _model=model, _modules=modules, _module_names=[str(i) for i in range(len(modules))],
        _weight_only=True, _prune_direction=False, _zero_after_prune=True, _inspect_inv=False, _fisher_mini_bsz=1,
        _fittable_params=block,
    )
    dataset = torch.utils.data.TensorDataset(images[given][:count], labels[given][:count])
    for cut in range(1, cuts + 1):
        # Their schedule of several cuts in one shot, `--recompute-schedule poly --recompute-degree 2`.
        level = sparsity if cut == cuts else sparsity * (1 - (1 - cut / cuts) ** 2)
        pruner.prune_to_level(level, dataset, list(range(count)), torch.device("cpu"), 0, 0)
        masked(modules)
    report("woodfisher", sparsity, cuts, model, modules)


def magnitude(sparsity):
    model, modules = network()
    sizes = torch.cat([module.weight.detach().abs().flatten() for module in modules])
    threshold = torch.sort(sizes).values[round(sparsity * sizes.numel()) - 1]
    for module in modules:
        module.weight_mask = (module.weight.detach().abs() > threshold).float()
    masked(modules)
    report("magnitude", sparsity, 1, model, modules)


model, modules = network()
report("dense", 0, 0, model, modules)
for case in sys.argv[6:] or ("0.5:1", "0.7:1", "0.8:1", "0.5:3", "0.7:3", "0.8:3"):
    target, cuts = (float(part) for part in case.split(":"))
    if cuts == 1:
        magnitude(target)
    woodfisher(target, int(cuts))
