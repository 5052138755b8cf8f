/** A program of the playground: a file whose first line is its title. */
export interface Program {
  /** Name of the file, without number and ending: it is the address's hash. */
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

const files: Record<string, string> = import.meta.glob("../../programs/*.js", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** All programs, in the order of their numbers. */
export const programs: readonly Program[] = Object.entries(files).map(([path, text]) => ({
  name: path.replace(/^.*\/\d+-|\.js$/g, ""),
  title: /^\/\/ (.*?)\.?$/m.exec(text)![1]!,
  text,
}));
