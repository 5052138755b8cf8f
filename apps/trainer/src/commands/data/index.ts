import { Command } from "commander";
import { checkData } from "./check.ts";
import { fetchData } from "./fetch.ts";

/** `ddpm data`: fetching and checking data sets. */
export function dataCommand(): Command {
  const data = new Command("data").addHelpText(
    "after",
    "\nExamples:\n  ddpm data fetch fashion-mnist\n  ddpm data check data/fashion-mnist",
  );
  for (const verb of [fetchData, checkData]) data.addCommand(verb());
  return data;
}
