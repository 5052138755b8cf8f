/**
 * Keeps the command at work when nobody reads its output any longer (`ddpm train | head`), or when it cannot be written (a full
 * disk, a terminal that is gone): what would be printed is dropped, and the work continues to its end and its own exit
 * status. Only a cause other than a closed pipe is named, once, on standard error.
 */
export function surviveClosedOutput(): void {
  let named = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (named || error.code === "EPIPE") return;
    named = true;
    process.stderr.write(
      `standard output cannot be written (${error.code}); the work continues without it.\n`,
    );
  });
  process.stderr.on("error", () => {});
}
