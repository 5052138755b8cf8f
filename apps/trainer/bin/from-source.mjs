#!/usr/bin/env node
// Runs the command from its sources, in this process: nothing to build, and slow to start.
import { register } from "node:module";
import { register as registerTypeScript } from "tsx/esm/api";

register("./user-modules.mjs", import.meta.url);
registerTypeScript();
await import("../src/main.ts");
