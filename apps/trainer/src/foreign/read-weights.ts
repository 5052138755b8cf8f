import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fail } from "@ddpm/core";
import { readSafetensors, type SafeTensor } from "@ddpm/weights";

/** Endings that PyTorch's pickles go by. */
const PICKLES = /\.(pt|pth|bin|ckpt|pkl)$/;

/**
 * Reads the tensors of a safetensors file.
 *
 * @throws DdpmError for a file that is missing or damaged, and for a pickle, with its conversion
 */
export async function readWeights(path: string): Promise<Readonly<Record<string, SafeTensor>>> {
  const bytes = await readFile(path).catch((cause: Error) =>
    fail("import", `cannot read ${path}: ${cause.message}.`, undefined, { cause }),
  );
  const zipped = bytes.subarray(0, 4).equals(Uint8Array.of(0x50, 0x4b, 3, 4));
  const pickled = bytes[0] === 0x80 && bytes[1] !== undefined && bytes[1] <= 5 && bytes.at(-1) === 0x2e;
  if (PICKLES.test(path) || zipped || pickled) refusePickle(path);
  return readSafetensors(bytes, { file: path }).tensors;
}

function refusePickle(path: string): never {
  const name = basename(path);
  const target = `${name.replace(PICKLES, "")}.safetensors`;
  fail(
    "import",
    `${path} is a pickle, which runs whatever program is in it when it is opened; expected safetensors.`,
    [
      "Convert it in Python:",
      "  import torch; from safetensors.torch import save_file",
      `  weights = torch.load("${name}", map_location="cpu", weights_only=True)`,
      `  save_file({name: value.contiguous() for name, value in weights.items()}, "${target}")`,
    ].join("\n"),
  );
}
