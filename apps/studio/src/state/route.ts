import { type Signal, signal } from "@preact/signals";

/** The panels in the order of the navigation. */
export const PANELS = ["schedules", "noising", "points", "train", "sample"] as const;

export type PanelName = (typeof PANELS)[number];

/** What a visitor sees first: pictures that form from noise while one reads. */
const GREETING: PanelName = "sample";

/** An address: `#points` or `#points?<settings as JSON>`. */
export interface Address {
  readonly panel: PanelName;
  readonly settings: unknown;
}

/** Reads an address; anything unknown is the greeting, without settings. */
export function parseAddress(hash: string): Address {
  const [name = "", query] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const panel = PANELS.find((one) => one === name) ?? GREETING;
  return { panel, settings: query === undefined ? undefined : jsonOf(query) };
}

export function formatAddress(panel: PanelName, settings: unknown): string {
  return `#${panel}?${encodeURIComponent(JSON.stringify(settings))}`;
}

function jsonOf(query: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(query));
  } catch {
    return undefined;
  }
}

/** The panel that is shown. */
export const panel: Signal<PanelName> = signal(parseAddress(location.hash).panel);

addEventListener("hashchange", () => {
  panel.value = parseAddress(location.hash).panel;
});
