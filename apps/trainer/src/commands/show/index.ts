import { Command } from "commander";
import { showData } from "./data.ts";
import { showForward } from "./forward.ts";
import { showModel } from "./model.ts";
import { showReverse } from "./reverse.ts";
import { showSchedule } from "./schedule.ts";

/** `ddpm show`: pictures of what a training is made of. */
export function showCommand(): Command {
  const show = new Command("show").description(
    "pictures: schedules, noising, sampling, data; what a network costs",
  );
  for (const verb of [showSchedule, showForward, showReverse, showData, showModel]) show.addCommand(verb());
  return show;
}
