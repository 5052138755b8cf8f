import { execFileSync } from "node:child_process";
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
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

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

/** Runs an example as a reader of Node 20 would: compiled, in the project that installed the packages. */
function runExample(name: string, source: string): string {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(source, { compilerOptions: options });
  writeFileSync(join(consumer, `${name}.mjs`), outputText);
  return run(process.execPath, [`${name}.mjs`], consumer);
}

beforeAll(() => {
  mkdirSync(tarballs);
  for (const name of names)
    run("npm", ["pack", "--silent", "--pack-destination", tarballs], join(root, "packages", name));
  writeFileSync(
    join(consumer, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  const wanted = ["@tensorflow/tfjs@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0", "@types/node@20"];
  run(
    "npm",
    [
      "install",
      "--silent",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      ...names.map(tarballOf),
      ...wanted,
    ],
    consumer,
  );
}, 600_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }), 120_000);

describe.each(names)("@ddpm/%s, packed by npm and installed elsewhere", (name) => {
  test("passes publint, strictly", () => {
    expect(run(join(bin, "publint"), [tarballOf(name), "--strict"], root)).toContain("All good!");
  });

  test("resolves its types however it is imported", () => {
    run(join(bin, "attw"), [tarballOf(name), "--profile", "esm-only", "--quiet"], root);
  });

  test("carries its licence, and no sources that nothing names", () => {
    const files = run("tar", ["tzf", tarballOf(name)], root).split("\n");
    expect(files).toContain("package/LICENSE");
    expect(files).toContain("package/README.md");
    expect(files.filter((file) => file.startsWith("package/src/"))).toEqual([]);
  });

  test("runs the example of its README", () => {
    const readme = join(root, "packages", name, "README.md");
    const example = existsSync(readme) ? exampleOf(readme) : undefined;
    expect(example, `packages/${name}/README.md has no example`).toBeDefined();
    runExample(`example-${name}`, example!);
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

test("the README's example runs in an empty project", () => {
  const example = exampleOf(join(root, "README.md"));
  expect(example).toBeDefined();
  runExample("example-readme", example!);
});

test.each(["bundler", "nodenext"])("all entries type-check under moduleResolution %s", (resolution) => {
  const entries = names.flatMap((name) =>
    Object.keys(manifestOf(name).exports)
      .filter((entry) => entry !== "./package.json")
      .map((entry) => `${manifestOf(name).name}${entry.slice(1)}`),
  );
  const lines = entries.map((entry, i) => `export * as entry${i} from "${entry}";`);
  writeFileSync(join(consumer, "entries.ts"), `${lines.join("\n")}\n${exampleOf(join(root, "README.md"))}`);
  const module = resolution === "nodenext" ? "nodenext" : "esnext";
  const flags = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
  run(
    join(bin, "tsc"),
    [...flags, "--module", module, "--moduleResolution", resolution, "entries.ts"],
    consumer,
  );
});
