/** Names that start with a dot and end like this are not finished, or about to be removed. */
const END = ".unfinished";

/** The path at which a file or folder is written before it gets its own, or is moved to before it is removed. */
export function unfinished(path: string): string {
  const start = path.lastIndexOf("/") + 1;
  return `${path.slice(0, start)}.${path.slice(start)}${END}`;
}

/** Whether the last name of a path is one of {@link unfinished}'s. */
export function isUnfinished(name: string): boolean {
  return name.startsWith(".") && name.endsWith(END);
}
