import { surviveClosedOutput } from "./output/closed-output.ts";
import { runProgram } from "./program.ts";

surviveClosedOutput();
process.exitCode = await runProgram(process.argv.slice(2));
// Dawn and worker threads would keep the process alive.
process.exit();
