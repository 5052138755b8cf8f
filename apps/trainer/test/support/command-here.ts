import { runProgram } from "../../src/program.ts";
import { type Ended, eventsIn } from "./command.ts";

/**
 * Runs `ddpm` to its end in this process, which has loaded and compiled what it needs: a third of what a process costs.
 * For tests of what a verb does; what concerns the process itself, as signals and pipes, needs `ddpm` of `command.ts`.
 */
export function ddpmHere(...words: readonly string[]): Promise<Ended> {
  return endedHere(() => runProgram(words));
}

/** How work in this process ends that prints as the command does, and gives its exit status. */
export function endedHere(work: () => Promise<number>): Promise<Ended> {
  const ended = last.then(() => run(work));
  last = ended.catch(() => {});
  return ended;
}

/** Calls share the standard streams and the backend: each waits for the one before. */
let last: Promise<unknown> = Promise.resolve();

async function run(work: () => Promise<number>): Promise<Ended> {
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  const status = process.exitCode;
  process.exitCode = undefined;
  try {
    const code = await work();
    return { code, stdout: stdout.text(), stderr: stderr.text(), events: eventsIn(stdout.text()) };
  } finally {
    process.exitCode = status;
    stdout.release();
    stderr.release();
  }
}

/** Keeps what is written to a stream, which shows nothing of it until `release`. */
function capture(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const { write } = stream;
  let text = "";
  stream.write = ((chunk: string | Uint8Array) => {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  }) as typeof write;
  return {
    text: () => text,
    release() {
      stream.write = write;
    },
  };
}
