import { Option } from "commander";
import { backends } from "../backends/index.ts";
import { wholeNumber } from "./numbers.ts";

/** `--backend NAME`, shared by every verb that computes. */
export function backendOption(): Option {
  const names = ["auto", ...backends.map(({ name }) => name)];
  return new Option("--backend <name>", `what computes: ${names.join(", ")}`).default("auto");
}

/** `--threads N`. */
export function threadsOption(): Option {
  return new Option("--threads <n>", "threads of a native backend").argParser(wholeNumber(1));
}
