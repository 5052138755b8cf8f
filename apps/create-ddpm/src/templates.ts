/** A project to begin with. */
export interface Template {
  readonly name: string;
  /** One line. */
  readonly about: string;
  /** Scripts of its package.json to run first, in order. */
  readonly scripts: readonly string[];
}

/** Each is a folder below `templates/`. */
export const templates: readonly Template[] = [
  { name: "node", about: "a program that trains a small model and writes a PNG", scripts: ["start"] },
  { name: "page", about: "a page that trains and samples in the browser, with Vite", scripts: ["dev"] },
  {
    name: "plugin",
    about: "a package with a schedule, a sampler and a network of your own, with tests and CI",
    scripts: ["test", "build"],
  },
];
