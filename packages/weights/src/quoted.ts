/** A name for an error message: in quotes, escaped, and never longer than a line. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
