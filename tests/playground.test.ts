import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const site = join(dirname(dirname(fileURLToPath(import.meta.url))), "site");
/** A place from which the packages of the site resolve. */
const folder = join(site, "node_modules", ".playground-test");
const programs = readdirSync(join(site, "programs")).sort();

/** Stands in for the page: it prints what a program shows, and has no trained models. */
const page = `
export const show = (picture) => console.log("picture of", picture.length);
export const scatter = (sets) => console.log("points", sets.map((set) => set.length));
export const shippedModel = () => { throw new Error("no trained model here"); };
`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("programs of the playground import names that exist, and those without a model show something", () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "page.mjs"), page);
  for (const name of programs) {
    const text = readFileSync(join(site, "programs", name), "utf8").replace('"playground"', '"./page.mjs"');
    const imports = text.match(/^import .*$/gm)!.join("\n");
    // Programs with a model compute for seconds; their imports are enough here.
    const runs = !/useBackend\("(auto|wasm)"\)/.test(text);
    writeFileSync(
      join(folder, name.replace(".js", ".mjs")),
      runs ? text : `${imports}\nconsole.log("imported");`,
    );
  }
  const all = `for (const name of ${JSON.stringify(programs)}) {
    console.log("<<< " + name);
    await import("./" + name.replace(".js", ".mjs"));
  }`;
  writeFileSync(join(folder, "all.mjs"), all);
  const flags = ["--conditions=@ddpm/source", "--import", "tsx", join(folder, "all.mjs")];
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { cwd: site, encoding: "utf8" });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  const outputs = stdout.split(/^<<< .*$/m).slice(1);
  expect(outputs).toHaveLength(programs.length);
  for (const [k, output] of outputs.entries())
    expect(output.trim(), `${programs[k]} shows nothing`).not.toBe("");
});
