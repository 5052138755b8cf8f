"""Activations of pytorch-fid's own network at a sixteenth of its width, for reduced.json.

    python make-golden.py > reduced.json      (torch, torchvision, pytorch-fid 0.3)

Weights and pictures come from a formula (`unit` below), so that only shapes and outputs are stored.
"""

import json
import sys

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torchvision.models import inception as tv

import pytorch_fid.inception as fid

DIVISOR = 16
CLASSES = 16
Full = tv.BasicConv2d


def narrow(inputs, outputs, **options):
    return Full(inputs if inputs == 3 else inputs // DIVISOR, outputs // DIVISOR, **options)


def unit(p, count):
    """In [-1, 1): a hash of parameter number and place."""
    mask = np.uint64(0xFFFFFFFF)
    h = (np.arange(count, dtype=np.uint64) * 2654435761 + (p + 1) * 2246822519) & mask
    h ^= h >> np.uint64(15)
    h = (h * 2246822519) & mask
    h ^= h >> np.uint64(13)
    h = (h * 3266489917) & mask
    h ^= h >> np.uint64(16)
    return h.astype(np.float64) / 2**31 - 1


def filled(p, name, shape):
    u = unit(p, int(np.prod(shape)))
    if name.endswith("running_var"):
        values = 1 + 0.5 * u
    elif name.endswith("bn.weight"):
        values = 1 + 0.1 * u
    elif len(shape) == 1:
        values = 0.1 * u
    else:
        values = u * np.sqrt(6 / np.prod(shape[1:]))
    return torch.tensor(values.reshape(shape), dtype=torch.float32)


def build(narrowed):
    """pytorch-fid's network without its download, and its state dict."""
    tv.BasicConv2d = narrow if narrowed else Full
    tv.Inception3.load_state_dict = lambda self, state: None
    fid.load_state_dict_from_url = lambda *_, **__: {}
    network = fid.fid_inception_v3()
    if narrowed:
        network.fc = torch.nn.Linear(2048 // DIVISOR, CLASSES)
    entries = {name: value for name, value in network.state_dict().items() if not name.endswith("tracked")}
    return network, entries


def points(x):
    """Every 37th row and 41st column of a batch [B, C, 299, 299]."""
    return {"rows": 37, "columns": 41, "data": flat(x[:, :, ::37, ::41])}


def flat(x):
    return [float(np.float32(v)) for v in x.detach().reshape(-1).tolist()]


def bytes_of(p, shape):
    return torch.tensor(np.round(127.5 + 127.5 * unit(p, int(np.prod(shape)))).reshape(shape), dtype=torch.float32)


_, full = build(narrowed=False)
network, entries = build(narrowed=True)
with torch.no_grad():
    for p, (name, value) in enumerate(entries.items()):
        value.copy_(filled(p, name, tuple(value.shape)))

fid.fid_inception_v3 = lambda: network
model = fid.InceptionV3([0, 1, 2, 3]).eval()
images = bytes_of(5000, (2, 3, 20, 24))
with torch.no_grad():
    outputs = model(images / 255)
    pooled = [F.adaptive_avg_pool2d(y, (1, 1)).flatten(1) for y in outputs]
    logits = network.fc(pooled[-1])

resizing = []
for p, shape in [(6000, (1, 3, 7, 5)), (6001, (1, 3, 700, 6))]:
    x = bytes_of(p, shape)
    bilinear = 2 * F.interpolate(x / 255, size=(299, 299), mode="bilinear", align_corners=False) - 1
    bicubic = F.interpolate(x, size=(299, 299), mode="bicubic", align_corners=False, antialias=True)
    resizing.append(
        {
            "p": p,
            "shape": shape,
            "pytorch-fid": points(bilinear),
            "clean-fid": points((bicubic.clamp(0, 255) - 128) / 128),
        }
    )

json.dump(
    {
        "made": f"torch {torch.__version__}, torchvision {torchvision.__version__}, pytorch-fid",
        "entries": [[name, list(value.shape)] for name, value in entries.items()],
        "fullParameters": sum(value.numel() for value in full.values()),
        "images": {"p": 5000, "shape": list(images.shape)},
        "outputs": {
            **{width: flat(y) for width, y in zip(["64", "192", "768", "2048"], pooled)},
            "logits": flat(logits),
        },
        "resizing": resizing,
    },
    sys.stdout,
)
