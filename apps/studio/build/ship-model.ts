// Ships a trained run with the page: `npm run ship -- RUN NAME`. Averaged weights, in half precision, packed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { float32, readSafetensors, type SafeTensor, writeSafetensors } from "@ddpm/weights";
import { toFloat16 } from "@ddpm/weights/authoring";
import { split } from "../src/model/shipped/halves.ts";

const [run, name] = process.argv.slice(2);
if (!run || !name) throw new Error("Give the folder of a run and a name.");

const latest = join(run, "checkpoints", readFileSync(join(run, "checkpoints", "latest"), "utf8").trim());
const file = join(latest, "ema.safetensors");
const { tensors, metadata } = readSafetensors(readFileSync(file), { file });
const { meta } = JSON.parse(readFileSync(join(latest, "state.json"), "utf8")) as {
  meta: { shape: readonly [height: number, width: number, channels: number] };
};
const half = Object.fromEntries(
  Object.entries(tensors).map(([path, tensor]): [string, SafeTensor] => [
    path,
    { dtype: "F16", shape: tensor.shape, data: toFloat16(float32(tensor)) },
  ]),
);
const config = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
// Where the images lay on the machine that trained is nothing to ship; their size is.
const shipped = { ...config, data: { ...config.data, source: name, size: meta.shape[0] } };
const models = new URL("../src/model/shipped/", import.meta.url);
const bytes = writeSafetensors(half, { images: metadata.images ?? "" });
writeFileSync(new URL(`${name}.weights`, models), gzipSync(split(bytes), { level: 9 }));
writeFileSync(new URL(`${name}.config.json`, models), `${JSON.stringify(shipped, null, 2)}\n`);
