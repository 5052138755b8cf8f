/**
 * Runs the same U-Net on several engines, interleaved, and prints a table or JSON.
 *
 * Usage: pnpm bench [--engines pytorch,onnx,…] [--sizes small,large] [--work train,sample] [--threads 2] [--rounds 3]
 *                   [--steps 8] [--json]
 */
import { parseArgs } from "node:util";
import { ENGINES, type Engine, type Measurement, type Work } from "./engines.ts";
import { SIZES } from "./model.ts";

const { values: options } = parseArgs({
  options: {
    engines: { type: "string", default: "pytorch,onnx,onnx-recorded" },
    sizes: { type: "string", default: "small" },
    work: { type: "string", default: "train,sample" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    steps: { type: "string", default: "8" },
    json: { type: "boolean", default: false },
  },
});

/** Steps before the clock counts: compilation, the second recording, warm caches. */
const WARMUP = 3;

interface Row {
  readonly model: string;
  readonly work: string;
  readonly engine: string;
  readonly threads: number;
  readonly milliseconds: { readonly median: number; readonly min: number; readonly max: number };
  readonly cpuMilliseconds: { readonly median: number; readonly min: number; readonly max: number };
  readonly ratioToPyTorch: number | null;
  /** The same for the processor time of the process, which a busy machine disturbs less. */
  readonly cpuRatioToPyTorch: number | null;
  readonly peakMegabytes: number;
  readonly firstStepMilliseconds: number;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

const spread = (values: readonly number[]): Row["milliseconds"] => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

function measure(work: Work, engines: readonly Engine[], rounds: number): Row[] {
  const runs = new Map<string, Measurement[]>();
  for (let round = 0; round < rounds; round++) {
    for (const engine of engines) {
      const run = engine.measure(work);
      if (run) runs.set(engine.name, [...(runs.get(engine.name) ?? []), run]);
    }
  }
  const all = (name: string, key: "times" | "cpuTimes"): number[] =>
    (runs.get(name) ?? []).flatMap((run) => run[key].slice(WARMUP));
  const ratio = (name: string, key: "times" | "cpuTimes"): number | null =>
    runs.has("pytorch") ? median(all(name, key)) / median(all("pytorch", key)) : null;
  return [...runs].map(([engine, measured]) => ({
    model: work.size.name,
    work: work.work,
    engine,
    threads: work.threads,
    milliseconds: spread(all(engine, "times")),
    cpuMilliseconds: spread(all(engine, "cpuTimes")),
    ratioToPyTorch: ratio(engine, "times"),
    cpuRatioToPyTorch: ratio(engine, "cpuTimes"),
    peakMegabytes: Math.max(...measured.map((run) => run.peakMegabytes)),
    firstStepMilliseconds: median(measured.map((run) => run.times[0]!)),
  }));
}

const engines = ENGINES.filter(({ name }) => options.engines.split(",").includes(name));
const rows: Row[] = [];
for (const sizeName of options.sizes.split(",")) {
  const size = SIZES[sizeName];
  if (!size)
    throw new Error(`no size ${JSON.stringify(sizeName)}; there are ${Object.keys(SIZES).join(", ")}`);
  for (const work of options.work.split(",")) {
    const asked: Work = {
      work: work as Work["work"],
      size,
      threads: Number(options.threads),
      warmup: WARMUP,
      steps: Number(options.steps),
    };
    rows.push(...measure(asked, engines, Number(options.rounds)));
  }
}

if (options.json) console.log(JSON.stringify(rows, null, 2));
else {
  console.log(
    "model  work    engine          ms/step (min-max)         x PyTorch  x its cpu time  peak MB  first step ms",
  );
  for (const row of rows) {
    const { median: middle, min, max } = row.milliseconds;
    const number = (value: number | null): string => (value === null ? "-" : value.toFixed(2));
    console.log(
      [
        row.model.padEnd(6),
        row.work.padEnd(7),
        row.engine.padEnd(15),
        `${middle.toFixed(0)} (${min.toFixed(0)}-${max.toFixed(0)})`.padEnd(25),
        number(row.ratioToPyTorch).padEnd(10),
        number(row.cpuRatioToPyTorch).padEnd(15),
        row.peakMegabytes.toFixed(0).padEnd(8),
        row.firstStepMilliseconds.toFixed(0),
      ].join(" "),
    );
  }
}
