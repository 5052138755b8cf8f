import { esbuild } from "./bundlers/esbuild.ts";
import { next } from "./bundlers/next.ts";
import { vite } from "./bundlers/vite.ts";
import { webpack } from "./bundlers/webpack.ts";
import { command } from "./command.ts";
import type { Consumer } from "./consumer.ts";
import { createNode, createPage, createPlugin } from "./create.ts";
import { library } from "./library.ts";
import { packageManagers } from "./managers.ts";
import { readme } from "./readme.ts";
import { bun, deno } from "./runtimes.ts";
import { sizes } from "./sizes.ts";
import { jest, vitest } from "./test-runners.ts";
import { twoCores } from "./two-cores.ts";

/** In the order in which they are tried. */
export const consumers: readonly Consumer[] = [
  readme,
  command,
  sizes,
  createNode,
  createPage,
  createPlugin,
  library,
  esbuild,
  ...packageManagers,
  vite,
  webpack,
  next,
  bun,
  deno,
  vitest,
  jest,
  twoCores,
];
