import { join } from "node:path";
import { checkPng } from "../program.ts";
import { type Consumer, check } from "./consumer.ts";

/** `npm create ddpm` with the template of a program for Node. */
export const createNode: Consumer = {
  name: "create-node",
  usual: true,
  fetches: ["create-ddpm"],
  async run({ folder, run }) {
    await run("npm", ["create", "-y", "ddpm", "program", "--", "--template", "node"]);
    await run("npm", ["install", "--silent"], { below: "program" });
    const printed = await run("npm", ["start", "--", "640"], { below: "program" });
    check(printed.includes("computes with onnx"), `not on ONNX Runtime:\n${printed}`);
    await run("npm", ["run", "sample"], { below: "program" });
    checkPng(join(folder, "program/shapes.png"));
    checkPng(join(folder, "program/samples.png"));
    return "trained on onnx, sampled from the saved model";
  },
};

/** `npm create ddpm` with the template of a page, built by Vite. */
export const createPage: Consumer = {
  name: "create-page",
  usual: true,
  fetches: ["create-ddpm"],
  async run({ folder, run }) {
    await run("npm", ["create", "-y", "ddpm", "page", "--", "--template", "page"]);
    await run("npm", ["install", "--silent"], { below: "page" });
    await run("npm", ["run", "build"], { below: "page" });
    const { CHROMIUM, shownImage } = await import("../../vite-page.ts");
    const { existsSync } = await import("node:fs");
    if (!existsSync(CHROMIUM)) return `built; not opened, for there is no ${CHROMIUM}`;
    const { width, values } = await shownImage(join(folder, "page"), 180_000, {
      path: "?images=32",
      press: "#start",
    });
    check(width > 4 * 4 * 16 && values > 20, "the page shows no samples");
    return "built; trained and sampled in Chromium";
  },
};

/** `npm create ddpm` with the template of a plugin package. */
export const createPlugin: Consumer = {
  name: "create-plugin",
  usual: true,
  fetches: ["create-ddpm"],
  async run({ run }) {
    await run("npm", ["create", "-y", "ddpm", "plugin", "--", "--template", "plugin"]);
    await run("npm", ["install", "--silent", "--ignore-scripts"], { below: "plugin" });
    await run("npm", ["run", "typecheck"], { below: "plugin" });
    const printed = await run("npm", ["test"], { below: "plugin" });
    await run("npm", ["run", "build"], { below: "plugin" });
    await run(
      "node",
      ["--input-type=module", "-e", 'console.log((await import("./dist/index.js")).ramp().at(1))'],
      {
        below: "plugin",
      },
    );
    return `${/Tests\s+(\d+ passed)/.exec(printed)?.[1] ?? "tests passed"}; built, imported`;
  },
};
