import { execFileSync, spawnSync } from "node:child_process";
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
import { publint } from "publint";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPage, CHROMIUM, shownImage } from "./vite-page.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");
const names = readdirSync(join(root, "packages"));
const consumer = mkdtempSync(join(tmpdir(), "ddpm-consumer-"));
const tarballs = join(consumer, "tarballs");
/** As npm calls it: the scope without its @, and a dash. */
const tarballOf = (folder: string): string => {
  const { name, version } = manifestOf(folder);
  return join(tarballs, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
};
const manifestOf = (name: string): { name: string; version: string; exports: Record<string, unknown> } =>
  JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));

/** The version of a dependency in the catalog. */
const versionOf = (dependency: string): string =>
  new RegExp(`^  "?${dependency}"?: (\\S+)$`, "m").exec(
    readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"),
  )![1]!;

const lossesIn = (printed: string): number[] =>
  [...printed.matchAll(/loss ([\d.]+)/g)].map(([, loss]) => Number(loss));

/** What READMEs say of the examples that train: what is printed and written. */
const expectations: Record<string, (printed: string) => void> = {
  ddpm() {
    expect(readFileSync(join(consumer, "shapes.png")).subarray(1, 4).toString()).toBe("PNG");
  },
  runs(printed) {
    const losses = lossesIn(printed);
    expect(losses).toHaveLength(4);
    expect(losses[3]).toBeLessThan(losses[0]! / 2);
    const checkpoints = readdirSync(join(consumer, "runs/circle/checkpoints"));
    expect(checkpoints).toEqual(["000000004800", "000000006400", "latest"]);
  },
  trainer(printed) {
    const losses = lossesIn(printed);
    expect(losses).toHaveLength(6);
    expect(losses[0]).toBeCloseTo(0.64, 1);
    for (const loss of losses.slice(1)) expect(loss).toBeLessThan(0.25);
  },
};

