import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { packageName } from "../src/create-project.ts";
import { nextSteps, packageManager } from "../src/next-steps.ts";
import { runCreate } from "../src/program.ts";
import { templates } from "../src/templates.ts";

const app = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "create-ddpm-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(templates)("the template $name becomes a project with the folder's name", async ({ name }) => {
  const made = join(folder, `My ${name}`);
  const { status, text } = await runCreate([made, "--template", name]);
  expect(status).toBe(0);
  expect(text).toContain("npm install");
  const files = readdirSync(made, { recursive: true, encoding: "utf8" });
  expect(files).toContain(".gitignore");
  expect(files.filter((file) => /(^|\/)_/.test(file))).toEqual([]);
  const texts = files.filter((file) => statSync(join(made, file)).isFile());
  const left = texts.filter((file) => /__[A-Z]+__/.test(readFileSync(join(made, file), "utf8")));
  expect(left).toEqual([]);
  expect(JSON.parse(readFileSync(join(made, "package.json"), "utf8")).name).toBe(`my-${name}`);
});

test("a folder with files in it is refused, and left as it is", async () => {
  mkdirSync(join(folder, "full"));
  writeFileSync(join(folder, "full/mine.txt"), "mine");
  const full = join(folder, "full");
  const { status, text } = await runCreate([full, "--template", "node"]);
  expect(status).toBe(2);
  expect(text).toBe(`create-ddpm: ${full} has files in it (mine.txt); give a new or an empty folder`);
  expect(readdirSync(join(folder, "full"))).toEqual(["mine.txt"]);
});

test.each([
  [["a", "--template", "pgae"], 'unknown template "pgae": expected one of node, page, plugin'],
  [["a"], "--template is missing: one of node, page, plugin"],
  [["a", "b", "--template", "node"], "one folder, given a b"],
  [["--tmplate"], "--help shows what there is"],
])("%j is refused in one line", async (words, message) => {
  const { status, text } = await runCreate(words);
  expect(status).toBe(2);
  expect(text).toContain(message);
  expect(text.split("\n")).toHaveLength(1);
});

test.each([
  ["/projects/My Sampler", "my-sampler"],
  ["/projects/@me/sampler", "@me/sampler"],
  ["/projects/...", "ddpm-project"],
])("a project in %s is called %s", (path, name) => {
  expect(packageName(path)).toBe(name);
});

test("the next steps are those of the package manager that started it", () => {
  expect(packageManager("pnpm/12.21.0 npm/? node/v20.20.2 linux x64")).toBe("pnpm");
  const choice = { folder: join(process.cwd(), "a"), template: templates[2]! };
  expect(nextSteps(choice, "npm")).toEqual(["cd a", "npm install", "npm test", "npm run build"]);
  expect(nextSteps(choice, "bun")).toEqual(["cd a", "bun install", "bun run test", "bun run build"]);
});

test("templates ask for the version of ONNX Runtime that the backend calls", () => {
  const catalog = readFileSync(join(app, "../../pnpm-workspace.yaml"), "utf8");
  const [, version] = /^ {2}onnxruntime-node: (\S+)$/m.exec(catalog)!;
  for (const name of ["node", "page"]) {
    expect(readFileSync(join(app, "templates", name, "package.json"), "utf8")).toMatch(
      new RegExp(`"onnxruntime-(node|web)": "${version}"`),
    );
  }
});
