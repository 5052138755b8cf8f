// Puts a trained run beside the page: `npm run ship -- RUN NAME`. Averaged weights, in half precision.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { float32, readSafetensors, type SafeTensor, toFloat16, writeSafetensors } from "@ddpm/weights";

const [run, name] = process.argv.slice(2);
if (!run || !name) throw new Error("Give the folder of a run and a name.");

const latest = readFileSync(join(run, "checkpoints", "latest"), "utf8").trim();
const file = join(run, "checkpoints", latest, "ema.safetensors");
const { tensors } = readSafetensors(readFileSync(file), { file });
const half = Object.fromEntries(
  Object.entries(tensors).map(([path, tensor]): [string, SafeTensor] => [
    path,
    { dtype: "F16", shape: tensor.shape, data: toFloat16(float32(tensor)) },
  ]),
);
const models = new URL("../src/model/", import.meta.url);
writeFileSync(
  new URL(`${name}.safetensors`, models),
  writeSafetensors(half, { images: String(Number(latest)) }),
);
writeFileSync(new URL(`${name}.config.json`, models), readFileSync(join(run, "config.json")));
