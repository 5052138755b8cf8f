import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** A place from which every package of the workspace resolves. */
const app = join(root, "apps", "trainer");
const folder = join(app, "node_modules", ".examples");

const documents = [
  ...["docs/plugins.md", "docs/coming-from-pytorch.md", "docs/guides/coming-from-tensorflow.md"],
  ...["diffusion", "schedules", "sampling"].map((name) => `docs/concepts/${name}.md`),
  ...["docs/guides/schedules-and-samplers.md", "docs/exchange.md", "docs/networks.md"],
];

/** Documents whose programs run elsewhere, and where. */
const elsewhere: Readonly<Record<string, string>> = {
  "docs/programs.md": "below, in a project with photographs",
  "docs/start.md": "the README's program, which tests/packages.test.ts runs on packed packages",
  "docs/guides/browsers.md": "a page like the one that tests/packages.test.ts builds and opens",
  "docs/using-packages.md": "a route of Next.js, which the consumer next of tests/rehearsal builds and asks",
};

test("the programs of every document run here, or it is known where", () => {
  const files = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const withPrograms = files
    .filter(
      (path) => path.endsWith(".md") && /```[jt]sx?\n/.test(readFileSync(join(root, "docs", path), "utf8")),
    )
    .map((path) => `docs/${path}`);
  expect(withPrograms.sort()).toEqual([...documents, ...Object.keys(elsewhere)].sort());
  const [start] = examplesOf("docs/start.md");
  expect(examplesOf("README.md")[0]).toBe(start);
});
const examples = documents.flatMap((document) =>
  examplesOf(document).map((source, i) => ({ document, i, source })),
);

/** The programs of a document, as they stand there. */
function examplesOf(document: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);
}

test("there are examples of a schedule, a sampler and a denoiser", () => {
  expect(examples.filter(({ document }) => document === "docs/plugins.md")).toHaveLength(3);
});

/** Runs programs, one after another, in one process, which loads the packages once; its last output where it fails. */
function runPrograms(program: string, env: NodeJS.ProcessEnv = process.env): string {
  const file = join(folder, "programs.mts");
  writeFileSync(file, program);
  const flags = ["--conditions=@ddpm/source", "--import", "tsx", file];
  const { status, stderr, stdout } = spawnSync(process.execPath, flags, {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

test("each example of the documents is complete and passes its own checks", () => {
  mkdirSync(folder, { recursive: true });
  const files = examples.map(({ document, i, source }) => {
    const file = join(folder, `${document.replaceAll(/\W/g, "-")}-${i}.mts`);
    writeFileSync(file, source);
    return file;
  });
  const output = runPrograms(`
    for (const file of ${JSON.stringify(files)}) {
      console.log("<<< " + file);
      await import(file);
    }
  `);
  const outputs = output.split(/^<<< .*$/m).slice(1);
  expect(outputs).toHaveLength(examples.length);
  for (const [i, text] of outputs.entries()) expect(text.trim(), `${files[i]} prints nothing`).not.toBe("");
});

/** A folder with photographs, one of diffusers, and a run: what a reader of docs/programs.md has. */
const setUp = `
import { mkdirSync, writeFileSync } from "node:fs";
import { random } from "@ddpm/core";
import { exportWeights, families } from "@ddpm/exchange";
import { denoisers } from "@ddpm/unet";
import { parseRun, saveCheckpoint } from "@ddpm/runs";
import { writeRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { writeSafetensors } from "@ddpm/weights";
import { model, png, shapes, train, useBackend } from "ddpm";

export async function setUp() {
  await useBackend("cpu");
  mkdirSync("photographs");
  const set = shapes({ size: 24 });
  for (let k = 0; k < 12; k++) {
    const { pixels } = await set.image(k);
    writeFileSync(\`photographs/\${k}.png\`, png({ data: pixels, width: 24, height: 24, channels: 3 }));
  }
  const config = {
    sample_size: 8, block_out_channels: [8, 8], layers_per_block: 1, norm_num_groups: 4,
    down_block_types: ["DownBlock2D", "DownBlock2D"], up_block_types: ["UpBlock2D", "UpBlock2D"],
  };
  const { spec, names } = families.create({ name: "diffusers", ...config });
  const network = denoisers.create(spec);
  const tensors = await exportWeights(network, names, network.init(random(0)));
  for (const part of ["unet", "scheduler"]) mkdirSync("ddpm-cifar10-32/" + part, { recursive: true });
  const write = (file, content) => writeFileSync("ddpm-cifar10-32/" + file, content);
  write("model_index.json", JSON.stringify({ _class_name: "DDPMPipeline" }));
  write("unet/config.json", JSON.stringify({ _class_name: "UNet2DModel", ...config }));
  write("unet/diffusion_pytorch_model.safetensors", writeSafetensors(tensors));
  write("scheduler/scheduler_config.json", JSON.stringify({ _class_name: "DDPMScheduler" }));
  const run = fsStorage("runs/quickstart");
  const small = { name: "ho", width: 8, multipliers: [1, 2], blocks: 1, attention: [], dropout: 0 };
  await writeRunConfig(run, parseRun({ name: "quickstart", data: { source: "shapes", size: 16 }, denoiser: small, sample: { steps: 3 } }, "set-up"));
  const { state, shape } = await train(model({ denoiser: small }), shapes({ size: 16 }), { until: 8, batch: 4 });
  await saveCheckpoint(run, state, { shape });
}
`;

test("the programs of docs/programs.md run as they stand, and the schedule loads no tensors", () => {
  const programs = examplesOf("docs/programs.md");
  expect(programs).toHaveLength(9);
  mkdirSync(folder, { recursive: true });
  const [alone] = programs.splice(-1);
  const files = [alone!, ...programs].map((source, i) => {
    const file = join(folder, `program-${i}.mts`);
    writeFileSync(file, source);
    return file;
  });
  writeFileSync(join(folder, "set-up.mts"), setUp);
  const program = `
    await import(${JSON.stringify(files[0])});
    if (globalThis._tfengine) throw new Error("a schedule loaded TensorFlow.js");
    const { setUp } = await import("./set-up.mts");
    process.chdir(process.env.PROJECT);
    await setUp();
    for (const file of ${JSON.stringify(files.slice(1))}) await import(file);
  `;
  const project = mkdtempSync(join(tmpdir(), "ddpm-programs-"));
  try {
    runPrograms(program, { ...process.env, PROJECT: project });
    const written = ["photographs.png", "samples.png", "pretrained.png", "models/photographs/checkpoints"];
    expect(written.filter((file) => !existsSync(join(project, file)))).toEqual([]);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
