import { Command } from "commander";
import { showData } from "./data.ts";
import { showForward } from "./forward.ts";
import { showModel } from "./model.ts";
import { showReverse } from "./reverse.ts";
import { showSchedule } from "./schedule.ts";

const EXAMPLES = `
Examples:
  ddpm show schedule linear cosine --out schedules.svg
  ddpm show model runs/quickstart
  ddpm show reverse --help        the options of one of them`;

/** `ddpm show`: pictures of what a training is made of. */
export function showCommand(): Command {
  const show = new Command("show").addHelpText("after", EXAMPLES);
  for (const verb of [showSchedule, showForward, showReverse, showData, showModel]) show.addCommand(verb());
  return show;
}
