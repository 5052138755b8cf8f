import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Consumer, check } from "./consumer.ts";

/** Megabytes (10⁶ bytes) that `npm install` of a package may put on the disk. */
const CEILINGS: Readonly<Record<string, number>> = {
  "@ddpm/schedules": 2,
  "@ddpm/viz": 5,
  "@ddpm/tfjs-backend-onnx": 100,
  ddpm: 160,
  "@ddpm/cli": 180,
};

/** What an installation weighs. */
export const sizes: Consumer = {
  name: "sizes",
  usual: true,
  async run({ folder, write, run }) {
    const seen: string[] = [];
    for (const [name, ceiling] of Object.entries(CEILINGS)) {
      const below = name.replace("@ddpm/", "");
      write(`${below}/package.json`, '{ "private": true }');
      await run("npm", ["install", "--silent", name], { below });
      const megabytes = bytesBelow(join(folder, below, "node_modules")) / 1e6;
      seen.push(`${name} ${megabytes.toFixed(1)} MB`);
      check(megabytes <= ceiling, `${name} installs ${megabytes.toFixed(1)} MB, at most ${ceiling} expected`);
    }
    return seen.join(", ");
  },
};

function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesBelow(path) : lstatSync(path).size);
  }, 0);
}
