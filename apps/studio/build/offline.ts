import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { POLICIES } from "./policies.ts";

/** Writes the service worker: the list of the page's own files, in front of the code that keeps them. */
export function offline(): Plugin {
  return {
    name: "studio-offline",
    apply: "build",
    generateBundle(_options, bundle) {
      // The page's own code, and its workers; runtimes and weights are kept when they are first used.
      const files = Object.values(bundle)
        .filter(
          ({ type, fileName }) => type === "chunk" || /\.css$|\/(worker|download)-[^/]*\.js$/.test(fileName),
        )
        .map(({ fileName }) => fileName)
        .concat("icon.svg")
        .sort();
      const version = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
      const code = readFileSync(new URL("service-worker.js", import.meta.url), "utf8");
      const values = { VERSION: version, FILES: ["./", ...files], POLICIES };
      const head = Object.entries(values)
        .map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`)
        .join("");
      this.emitFile({ type: "asset", fileName: "service-worker.js", source: head + code });
    },
  };
}
