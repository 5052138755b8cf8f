import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "@ddpm/core";
import { beforeAll, describe, expect, test } from "vitest";
import { ddpm, startDdpm, temporaryFolder } from "./support/command.ts";
import { hashes } from "./support/files.ts";
import { killsWanted, timeFor, untilDone, watched } from "./support/kills.ts";
import { smallRun } from "./support/small-run.ts";

const KILLS = killsWanted(1);

/** A process is killed before it has changed this share of the files that a whole comparison does. */
const FAR = 1 / 3;

const tiny = {
  ...smallRun,
  data: { source: "shapes", size: 16, count: 120 },
  heldOut: { amount: 16, pairs: 8, buckets: 4 },
  train: { images: 32, batch: 8 },
  sample: { steps: 2, count: 4, strip: 2, stages: 2 },
  every: { log: 8, samples: 16, checkpoint: 8, heldOut: 16, keep: 2 },
};

const folder = temporaryFolder();
const config = join(folder, "tiny.json");
const mine = fileURLToPath(new URL("fixtures/cubic.ts", import.meta.url));
const words = (out: string, ...more: readonly string[]): string[] => [
  ...["compare", config, "--vary", `schedule=linear,${mine}`, "--out", join(folder, out)],
  ...["--extractor", "classifier:features=6,width=4,images=128,batch=32", "--count", "16", "--batch", "8"],
  ...["--slices", "2", "--backend", "wasm", "--json", ...more],
];

/** Files and folders that one comparison changes. */
let changes: number;

beforeAll(async () => {
  writeFileSync(config, JSON.stringify(tiny));
  const { count, close } = watchedIn("alone");
  const { code, stderr } = await ddpm(...words("alone"));
  close();
  expect(code, stderr).toBe(0);
  changes = count();
});

test(
  `killed ${KILLS} times at random moments and started again, a comparison ends with every byte of one left alone`,
  async () => {
    const { uniform } = random(7);
    let killed = 0;
    for (let round = 0; killed < KILLS; round++) {
      const out = `killed-${round}`;
      killed += await untilDone(
        () => words(out),
        KILLS - killed,
        (child) => {
          const last = 1 + Math.floor(uniform() * FAR * changes);
          const delay = 15 * uniform();
          const { close } = watchedIn(out, (count) => {
            if (count === last) setTimeout(() => child.kill("SIGKILL"), delay);
          });
          return close;
        },
      );
      expect(all(out)).toEqual(all("alone"));
    }
  },
  timeFor(KILLS),
);

describe("in parts", () => {
  const part = (i: number): string[] => words("parts", "--shard", `${i}/2`, "--slices", "1");

  test(
    "that run at once, one of them killed, and merged, it ends with the same",
    async () => {
      const first = startDdpm(part(1));
      const { close } = watchedIn("parts", (count) => {
        if (count > 0.2 * changes) first.child.kill("SIGKILL");
      });
      const [killed, other] = await Promise.all([first.ended, ddpm(...part(2))]);
      close();
      expect([killed.code, other.code], other.stderr).toEqual([null, 0]);
      expect(other.events.at(-1)).toMatchObject({ event: "shard", waiting: "linear is not trained" });

      for (const last of [part(1), words("parts", "--merge")]) {
        const { code, stderr } = await ddpm(...last);
        expect(code, stderr).toBe(0);
        expect(all("parts")).toEqual(all("alone"));
      }
    },
    timeFor(2),
  );
});

function watchedIn(out: string, onChange?: (count: number) => void): ReturnType<typeof watched> {
  mkdirSync(join(folder, out), { recursive: true });
  return watched(join(folder, out), onChange);
}

/** Everything in a comparison's folder, but for what a killed process left of a file under a name of its own. */
function all(out: string): Record<string, string> {
  const files = Object.entries(hashes(join(folder, out)));
  return Object.fromEntries(files.filter(([name]) => !/^\.metrics\/\..*\.unfinished$/.test(name)));
}
