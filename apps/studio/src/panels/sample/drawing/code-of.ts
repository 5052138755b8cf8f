import type { RunConfig } from "@ddpm/runs";
import { rangeOf } from "../../../model/configuration/image-settings.ts";
import type { SampleSettings } from "../settings.ts";
import { labelOf } from "./request.ts";

/** What a task's code imports, prepares, and passes to the sampling loop. */
interface Part {
  readonly core?: readonly string[];
  readonly diffusion?: readonly string[];
  /** Before the sampling loop. */
  readonly before: string;
  /** Options of the sampling loop in place of the usual ones. */
  readonly loop: string;
}

/**
 * The same pictures with the packages; weights and network come from the run's folder, pictures from wherever they are.
 *
 * @param classes number of classes that the network takes
 */
export function codeOf(
  settings: SampleSettings,
  classes: number,
  data: Pick<RunConfig["data"], "range"> = { range: "symmetric" },
): string {
  const { min, max } = rangeOf(data);
  const clip = min === -1 ? '"clip"' : `{ name: "clip", min: ${min}, max: ${max} }`;
  const { spacing, steps, seed, task } = settings;
  const { core = [], diffusion = [], before, loop } = partOf(settings);
  const guided = guidedCode(settings, classes);
  const clipped = task !== "mix";
  const names = [
    ...["denoiseWith", "lastOf", "samplingLoop"],
    ...(clipped ? ["wrappers"] : []),
    ...(guided ? ["classifierFree"] : []),
    ...diffusion,
  ].sort();
  const tensors = guided || task !== "noise";
  return `import { ${["random", ...core].sort().join(", ")} } from "@ddpm/core";
import { ${names.join(", ")} } from "@ddpm/diffusion";
import { spacings } from "@ddpm/schedules";
${settings.prompt === "" ? "" : 'import { tokenRows } from "@ddpm/text";\n'}${tensors ? 'import * as tf from "@tensorflow/tfjs-core";\n' : ""}
// denoiser, params, parameterization, schedule and [height, width, channels]: those of the run.
const network = { denoiser, params, parameterization, schedule };
const shape = [${countOf(settings)}, height, width, channels];
${guided || "const plain = denoiseWith(network);\n"}const denoise = ${clipped ? `wrappers.create(${clip})(plain)` : "plain"};
const down = spacings.create(${JSON.stringify(spacing)}).times(${steps}, schedule);
const from = random(${seed}).fork("sample");
${before}const images = await lastOf(
  samplingLoop({ denoise, schedule, shape, random: from, ${loop} }),
);
`;
}

function countOf({ task, stages, count }: SampleSettings): number {
  return task === "mix" ? stages : count;
}

function guidedCode(settings: SampleSettings, classes: number): string {
  const label = labelOf(settings, classes);
  if (settings.prompt !== "") return promptCode(settings);
  if (classes === 0 || label === "none") return "";
  const labels = Array.from({ length: countOf(settings) }, (_, k) =>
    label === "turns" ? k % classes : label,
  );
  return `const labels = tf.tensor1d(${JSON.stringify(labels)}, "int32");
const plain = classifierFree({
  conditional: denoiseWith({ ...network, condition: { labels } }),
  unconditional: denoiseWith(network),
  scale: ${settings.guidance},
});
`;
}

function promptCode(settings: SampleSettings): string {
  const texts = `new Array(${countOf(settings)}).fill(${JSON.stringify(settings.prompt)})`;
  return `// tokenizer: that of the run.
const rows = tokenRows(tokenizer, ${texts});
const tokens = tf.tensor2d(rows.ids, rows.shape, "int32");
const plain = classifierFree({
  conditional: denoiseWith({ ...network, condition: { tokens } }),
  unconditional: denoiseWith(network),
  scale: ${settings.guidance},
});
`;
}

function samplerOf({ samplers: [first] }: SampleSettings): string {
  return `sampler: samplers.create(${JSON.stringify({ name: first!.name, ...first!.options })})`;
}

/** A picture several times. */
const COPIES = `// picture: a Float32Array of height · width · channels numbers in [−1, 1].
const x0 = tf.tile(tf.tensor4d(picture, [1, ...shape.slice(1)]), [shape[0], 1, 1, 1]);
`;

function partOf(settings: SampleSettings): Part {
  const { task, between } = settings;
  const sampler = samplerOf(settings);
  if (task === "edit") {
    const gone = Math.max(1, Math.round(settings.steps * settings.strength));
    return {
      core: ["momentAt"],
      diffusion: ["samplers", "startFrom"],
      before: `${COPIES}const times = down.slice(-${gone + 1});
const start = startFrom(x0, momentAt(schedule, times[0]), { random: from, first: 0, shape });
`,
      loop: `${sampler}, times, start`,
    };
  }
  if (task === "paint") {
    return {
      diffusion: ["repaint", "repaintTimes"],
      before: `${COPIES}// keep: a Float32Array of height · width numbers, 1 where the picture stays and 0 where it is painted.
const mask = tf.tensor4d(keep, [1, height, width, 1]);
const times = repaintTimes(down, ${settings.jump}, ${settings.repeats});
`,
      loop: "sampler: repaint({ image: x0, mask }), times",
    };
  }
  if (task === "noise") return { diffusion: ["samplers"], before: "", loop: `${sampler}, times: down` };
  const ends = between === "seeds" ? seedEnds(settings) : pictureEnds(sampler);
  return {
    diffusion: ["samplers", "slerp", ...(between === "seeds" ? ["initialNoise"] : [])],
    before: `${ends}const start = tf.concat(
  Array.from({ length: shape[0] }, (_, stage) => slerp(a, b, stage / (shape[0] - 1))),
);
`,
    loop: `${sampler}, times: down, start`,
  };
}

function seedEnds({ seed, seed2 }: SampleSettings): string {
  return `const { alpha, sigma } = schedule.at(down[0]);
const [a, b] = [${seed}, ${seed2}].map((seed) =>
  tf.mul(
    initialNoise({ random: random(seed).fork("sample"), first: 0, shape: [1, height, width, channels] }),
    Math.hypot(alpha, sigma),
  ),
);
`;
}

function pictureEnds(sampler: string): string {
  return `// pictures: two Float32Arrays of height · width · channels numbers in [−1, 1].
const first = schedule.steps ? 1 / schedule.steps : 1e-3;
const up = Float64Array.from([first, ...down.filter((t) => t > first).reverse()]);
const two = [2, height, width, channels];
const noise = await lastOf(
  samplingLoop({
    ...{ denoise, schedule, shape: two, random: from, ${sampler} },
    times: up,
    start: tf.concat(pictures.map((one) => tf.tensor4d(one, [1, ...two.slice(1)]))),
  }),
);
const [a, b] = tf.split(noise, 2);
`;
}
