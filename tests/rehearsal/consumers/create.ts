import { existsSync } from "node:fs";
import { join } from "node:path";
import { CHROMIUM, shownImage } from "../../vite-page.ts";
import { NODES, onNode } from "../nodes.ts";
import { checkPng } from "../program.ts";
import type { Project } from "../project.ts";
import { type Consumer, check } from "./consumer.ts";

const nodes = `Node ${NODES.join(", ")}`;

/** Makes a project from a template, in a folder of the template's name, and installs what it needs. */
async function created({ run }: Project, template: string): Promise<void> {
  await run("npm", ["create", "-y", "ddpm", template, "--", "--template", template]);
  await run("npm", ["install", "--silent"], { below: template });
}

/** `npm create ddpm` with the template of a program for Node. */
export const createNode: Consumer = {
  name: "create-node",
  usual: true,
  fetches: ["create-ddpm"],
  async run(project) {
    const { folder, tree, run } = project;
    await created(project, "node");
    for (const version of NODES) {
      const env = await onNode(version, tree);
      const printed = await run("npm", ["start", "--", "320"], { below: "node", env });
      check(printed.includes("computes with onnx"), `not on ONNX Runtime:\n${printed}`);
      await run("npm", ["run", "sample"], { below: "node", env });
    }
    checkPng(join(folder, "node/shapes.png"));
    checkPng(join(folder, "node/samples.png"));
    return `trained on onnx, sampled from the saved model, on ${nodes}`;
  },
};

/** `npm create ddpm` with the template of a page, built by Vite. */
export const createPage: Consumer = {
  name: "create-page",
  usual: true,
  fetches: ["create-ddpm"],
  async run(project) {
    const { folder, tree, run } = project;
    await created(project, "page");
    for (const version of NODES) {
      await run("npm", ["run", "build"], { below: "page", env: await onNode(version, tree) });
    }
    if (!existsSync(CHROMIUM)) return `built on ${nodes}; not opened, for there is no ${CHROMIUM}`;
    const use = { path: "?images=32", press: "#start" };
    const { width, values } = await shownImage(join(folder, "page"), 180_000, use);
    check(width > 4 * 4 * 16 && values > 20, "the page shows no samples");
    return `built on ${nodes}; trained and sampled in Chromium`;
  },
};

/** `npm create ddpm` with the template of a plugin package. */
export const createPlugin: Consumer = {
  name: "create-plugin",
  usual: true,
  fetches: ["create-ddpm", "@ddpm/cli"],
  async run(project) {
    const { tree, run } = project;
    const below = "plugin";
    await created(project, below);
    await run("npm", ["run", "typecheck"], { below });
    let printed = "";
    for (const version of NODES) {
      printed = await run("npm", ["test"], { below, env: await onNode(version, tree) });
    }
    await run("npm", ["run", "build"], { below });
    const program = 'console.log((await import("./dist/index.js")).ramp().at(1))';
    await run("node", ["--input-type=module", "-e", program], { below });
    const schedule = '{"module":"./dist/ramp.js"}';
    const words = ["@ddpm/cli", "train", "quickstart", "--set", `schedule=${schedule}`, "--dry-run"];
    await run("npx", ["-y", ...words, "--backend", "wasm"], { below });
    const tests = /Tests\s+(\d+ passed)/.exec(printed)?.[1] ?? "tests passed";
    return `${tests} on ${nodes}; built, imported, taken by the command`;
  },
};
