import { runCreate } from "./program.ts";

const { status, text } = await runCreate(process.argv.slice(2));
(status === 0 ? console.log : console.error)(text);
process.exitCode = status;
