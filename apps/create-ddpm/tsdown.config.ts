import { defineConfig } from "tsdown";

/** One file with all that it needs: `npm create` has nothing else to fetch. */
export default defineConfig({
  entry: { main: "src/main.ts" },
  format: "esm",
  platform: "node",
  target: "es2023",
  dts: false,
  clean: true,
  fixedExtension: false,
  deps: { alwaysBundle: [/./], neverBundle: [/^node:/], onlyBundle: false },
});
