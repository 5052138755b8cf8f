import { type Place, places } from "./places.ts";

/** Settings by name. */
export type Section = Readonly<Record<string, unknown>>;

/** Whether a value is an object of settings. */
export function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * `changes` over `base`, as deep as both go. In the place of a plugin an object without a name, or with the same one, changes
 * options of what is there, a number its main option; another plugin takes none of the old one's options.
 *
 * @param path of both in a description; left out, they are whole
 */
export function over(base: Section, changes: Section, path = ""): Section {
  const entries = Object.entries(changes).map(([key, change]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const old = base[key];
    const place = places[at];
    if (place) return [key, pluginOver(place, old, change)];
    return [key, isSection(old) && isSection(change) ? over(old, change, at) : change];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

/** A change in the place of a plugin, over what is there. */
function pluginOver(place: Place, old: unknown, change: unknown): unknown {
  const there = asObject(place, old);
  // A number in the place of the clip is the largest norm, whatever clipped before.
  if (typeof change === "number" && place.main && place.main !== "maxNorm") {
    return { ...there, [place.main]: change };
  }
  if (!isSection(change) || "module" in change) return change;
  return change.name === undefined || change.name === there?.name ? over(there ?? {}, change, "-") : change;
}

/** What is in the place of a plugin as an object: by name alone, by its main option, or left out. */
export function asObject({ standard, main }: Place, there: unknown): Section | undefined {
  if (typeof there === "string") return { name: there };
  if (typeof there === "number" && main) return { ...standard, [main]: there };
  return isSection(there) ? there : standard;
}

/** A description whose plugins all have names: what was left out or changed without one stands for the standard. */
export function named(description: Section, path = ""): Section {
  const entries = Object.entries(description).map(([key, value]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const place = places[at];
    if (place) return [key, isNamed(value) ? value : pluginOver(place, undefined, value)];
    return [key, isSection(value) && holdsPlaces(at) ? named(value, at) : value];
  });
  return Object.fromEntries(entries);
}

function holdsPlaces(path: string): boolean {
  return Object.keys(places).some((place) => place.startsWith(`${path}.`));
}

function isNamed(value: unknown): boolean {
  return isSection(value) && ("name" in value || "module" in value);
}
