import leven from "leven";

/**
 * Did you mean …? Names within a third of the word's length, closest first.
 *
 * @returns a sentence, or undefined when nothing is close
 */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const close = known
    .map((name) => ({ name, distance: leven(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name));
  const [first] = close;
  return first && `Did you mean "${first.name}"?`;
}
