"""Makes golden networks from the reference implementations themselves.

    python tests/golden/make/unets.py REFERENCES OUT [NAME ...]

REFERENCES is a folder with one checkout (or `git archive`) per reference:

    diffusers  huggingface/diffusers                    58eb52c0803ea9af3abec60841c2a093bdf1f951
    edm        NVlabs/edm                               008a4e5316c8e3bfe61a62f874bddba254295afb
    dit        facebookresearch/DiT                     ed81ce2229091fd4ecc9a223645f95cf379d582b
    guided     openai/guided-diffusion                  22e0df8183507e13a7813f8d38d51b072ca1e67c
    improved   openai/improved-diffusion                1bc7bbbdc414d83d4abf2ad8cc1446dc36c4e4d5
    lucid      lucidrains/denoising-diffusion-pytorch   faed4db28e724735323fa91c70aa9b28a6e1cbac
    annotated  huggingface/notebooks                   5068b1142e8ed1e691c8b1e9f98e4473ebe55790, its folder examples

Needs PyTorch, NumPy, timm, einops and huggingface_hub; other modules that take no part in the arithmetic and are missing are
replaced by empty stand-ins. Writes NAME.json.gz and NAME.safetensors.gz to OUT, in the format of the other files there:
weights by the formula, apart from those that are never trained, which are stored. Nothing of the references is copied.
"""

import gzip
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
import types

import numpy as np
import torch

from cases import CASES

STAND_INS = ("torchvision", "huggingface_hub", "accelerate", "ema_pytorch", "pytorch_fid", "blobfile", "mpi4py",
             "transformers", "click", "psutil", "importlib_metadata", "httpx2", "httpcore2", "hf_xet", "scipy", "tqdm", "PIL", "datasets", "safetensors")
FOLDERS = {"diffusers": "diffusers/src", "edm": "edm", "dit": "dit", "guided": "guided", "improved": "improved",
           "lucid": "lucid", "annotated": "annotated"}


class Anything:
    """Stands for whatever a missing module would hold."""

    def __init__(self, *_args, **_options):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *args, **_options):
        return args[0] if len(args) == 1 and callable(args[0]) else Anything()

    def __mro_entries__(self, _bases):
        return (object,)

    def __contains__(self, _item):
        return False

    def __iter__(self):
        return iter(())


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, _path=None, _target=None):
        if name.split(".")[0] in STAND_INS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__ = []
        module.__version__ = "99.0.0"
        module.__getattr__ = lambda name: Anything() if not name.startswith("__") else (_ for _ in ()).throw(AttributeError(name))
        return module

    def exec_module(self, _module):
        pass


def formula_uniform(p, count):
    with np.errstate(over="ignore"):
        i = np.arange(count, dtype=np.uint32)
        h = i * np.uint32(2654435761) + np.uint32(((p + 1) * 2246822519) % 2**32)
        h ^= h >> np.uint32(15)
        h *= np.uint32(2246822519)
        h ^= h >> np.uint32(13)
        h *= np.uint32(3266489917)
        h ^= h >> np.uint32(16)
    return h.astype(np.float64) / 2**31 - 1


def formula_weight(p, name, shape):
    u = formula_uniform(p, int(np.prod(shape)))
    if name.endswith(".g") or (len(shape) == 1 and name.endswith("weight")):
        u = 1 + 0.1 * u
    elif len(shape) == 1:
        u = 0.1 * u
    else:
        u = u * np.sqrt(3 / np.prod(shape[1:]))
    return torch.from_numpy(u.reshape(shape).astype(np.float32))


def entries(model):
    parameters = dict(model.named_parameters())
    return [(name, value, "parameter" if name in parameters else "buffer", name in parameters and parameters[name].requires_grad)
            for name, value in model.state_dict().items()]


def fill(model):
    """Fills what is trained; returns what is not, to be stored."""
    stored, state, p = {}, {}, 0
    for name, value, kind, trained in entries(model):
        state[name] = value
        if kind == "parameter":
            if trained:
                state[name] = formula_weight(p, name, tuple(value.shape))
            p += 1
        if not trained:
            stored[name] = value.detach().to(torch.float32).clone()
    model.load_state_dict({name: value.to(dict(model.state_dict())[name].dtype) for name, value in state.items()})
    return stored


