import { spawn } from "node:child_process";
import { delimiter } from "node:path";

/** How a program is started. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds after which it is ended; 300. */
  readonly limit?: number;
}

/** What npm and pnpm set for the programs that they start, and a shell has not; npm's other settings may be the user's. */
const FROM_MANAGERS =
  /^NODE_PATH$|^npm_(command|lifecycle|package|execpath|node_execpath|config_(local_prefix|prefix|global_prefix|npm_version|user_agent|node_gyp|init_module))/;

/** Folders that npm puts before those of the user: programs of the repository, which no project has. */
const REPOSITORYS = /node_modules[\\/](\.bin|.*node-gyp-bin)[\\/]?$/;

/** The environment of somebody's shell. */
function shell(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !FROM_MANAGERS.test(name));
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !REPOSITORYS.test(folder));
  return { ...Object.fromEntries(own), PATH: path.join(delimiter) };
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
