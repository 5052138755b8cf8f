/**
 * Runs the same U-Net on several engines, interleaved, and prints a table or JSON.
 *
 * Usage: pnpm bench [--engines pytorch,onnx,…] [--sizes small,large] [--work train,sample] [--threads 2] [--rounds 3]
 *                   [--warmup 3] [--steps 8] [--batch N] [--dry] [--json]
 */
import { parseArgs } from "node:util";
import { median } from "@ddpm/core/authoring";
import type { Dispatches } from "./dispatches.ts";
import { ENGINES, type Engine, type Measurement, type Work } from "./engines.ts";
import { SIZES } from "./model.ts";

const { values: options } = parseArgs({
  options: {
    engines: { type: "string", default: "pytorch,onnx,onnx-recorded" },
    sizes: { type: "string", default: "small" },
    work: { type: "string", default: "train,sample" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    /** Steps before the clock counts: compilation, the second recording, warm caches. */
    warmup: { type: "string", default: "3" },
    steps: { type: "string", default: "8" },
    batch: { type: "string" },
    dry: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

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
  /** What one step asks of the graphics device, where there is one. */
  readonly device?: Dispatches & { readonly adapter: string };
}

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
    (runs.get(name) ?? []).flatMap((run) => run[key].slice(work.warmup));
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
    ...deviceOf(measured[0]!),
  }));
}

function deviceOf({ adapter, dispatches, copies, submissions, byKernel }: Measurement): Pick<Row, "device"> {
  if (adapter === undefined) return {};
  return {
    device: {
      adapter,
      dispatches: dispatches!,
      copies: copies!,
      submissions: submissions!,
      byKernel: byKernel!,
    },
  };
}

/** Dispatches and milliseconds of a step, and how many times fewer than with the stock kernels. */
function deviceTable(rows: readonly Row[]): string {
  const header =
    "model  work    engine          dispatches  x fewer  copies  submissions  ms/step  x less  adapter";
  const lines = rows.map((row) => {
    const { device, milliseconds } = row;
    const stock = rows.find(({ engine, ...rest }) => engine === "webgpu-stock" && sameWork(rest, row));
    const times = (ours: number, theirs: number | undefined): string =>
      theirs === undefined ? "-" : (theirs / ours).toFixed(2);
    const { dispatches, copies, submissions, adapter } = device!;
    return [
      row.model.padEnd(6),
      row.work.padEnd(7),
      row.engine.padEnd(15),
      `${dispatches}`.padEnd(11),
      times(dispatches, stock?.device?.dispatches).padEnd(8),
      `${copies}`.padEnd(7),
      `${submissions}`.padEnd(12),
      milliseconds.median.toFixed(0).padEnd(8),
      times(milliseconds.median, stock?.milliseconds.median).padEnd(7),
      adapter,
    ].join(" ");
  });
  const kernels = rows.map(({ engine, work, device }) => {
    const most = Object.entries(device!.byKernel).slice(0, 12);
    return `${engine}, ${work}: ${most.map(([name, count]) => `${name} ${count}`).join(", ")}`;
  });
  return [header, ...lines, "", ...kernels].join("\n");
}

const sameWork = (a: Pick<Row, "model" | "work">, b: Pick<Row, "model" | "work">): boolean =>
  a.model === b.model && a.work === b.work;

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
      batch: Number(options.batch ?? (work === "train" ? size.trainBatch : size.sampleBatch)),
      dry: options.dry,
      threads: Number(options.threads),
      warmup: Number(options.warmup),
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
  const onDevice = rows.filter(({ device }) => device);
  if (onDevice.length > 0) console.log(`\n${deviceTable(onDevice)}`);
}
