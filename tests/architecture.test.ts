import { readdirSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Who may import whom: the arrows of the design, one line per package. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  schedules: ["core"],
  diffusion: ["core"],
  unet: ["core", "tfjs-kernels"],
  exchange: [
    ...["autoencoder", "core", "diffusion", "schedules", "text", "tfjs-backend-onnx", "unet", "weights"],
  ],
  weights: ["core"],
  text: ["core", "unet"],
  autoencoder: ["core", "unet"],
  data: ["core"],
  trainer: ["core", "diffusion", "tfjs-kernels"],
  runs: [
    ...["autoencoder", "core", "data", "diffusion", "metrics", "schedules", "text", "trainer", "unet"],
    "weights",
  ],
  metrics: ["core", "weights"],
  viz: ["core"],
  testing: ["core"],
  "tfjs-kernels": [],
  backends: ["core", "tfjs-backend-onnx", "tfjs-kernels"],
  ddpm: [
    ...["backends", "core", "data", "diffusion", "exchange", "runs", "schedules", "tfjs-backend-onnx"],
    ...["trainer", "unet", "viz"],
  ],
  "tfjs-backend-onnx": ["core", "tfjs-kernels"],
};

/** Packages that extend a TensorFlow.js backend may name it; all others know tfjs-core only. */
const backendsNamedBy: Readonly<Record<string, readonly string[]>> = {
  backends: [
    "@tensorflow/tfjs",
    "@tensorflow/tfjs-backend-cpu",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-backend-webgpu",
  ],
  "tfjs-kernels": ["@tensorflow/tfjs-backend-wasm", "@tensorflow/tfjs-backend-webgpu"],
  "tfjs-backend-onnx": ["@tensorflow/tfjs-backend-cpu"],
};

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const packages = readdirSync(join(root, "packages"));
const sources = packages.flatMap((name) =>
  filesBelow(join(root, "packages", name, "src"))
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ name, path: relative(root, path), text: readFileSync(path, "utf8") })),
);

function imports(text: string): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^"';]*?from\s*"([^"]+)"|import\(\s*"([^"]+)"|(?:^|\n)import\s+"([^"]+)"/g;
  return [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

test("every package has its line of arrows", () => {
  expect(packages.filter((name) => !(name in arrows))).toEqual([]);
});

describe.each(packages)("%s", (name) => {
  const own = sources.filter((source) => source.name === name);
  const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  const offenders = (broken: (specifier: string, path: string) => boolean): string[] =>
    own.flatMap(({ path, text }) =>
      imports(text)
        .filter((specifier) => broken(specifier, path))
        .map((specifier) => `${path} imports ${specifier}`),
    );

  test("imports only the siblings that its arrows name", () => {
    const allowed = arrows[name]!.map((sibling) => `@ddpm/${sibling}`);
    expect(offenders((s) => s.startsWith("@ddpm/") && !allowed.includes(packageOf(s)))).toEqual([]);
  });

  test("never leaves its own folder by a relative path", () => {
    const outside = (specifier: string, path: string): boolean =>
      specifier.startsWith(".") &&
      relative(`packages/${name}/src`, join(dirname(path), specifier)).startsWith("..");
    expect(offenders(outside)).toEqual([]);
  });

  test("names no backend but those that it extends", () => {
    const allowed = ["@tensorflow/tfjs-core", ...(backendsNamedBy[name] ?? [])];
    expect(offenders((s) => s.startsWith("@tensorflow/") && !allowed.includes(packageOf(s)))).toEqual([]);
  });

  test("uses Node only in its /node entry", () => {
    const isNode = (s: string): boolean => s.startsWith("node:") || builtinModules.includes(packageOf(s));
    const inNodeEntry = (path: string): boolean => path.includes(`packages/${name}/src/node/`);
    expect(offenders((s, path) => isNode(s) && !inNodeEntry(path))).toEqual([]);
  });

  test("declares every package that it imports", () => {
    const declared = Object.keys({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
      ...manifest.optionalDependencies,
    });
    const bare = (s: string): boolean => !s.startsWith(".") && !s.startsWith("node:");
    expect(offenders((s) => bare(s) && !declared.includes(packageOf(s)))).toEqual([]);
  });

  test("takes tfjs-core as a peer, when it touches tensors", () => {
    const touches = own.some(({ text }) => imports(text).includes("@tensorflow/tfjs-core"));
    expect(Boolean(manifest.peerDependencies?.["@tensorflow/tfjs-core"])).toBe(touches);
    expect(manifest.dependencies?.["@tensorflow/tfjs-core"]).toBeUndefined();
  });

  test("keeps its files small and named after what they hold", () => {
    expect(own.filter(({ text }) => text.split("\n").length > 300).map(({ path }) => path)).toEqual([]);
    expect(own.filter(({ path }) => /^(utils?|helpers?|misc|common)\.ts$/.test(basename(path)))).toEqual([]);
  });

  test("exports by name only", () => {
    expect(own.filter(({ text }) => /^export default/m.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

test("the page imports nothing that needs Node", () => {
  const page = filesBelow(join(root, "apps/studio/src")).filter((path) => /\.tsx?$/.test(path));
  const isNode = (s: string): boolean =>
    s.startsWith("node:") || builtinModules.includes(packageOf(s)) || /^@ddpm\/[^/]+\/node\b/.test(s);
  const found = page.flatMap((path) => imports(readFileSync(path, "utf8")).filter(isNode));
  expect(page.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});
