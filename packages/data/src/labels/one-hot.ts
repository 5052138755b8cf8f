/** The class of a one-hot row: the place of its only value that is not 0; undefined where there is none, or several. */
export function oneHotLabel(row: readonly number[]): number | undefined {
  const label = row.findIndex((value) => value !== 0);
  return label >= 0 && row.every((value, at) => at === label || value === 0) ? label : undefined;
}
