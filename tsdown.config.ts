import { readFileSync } from "node:fs";
import { defineConfig } from "tsdown";

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Record<string, { "@ddpm/source"?: string } | string>;
};

/** One entry per public path: exactly the files that `exports` names under `@ddpm/source`. */
const entry = Object.values(exports).flatMap((target) =>
  typeof target === "object" && target["@ddpm/source"] ? [target["@ddpm/source"]] : [],
);

export default defineConfig({
  entry,
  root: "src",
  format: "esm",
  platform: "neutral",
  target: "es2023",
  dts: { oxc: true },
  sourcemap: true,
  unbundle: true,
  clean: true,
  external: [/^node:/, /^@/, /^[a-z]/],
});
