/** A setting of a run as the packages write it: `data.size=16`, in backticks. */
const SETTING = /`([a-z][A-Za-z]*(?:\.[A-Za-z]+)*=[^`]*)`/g;

/** What the packages call their options and a run's settings, as the command line takes them. */
export function inFlags(text: string): string {
  return text
    .replace("`data.source=PATH`", "--data PATH")
    .replace(SETTING, "`--set $1`")
    .replace("or set skipBad", "or train with --skip-bad, which leaves it out");
}