def inputs_of(case):
    shape = case["x"]
    x = (1.7 * formula_uniform(9999, int(np.prod(shape)))).reshape(shape)
    given = {"x": torch.from_numpy(x.astype(np.float32))}
    for name, values in case["told"].items():
        whole = all(isinstance(v, int) for v in np.array(values, dtype=object).reshape(-1))
        given[name] = torch.tensor(values, dtype=torch.int64 if whole else torch.float32)
    return given


def run(case, build, wide):
    """Output and gradients of mean(output^2); in float64 with every cast to float32 lifted where `wide`."""
    narrow, narrow_cast = torch.float32, torch.Tensor.float
    torch.manual_seed(0)
    model = build(case)
    stored = fill(model)
    if wide:
        torch.float32 = torch.float64
        torch.Tensor.float = torch.Tensor.double
        torch.set_default_dtype(torch.float64)
        model = model.double()
        if "dtype" in vars(model):
            model.dtype = torch.float64
    try:
        model.eval()
        given = {name: value.double() if wide and value.is_floating_point() else value
                 for name, value in inputs_of(case).items()}
        x = given["x"].requires_grad_(True)
        output = case["call"](model, given)
        output.square().mean().backward()
        grads = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
        return model, stored, output.detach(), grads, x.grad
    finally:
        torch.float32, torch.Tensor.float = narrow, narrow_cast
        torch.set_default_dtype(narrow)


def chosen(model, grads):
    """Gradients to store: small ones, evenly over the network."""
    names = [name for name in grads if 0 < grads[name].numel() <= case_limit]
    step = max(1, len(names) // 20)
    return names[::step]


case_limit = 1600


def make(case, out):
    build = case["build"]
    model, stored, output, grads, grad_x = run(case, build, False)
    _, _, output64, grads64, grad_x64 = run(case, build, True)
    names = chosen(model, grads)
    given = inputs_of(case)
    tensors = {f"golden.input.{name}": value for name, value in given.items()}
    tensors |= {name: value for name, value in stored.items() if value.dtype == torch.float32}
    tensors |= {f"golden.grad.{name}": grads[name] for name in names}
    tensors |= {"golden.output": output, "golden.grad_input.x": grad_x}
    dev = lambda a, b: float((a.double() - b).abs().max())
    listed = entries(model)
    file = {
        "name": case["name"],
        "reference": case["reference"],
        "source": case["source"],
        "constructor": case["constructor"],
        "parameter_count": sum(value.numel() for _, value, kind, _ in listed if kind == "parameter"),
        "trainable_parameter_count": sum(value.numel() for _, value, _, trained in listed if trained),
        "state_dict": [{"name": name, "shape": list(value.shape), "kind": kind} for name, value, kind, _ in listed],
        "weights": "formula (see the README of the golden numbers); what is not trained is stored under its name",
        "inputs": {name: list(value.shape) for name, value in given.items()},
        "mode": "eval (dropout off)",
        "output_shape": list(output.shape),
        "loss_mean_output_squared": float(output.square().mean()),
        "gradients": [*names, "input x"],
        "max_abs_dev_float64": {
            "output": dev(output, output64),
            "grads": {"input x": dev(grad_x, grad_x64)} | {name: dev(grads[name], grads64[name]) for name in names},
        },
    }
    write(os.path.join(out, case["name"]), file, tensors)
    print(case["name"], file["parameter_count"], tuple(output.shape), f"{float(output.std()):.3g}", file["max_abs_dev_float64"]["output"],
          f"{os.path.getsize(os.path.join(out, case['name']) + '.safetensors.gz') // 1000} KB", flush=True)


def write(path, file, tensors):
    header, blobs, at = {}, [], 0
    for name, value in tensors.items():
        data = value.detach().contiguous().numpy().tobytes()
        kind = {torch.float32: "F32", torch.int64: "I64"}[value.dtype]
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [at, at + len(data)]}
        blobs.append(data)
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    body = len(text).to_bytes(8, "little") + text + b"".join(blobs)
    for ending, data in ((".json", json.dumps(file).encode()), (".safetensors", body)):
        with open(path + ending + ".gz", "wb") as handle:
            with gzip.GzipFile("", "wb", 9, handle, 0) as packed:
                packed.write(data)


def main():
    references, out, *wanted = sys.argv[1:]
    sys.path[:0] = [os.path.join(references, folder) for folder in FOLDERS.values()]
    sys.meta_path.append(StandIns())
    os.makedirs(out, exist_ok=True)
    for case in CASES:
        if not wanted or case["name"] in wanted:
            make(case, out)


if __name__ == "__main__":
    main()
