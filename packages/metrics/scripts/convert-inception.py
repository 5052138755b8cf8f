"""Converts the published Inception weights of FID to safetensors, which @ddpm/metrics reads.

    python convert-inception.py pt_inception-2015-12-05-6726825d.pth inception.safetensors

The file is an asset of the release `fid_weights` of github.com/mseitzer/pytorch-fid. Needs torch and nothing else; the file
is read with `weights_only=True`, so that it can run no code.
"""

import json
import struct
import sys

import torch


def main(source: str, target: str) -> None:
    state = torch.load(source, map_location="cpu", weights_only=True)
    header, chunks, end = {}, [], 0
    for name in sorted(state):
        if name.endswith("num_batches_tracked"):
            continue
        data = state[name].detach().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(state[name].shape), "data_offsets": [end, end + len(data)]}
        chunks.append(data)
        end += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(target, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for chunk in chunks:
            file.write(chunk)
    print(f"{target}: {len(header)} tensors, {end // 4} numbers")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
