import { effect, type Signal, signal } from "@preact/signals";
import type * as z from "zod";
import { formatAddress, type PanelName, panel, parseAddress } from "./route.ts";

/** Browsers refuse more than about a hundred new addresses in half a minute. */
const PAUSE = 300;

/**
 * The settings of a panel, kept in the page's address so that a link restores the view. What the address says is
 * checked; what does not fit is replaced by the defaults.
 *
 * @param schema has a default for everything, so that `{}` is a view
 */
export function settingsOf<Settings>(name: PanelName, schema: z.ZodType<Settings>): Signal<Settings> {
  const read = (): Settings | undefined => {
    const address = parseAddress(location.hash);
    if (address.panel !== name || address.settings === undefined) return undefined;
    const parsed = schema.safeParse(address.settings);
    return parsed.success ? parsed.data : undefined;
  };
  const settings = signal(read() ?? schema.parse({}));
  let written = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  addEventListener("hashchange", () => {
    const given = location.hash === written ? undefined : read();
    if (given) settings.value = given;
  });
  effect(() => {
    if (panel.value !== name) return;
    const address = formatAddress(name, settings.value);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (panel.peek() !== name) return;
      written = address;
      history.replaceState(null, "", address);
    }, PAUSE);
  });
  return settings;
}

/** Changes some of the settings. */
export function change<Settings extends object>(settings: Signal<Settings>, part: Partial<Settings>): void {
  settings.value = { ...settings.value, ...part };
}

/** Functions that change one setting each: `setterOf(settings)("steps")`. */
export function setterOf<Settings extends object>(settings: Signal<Settings>) {
  return <Name extends keyof Settings>(name: Name) =>
    (value: Settings[Name]): void => {
      settings.value = { ...settings.peek(), [name]: value };
    };
}
