import { Command } from "commander";
import { checkData } from "./check.ts";
import { fetchData } from "./fetch.ts";

/** `ddpm data`: getting data sets, and looking them over. */
export function dataCommand(): Command {
  const data = new Command("data").description("fetch published data sets; check a data set");
  for (const verb of [fetchData, checkData]) data.addCommand(verb());
  return data;
}
