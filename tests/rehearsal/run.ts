import { spawn } from "node:child_process";

/** How a program is started. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds after which it is ended; 300. */
  readonly limit?: number;
}

/** What npm tells the programs that it starts, which a shell does not have. */
const FROM_NPM = /^npm_(command|lifecycle|package|execpath|node_execpath)/;

/** The environment of somebody's shell. */
function shell(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FROM_NPM.test(name)));
}

/**
 * Runs a program to its end.
 *
 * @returns what it printed, standard error included
 * @throws with what it printed, where its status is not 0 or it takes too long
 */
export function run(command: string, words: readonly string[], options: RunOptions): Promise<string> {
  const { cwd, env = {}, limit = 300 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd,
      env: { ...shell(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limit * 1000,
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
      });
    }
    child.on("error", reject);
    child.on("close", (status, signal) => {
      if (status === 0) return resolve(printed);
      const end = signal === null ? `exit status ${status}` : `ended by ${signal}, limit ${limit} s`;
      reject(new Error(`${command} ${words.join(" ")} in ${cwd}: ${end}\n${printed.slice(-4000)}`));
    });
  });
}
