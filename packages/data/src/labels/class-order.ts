/** Whether every name is a whole number: `0`, `07`, `112`. */
export function areNumbers(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => /^\d{1,15}$/.test(name));
}

/** Class names in the order in which they get their labels: whole numbers by their value, others by UTF-16 codes. */
export function inClassOrder(names: Iterable<string>): string[] {
  const sorted = [...names].sort();
  return areNumbers(sorted) ? sorted.sort((a, b) => Number(a) - Number(b)) : sorted;
}
