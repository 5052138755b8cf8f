import { join } from "node:path";
import { checkPng, readmeProgram } from "../program.ts";
import type { Consumer } from "./consumer.ts";

/** Bun installs, and runs the README's program. */
export const bun: Consumer = {
  name: "bun",
  usual: false,
  async run({ folder, tree, write, run }) {
    write("program.mjs", readmeProgram(tree, 32));
    write("package.json", '{ "private": true }');
    await run("npx", ["-y", "bun", "add", "ddpm", "onnxruntime-node@1.30.0", "--ignore-scripts"]);
    await run("npx", ["-y", "bun", "program.mjs"]);
    checkPng(join(folder, "shapes.png"));
    return "a PNG";
  },
};

/** Deno, on what npm installed. */
export const deno: Consumer = {
  name: "deno",
  usual: false,
  async run({ folder, tree, write, run, install }) {
    await install("ddpm", "onnxruntime-node@1.30.0", "--ignore-scripts");
    write("program.mjs", readmeProgram(tree, 32));
    await run("npx", ["-y", "deno", "run", "--allow-all", "program.mjs"]);
    checkPng(join(folder, "shapes.png"));
    return "a PNG";
  },
};
