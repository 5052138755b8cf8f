import { asStarted } from "./output/as-started.ts";
import { surviveClosedOutput } from "./output/closed-output.ts";
import { runProgram } from "./program.ts";

surviveClosedOutput();
// Packages warn of what is missing, and advise commands.
const { warn } = console;
console.warn = (...words) =>
  warn(...words.map((word) => (typeof word === "string" ? asStarted(word) : word)));
process.exitCode = await runProgram(process.argv.slice(2));
// Dawn and worker threads would keep the process alive.
process.exit();
