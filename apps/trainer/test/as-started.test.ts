import { expect, test } from "vitest";
import { asStarted, startedAs } from "../src/output/as-started.ts";

test.each([
  ["/home/me/.npm/_npx/1f2e/node_modules/.bin/ddpm", "exec", "npx @ddpm/cli"],
  ["/home/me/.cache/pnpm/dlx/1f2e/node_modules/.bin/ddpm", undefined, "pnpm dlx @ddpm/cli"],
  ["/tmp/bunx-0-@ddpm/cli@latest/node_modules/.bin/ddpm", undefined, "bunx @ddpm/cli"],
  ["/usr/local/bin/ddpm", undefined, "ddpm"],
  ["/home/me/project/node_modules/.bin/ddpm", "exec", "npx ddpm"],
  ["/home/me/project/node_modules/.bin/ddpm", undefined, "npx ddpm"],
  ["/home/me/clone/apps/trainer/bin/from-source.mjs", undefined, "npx ddpm"],
])("started as %s, npm's command %s, it is called %s", (program, command, name) => {
  const PATH = "/home/me/project/node_modules/.bin:/usr/local/bin:/usr/bin";
  expect(startedAs(program, { PATH, npm_command: command })).toBe(name);
});

test("commands in a text start the program the way it was started", () => {
  const text =
    "More: ddpm sample runs/a. Or `ddpm data check x`; npx ddpm train; the ddpm package; a/ddpm data";
  expect(asStarted(text, "npx @ddpm/cli")).toBe(
    "More: npx @ddpm/cli sample runs/a. Or `npx @ddpm/cli data check x`; npx ddpm train; the ddpm package; a/ddpm data",
  );
});

test("fetched for one call, it installs ONNX Runtime together with the command", () => {
  const text = "npm install onnxruntime-node@1.30.0 --ignore-scripts";
  expect(asStarted(text, "npx ddpm")).toBe(text);
  expect(asStarted(text, "npx @ddpm/cli")).toBe(
    "npm install @ddpm/cli onnxruntime-node@1.30.0 --ignore-scripts",
  );
});
