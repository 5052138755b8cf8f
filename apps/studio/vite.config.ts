import { defaultClientConditions, defineConfig } from "vite";
import { offline } from "./build/offline.ts";
import { policies } from "./build/policies.ts";

/** Pages that are isolated from other origins may share memory between threads. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  resolve: { conditions: ["@ddpm/source", ...defaultClientConditions] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  build: { target: "es2023", modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1200 },
  plugins: [offline(), policies()],
  server: { headers: isolation },
  preview: { headers: isolation },
});
