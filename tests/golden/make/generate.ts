import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emaLrFile } from "./ema-lr.ts";
import { fidFile } from "./fid.ts";
import { gaussianFile } from "./gaussian.ts";
import { samplersFile } from "./samplers.ts";
import { schedulesFile } from "./schedules.ts";

/** Writes the generated set into a folder, for `DDPM_GOLDEN`. */
const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("Usage: npx tsx tests/golden/make/generate.ts FOLDER");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const files = {
  schedules: schedulesFile(),
  samplers: samplersFile(),
  gaussian: gaussianFile(),
  ema_lr: emaLrFile(),
  fid: fidFile(),
};
for (const [name, file] of Object.entries(files))
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(file));
