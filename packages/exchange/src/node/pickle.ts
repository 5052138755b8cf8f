import { basename } from "node:path";
import { fail } from "@ddpm/core";

/** Endings of PyTorch's pickles. */
const PICKLES = /\.(pt|pth|bin|ckpt|pkl)$/;

/**
 * Whether a file is a pickle, by its name or by its bytes.
 *
 * @param start its first bytes
 * @param last  its last byte
 */
export function isPickle(path: string, start: Uint8Array, last: Uint8Array): boolean {
  const zipped = start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4;
  const pickled = start[0] === 0x80 && start[1] !== undefined && start[1] <= 5 && last[0] === 0x2e;
  return PICKLES.test(path) || zipped || pickled;
}

/** @throws DdpmError always, with the lines that convert it */
export function refusePickle(path: string): never {
  const name = basename(path);
  const target = `${name.replace(PICKLES, "")}.safetensors`;
  fail(
    "exchange/weights-file",
    `${path} is a pickle, which runs whatever program is in it when it is opened; expected safetensors.`,
    [
      "Convert it in Python:",
      "  import torch; from safetensors.torch import save_file",
      `  weights = torch.load("${name}", map_location="cpu", weights_only=True)`,
      `  save_file({name: value.contiguous() for name, value in weights.items()}, "${target}")`,
    ].join("\n"),
  );
}
