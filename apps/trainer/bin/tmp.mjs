#!/usr/bin/env node
// Runs the command from its sources, in this process.
import { register } from "node:module";
import { register as registerTypeScript } from "tsx/esm/api";

register("./source-condition.mjs", import.meta.url);
registerTypeScript();
await import("../src/tmp-speed.ts");
