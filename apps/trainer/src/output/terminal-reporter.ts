import { formatDuration, formatRate } from "@ddpm/core/authoring";
import cliProgress from "cli-progress";
import pc from "picocolors";
import type { Reporter } from "./reporter.ts";

/** A progress bar that stays below the lines printed meanwhile. */
export function terminalReporter(): Reporter {
  const bar = new cliProgress.SingleBar(
    {
      format: `${pc.cyan("{bar}")} {percentage}%  {value}/{total} {unit}  {rate}  {left} left  {note}`,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      autopadding: true,
      barsize: 24,
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
    progress({ done, total, unit, perSecond, note = "" }) {
      const left = formatDuration((total - done) / perSecond);
      const payload = { unit, rate: formatRate(perSecond, unit), left, note };
      if (!running) bar.start(total, done, payload);
      else {
        bar.setTotal(total);
        bar.update(done, payload);
      }
      running = true;
    },
    event(_event, text) {
      if (text) say(text);
    },
    close,
  };
}