function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}\n${stderr}`);
  }
}

/** The first block of code of a README: the example that a reader would copy. */
function exampleOf(readme: string): string | undefined {
  return /```[tj]s\n([\s\S]*?)```/.exec(readFileSync(readme, "utf8"))?.[1];
}

/** The example of `ddpm` trains until shapes are seen; here for a thirtieth of that, and samples in a quarter of its steps. */
function shortened(name: string, example: string): string {
  if (name !== "ddpm") return example;
  return replaceAll(example, [
    ["until: 9_600", "until: 320"],
    ["steps: 20", "steps: 5"],
  ]);
}

/** Replaces each text or pattern, which has to be there. */
function replaceAll(program: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((before, [from, to]) => {
    const changed = before.replace(from, to);
    expect(changed, `the program has no ${from}`).not.toBe(before);
    return changed;
  }, program);
}

/** Runs an example as a reader of Node 20 would: compiled, in the project that installed the packages. */
function runExample(name: string, source: string): string {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(source, { compilerOptions: options });
  writeFileSync(join(consumer, `${name}.mjs`), outputText);
  return run(process.execPath, [`${name}.mjs`], consumer);
}

/** Packs every package as the release does: built once (turbo keeps what is built), then by pnpm, which resolves `workspace:` and `catalog:`. */
function packAll(): void {
  run(join(bin, "turbo"), ["run", "build", "--filter=./packages/*", "--output-logs=errors-only"], root);
  const words = ["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", tarballs];
  run(join(bin, "pnpm"), words, root);
}

/** Installs the packages by pnpm, which lets a package see only what its manifest names. */
function installAll(): void {
  const packages = Object.fromEntries(
    names.map((name) => [manifestOf(name).name, `file:${tarballOf(name)}`]),
  );
  const others = [
    "@tensorflow/tfjs-backend-cpu",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-core",
    "@types/node",
    "echarts",
    "onnxruntime-node",
    "onnxruntime-web",
    "sharp",
    "zod",
  ];
  const dependencies = { ...packages, ...Object.fromEntries(others.map((name) => [name, versionOf(name)])) };
  const manifest = { name: "consumer", private: true, type: "module", dependencies };
  writeFileSync(join(consumer, "package.json"), JSON.stringify(manifest));
  const overrides = Object.entries(packages).map(([name, file]) => `  "${name}": "${file}"`);
  writeFileSync(
    join(consumer, "pnpm-workspace.yaml"),
    `overrides:\n${overrides.join("\n")}\nautoInstallPeers: false\nignoreScripts: true\npmOnFail: ignore\n`,
  );
  run(join(bin, "pnpm"), ["install", "--prefer-offline", "--reporter=append-only"], consumer);
}

beforeAll(() => {
  mkdirSync(tarballs);
  packAll();
  installAll();
}, 600_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }), 120_000);

describe.each(names)("@ddpm/%s, packed and installed elsewhere", (name) => {
  test("passes publint, strictly", async () => {
    const tarball = new Uint8Array(readFileSync(tarballOf(name))).buffer;
    const { messages } = await publint({ pack: { tarball }, strict: true });
    expect(messages).toEqual([]);
  });

  test("carries its licence, and no sources that nothing names", () => {
    const files = run("tar", ["tzf", tarballOf(name)], root).split("\n");
    expect(files).toContain("package/LICENSE");
    expect(files).toContain("package/README.md");
    expect(files.filter((file) => file.startsWith("package/src/"))).toEqual([]);
  });

  test("runs the example of its README, which does what the README says", () => {
    const readme = join(root, "packages", name, "README.md");
    const example = existsSync(readme) ? exampleOf(readme) : undefined;
    expect(example, `packages/${name}/README.md has no example`).toBeDefined();
    const printed = runExample(`example-${name}`, shortened(name, example!));
    expectations[name]?.(printed);
  });
});

test("@ddpm/data starts its worker threads from the packed files", () => {
  const source = `
    import { writeFileSync } from "node:fs";
    import { imageStream } from "@ddpm/data";
    import { dataWorkers, openDataset } from "@ddpm/data/node";
    import sharp from "sharp";
    writeFileSync("dot.png", await sharp({ create: { width: 4, height: 4, channels: 3, background: "red" } }).png().toBuffer());
    const workers = dataWorkers({ count: 2 });
    const set = await openDataset(".", { format: "images", size: 2, workers, labels: false });
    const { data } = await imageStream(set, { seed: 0, workers }).read(0, 1);
    console.log(JSON.stringify(Array.from(data.slice(0, 3))));
  `;
  mkdirSync(join(consumer, "pictures"));
  writeFileSync(join(consumer, "pictures", "threads.mjs"), source);
  expect(run(process.execPath, ["threads.mjs"], join(consumer, "pictures")).trim()).toBe("[1,-1,-1]");
});

test("the README's program is that of the package ddpm, which ran above", () => {
  expect(exampleOf(join(root, "README.md"))).toBe(exampleOf(join(root, "packages", "ddpm", "README.md")));
});

/** The README's program for a page: it shows its picture where Node writes a file, and trains for moments. */
function programOfPage(): string {
  return replaceAll(exampleOf(join(root, "README.md"))!, [
    ['import { writeFileSync } from "node:fs";\n', ""],
    ["until: 9_600", "until: 32"],
    ["count: 16, steps: 20", "count: 4, steps: 2"],
    [
      /writeFileSync\("shapes.png", (.*)\);/,
      'const picture = new Image();\npicture.src = URL.createObjectURL(new Blob([$1 as BlobPart], { type: "image/png" }));\ndocument.body.append(picture);',
    ],
  ]);
}

const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser) console.warn(`no test of a page: there is no ${CHROMIUM}; install chromium or set CHROMIUM`);

test.runIf(hasBrowser)("the README's program trains and draws in a page that Vite builds", async () => {
  const page = join(consumer, "page");
  await buildPage(page, programOfPage());
  const { width, height, values } = await shownImage(page, 120_000);
  // Two by two pictures of 16 pixels, four times enlarged, with margins between them.
  expect(width).toBeGreaterThan(2 * 4 * 16);
  expect(height).toBe(width);
  expect(values).toBeGreaterThan(20);
});

/** TypeScript 5 is what most users still have; 7 also checks the declarations themselves, ours and those of others. */
test.each([
  ["bundler", "esnext", "typescript", ["--skipLibCheck"]],
  ["nodenext", "nodenext", "typescript-native", []],
])("all entries type-check under moduleResolution %s", (resolution, module, compiler, more) => {
  const entries = names.flatMap((name) =>
    Object.keys(manifestOf(name).exports)
      .filter((entry) => entry !== "./package.json")
      .map((entry) => `${manifestOf(name).name}${entry.slice(1)}`),
  );
  const lines = entries.map((entry, i) => `export * as entry${i} from "${entry}";`);
  writeFileSync(join(consumer, "entries.ts"), `${lines.join("\n")}\n${exampleOf(join(root, "README.md"))}`);
  const tsc = join(root, "node_modules", compiler, "bin", "tsc");
  const flags = ["--noEmit", "--strict", "--target", "es2022", "--types", "node", "--pretty", "false"];
  const options = [...flags, ...more, "--module", module, "--moduleResolution", resolution, "entries.ts"];
  const { stdout } = spawnSync(process.execPath, [tsc, ...options], { cwd: consumer, encoding: "utf8" });
  const ours = stdout
    .split("\n")
    .filter((line) => /^(entries\.ts|node_modules\/(@ddpm\/|ddpm\/))/.test(line));
  expect(ours).toEqual([]);
});

test("ddpm brings its guides as Markdown", () => {
  const guides = join(consumer, "node_modules/ddpm/dist/docs");
  const files = [...readFileSync(join(guides, "README.md"), "utf8").matchAll(/\]\(([^)]+)\)/g)];
  expect(files.length).toBeGreaterThan(20);
  expect(files.map(([, file]) => file!).filter((file) => !existsSync(join(guides, file)))).toEqual([]);
});
