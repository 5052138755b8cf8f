import { type ChildProcess, spawn } from "node:child_process";

/** What Ctrl-C is answered with. */
export const ANSWER = "Stopping after this step; a second Ctrl-C stops at once.";

/** `read` ends where a signal was handled, which `hit` shows, or where the input is closed. */
const SCRIPT = `
trap 'hit=1
  if [ -n "$first" ]; then kill -KILL "$2"; exit; fi
  first=1
  printf "\\r\\033[K%s\\n" "$1" >&2' INT
trap "" TERM HUP
while :; do hit=; read -r line; [ -n "$hit" ] || exit 0; done`;

/** What {@link answerAtOnce} answers, and whom it ends. */
export interface AnswerOptions {
  /** Whether somebody reads the answer; default: standard error is a terminal. */
  readonly terminal?: boolean;
  /** A file descriptor to write to; default: standard error. */
  readonly output?: number | "inherit";
  /** The process that a second signal ends; default: this one. */
  readonly ends?: number;
}

/** Answers Ctrl-C while this process computes. */
export interface Answering {
  /** Whether the answers are given by another process. */
  readonly given: boolean;
  readonly pid: number | undefined;
  release(): void;
}

/**
 * A step computes without a pause, for seconds with a large network, and no handler of this process is called
 * meanwhile. A small shell in the same process group is sent the signal, too: it answers at once, and ends this process
 * at the second one. It ends with this process, when its input closes.
 *
 * Where the output is no terminal, or there is no shell, nothing answers before the step is over.
 */
export function answerAtOnce({
  terminal = Boolean(process.stderr.isTTY),
  output = "inherit",
  ends = process.pid,
}: AnswerOptions = {}): Answering {
  if (!terminal || process.platform === "win32") return { given: false, pid: undefined, release() {} };
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "sh", ANSWER, String(ends)], {
    stdio: ["pipe", "ignore", output],
  });
  let given = true;
  shell.on("error", () => {
    given = false;
  });
  shell.stdin?.on("error", () => {});
  shell.unref();
  (shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
  return {
    get given() {
      return given && alive(shell);
    },
    pid: shell.pid,
    release: () => void shell.kill("SIGKILL"),
  };
}

function alive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
