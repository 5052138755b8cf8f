/** A plugin from a module of your own: `{ "module": "./my-schedule.js", "steps": 500 }`, with `name` where it has several. */
export interface ModuleSpec {
  readonly module: string;
  readonly name?: string | undefined;
  readonly [option: string]: unknown;
}

/** A built-in plugin by name or with options, or one from a module. */
export type AnySpec = string | { readonly name: string; readonly [option: string]: unknown } | ModuleSpec;

/** Whether a spec names a module. */
export function isModuleSpec(spec: unknown): spec is ModuleSpec {
  return typeof spec === "object" && spec !== null && "module" in spec && typeof spec.module === "string";
}
