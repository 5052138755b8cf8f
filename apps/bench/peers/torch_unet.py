"""The benchmark's U-Net in PyTorch: same architecture, same weights, same numbers as apps/bench/src/model.ts.

Usage: python torch_unet.py WORK SIZE-JSON THREADS WARMUP STEPS      (WORK: train or sample)
Prints one JSON object.
"""

import json
import math
import resource
import sys
import time

import torch
import torch.nn.functional as F

GROUPS = 8


def numbers(count, seed):
    values = torch.empty(count)
    state = (seed * 2654435761) & 0xFFFFFFFF or 1
    out = []
    for _ in range(count):
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        out.append(state / 2147483648 - 1)
    values.copy_(torch.tensor(out))
    return values


class Weights:
    """Creates weights in the order in which the model asks for them; shapes are those of TensorFlow.js."""

    def __init__(self):
        self.params = {}
        self.seed = 1

    def __call__(self, name, *shape):
        if name not in self.params:
            fan = math.prod(shape[:-1])
            bound = 0 if len(shape) == 1 else 1 / math.sqrt(fan)
            values = numbers(math.prod(shape), self.seed).reshape(shape)
            self.seed += 1
            values = torch.ones(shape) if name.endswith(".g") else values * bound
            if len(shape) == 4:
                values = values.permute(3, 2, 0, 1).contiguous()
            self.params[name] = values.requires_grad_()
        return self.params[name]


def unet(weight, size, x, t):
    base, multipliers, blocks = size["base"], size["multipliers"], size["blocks"]
    width = 4 * base

    def dense(name, h, out):
        return h @ weight(f"{name}.w", h.shape[1], out) + weight(f"{name}.b", out)

    def conv(name, h, out, k=3):
        w = weight(f"{name}.w", k, k, h.shape[1], out)
        return F.conv2d(h, w, weight(f"{name}.b", out), padding=k // 2)

    def norm(name, h, activation=True):
        c = h.shape[1]
        y = F.group_norm(h, GROUPS, weight(f"{name}.g", c), weight(f"{name}.b", c), 1e-5)
        return F.silu(y) if activation else y

    def block(name, h, out):
        y = conv(f"{name}.conv0", norm(f"{name}.norm0", h), out)
        shift = embedding @ weight(f"{name}.time.w", width, out) + weight(f"{name}.time.b", out)
        y = y + shift[:, :, None, None]
        y = conv(f"{name}.conv1", norm(f"{name}.norm1", y), out)
        skip = h if h.shape[1] == out else conv(f"{name}.skip", h, out, 1)
        return y + skip

    half = base // 2
    rates = torch.exp(-math.log(10000) * torch.arange(half) / half)
    angles = t[:, None] * rates[None]
    embedding = F.silu(dense("time.0", torch.cat([angles.sin(), angles.cos()], 1), width))
    embedding = F.silu(dense("time.1", embedding, width))

    h = conv("in", x, base)
    skips = []
    for level, multiplier in enumerate(multipliers):
        for i in range(blocks):
            h = block(f"down{level}.{i}", h, base * multiplier)
            skips.append(h)
        if level < len(multipliers) - 1:
            h = F.avg_pool2d(h, 2)
    deepest = base * multipliers[-1]
    h = block("middle.0", h, deepest)
    b, c, hh, ww = h.shape
    n = norm("attention.norm", h, False)
    q, k, v = (conv(f"attention.{p}", n, c, 1).reshape(b, c, hh * ww).transpose(1, 2) for p in "qkv")
    mixed = torch.softmax(q @ k.transpose(1, 2) * c**-0.5, -1) @ v
    h = h + conv("attention.out", mixed.transpose(1, 2).reshape(b, c, hh, ww), c, 1)
    h = block("middle.1", h, deepest)
    for level in reversed(range(len(multipliers))):
        for i in range(blocks):
            h = block(f"up{level}.{i}", torch.cat([h, skips.pop()], 1), base * multipliers[level])
        if level > 0:
            h = F.interpolate(h, scale_factor=2, mode="nearest")
            h = conv(f"up{level}.conv", h, base * multipliers[level])
    return conv("out", norm("out.norm", h), 3)


def main():
    work, size, threads, warmup, steps = sys.argv[1], json.loads(sys.argv[2]), *map(int, sys.argv[3:6])
    torch.set_num_threads(threads)
    weights = Weights()
    pixels = size["pixels"]
    with torch.no_grad():
        unet(weights, size, torch.zeros(1, 3, pixels, pixels), torch.zeros(1))
    batch = size["trainBatch"] if work == "train" else size["sampleBatch"]
    shape = (batch, pixels, pixels, 3)
    x = numbers(math.prod(shape), 1001).reshape(shape).permute(0, 3, 1, 2).contiguous()
    noise = numbers(math.prod(shape), 1002).reshape(shape).permute(0, 3, 1, 2).contiguous()
    t = torch.arange(batch, dtype=torch.float32)
    adam = torch.optim.Adam(weights.params.values(), lr=1e-3)
    times, cpu_times, losses = [], [], []
    for _ in range(warmup + steps):
        start = time.perf_counter()
        cpu_start = time.process_time()
        if work == "train":
            adam.zero_grad()
            loss = F.mse_loss(unet(weights, size, x, t), noise)
            loss.backward()
            adam.step()
            losses.append(loss.item())
        else:
            with torch.no_grad():
                losses.append(unet(weights, size, x, t).square().sum().item())
        times.append(1000 * (time.perf_counter() - start))
        cpu_times.append(1000 * (time.process_time() - cpu_start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parameters = sum(p.numel() for p in weights.params.values())
    print(json.dumps({"times": times, "cpuTimes": cpu_times, "values": losses, "peakMegabytes": peak, "parameters": parameters,
                      "version": f"torch {torch.__version__}"}))


main()
