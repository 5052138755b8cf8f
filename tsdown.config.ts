import { readFileSync } from "node:fs";
import { defineConfig } from "tsdown";

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Record<string, { "@ddpm/source"?: string } | string>;
};

const { compilerOptions = {} } = JSON.parse(readFileSync("tsconfig.json", "utf8")) as {
  compilerOptions?: { isolatedDeclarations?: boolean };
};

/** One entry per public path: exactly the files that `exports` names under `@ddpm/source`. */
const entry = Object.values(exports).flatMap((target) =>
  typeof target === "object" && target["@ddpm/source"] ? [target["@ddpm/source"]] : [],
);

export default defineConfig({
  cwd: process.cwd(),
  entry,
  root: "src",
  format: "esm",
  platform: "neutral",
  target: "es2023",
  dts: { oxc: compilerOptions.isolatedDeclarations !== false },
  sourcemap: true,
  unbundle: true,
  clean: true,
  deps: { neverBundle: [/^(?![./])/] },
});
