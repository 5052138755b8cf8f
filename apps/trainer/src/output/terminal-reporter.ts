import cliProgress from "cli-progress";
import { barLine } from "./bar-line.ts";
import type { Progress, Reporter } from "./reporter.ts";

/** A progress bar that stays below the lines printed meanwhile. */
export function terminalReporter(): Reporter {
  const bar = new cliProgress.SingleBar(
    {
      format: (_options, { progress }, payload) =>
        barLine(payload as Progress, progress, process.stdout.columns ?? 80),
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
    },
    cliProgress.Presets.rect,
  );
  let running = false;
  const close = (): void => {
    if (running) bar.stop();
    running = false;
  };
  const say = (text: string): void => {
    close();
    process.stdout.write(`${text}\n`);
  };
  return {
    say,
    preview: (draw) => say(draw(Math.min(process.stdout.columns ?? 80, 120))),
    progress(progress) {
      const { done, total } = progress;
      if (!running) bar.start(total, done, progress);
      else {
        bar.setTotal(total);
        bar.update(done, progress);
      }
      running = true;
    },
    event(_event, text) {
      if (text) say(text);
    },
    close,
  };
}
