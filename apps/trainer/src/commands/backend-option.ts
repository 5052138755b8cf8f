import { backends } from "@ddpm/backends";
import { Option } from "commander";
import { wholeNumber } from "./numbers.ts";

/** `--backend NAME`, shared by every verb that computes. */
export function backendOption(): Option {
  const names = ["auto", ...backends.names];
  return new Option("--backend <name>", `the TensorFlow.js backend: ${names.join(", ")}`).default("auto");
}

/** Threads at most: each takes memory, and no machine of today gains from more in one operation. */
const MOST_THREADS = 256;

/** `--threads N`. */
export function threadsOption(): Option {
  return new Option(
    "--threads <n>",
    `threads of a native backend, 1 to ${MOST_THREADS}; default: the processors that the process may use`,
  ).argParser(wholeNumber(1, MOST_THREADS));
}
