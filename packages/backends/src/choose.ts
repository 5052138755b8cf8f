import { fail, type Plugin, type Registry } from "@ddpm/core";
import { nearest } from "@ddpm/core/authoring";
import type { Backend, StartedBackend } from "./backend.ts";
import { reasonOf } from "./reason-of.ts";

/** Options for whichever backend is taken; one that does not have an option ignores it. */
export interface BackendOptions {
  /** Threads of a native backend; its own choice when left out. */
  readonly threads?: number;
  /** In a page: what to do where the graphics device is lost, one sentence, with which `trouble` ends. */
  readonly advice?: string;
}

/** A backend that `auto` did not take. */
export interface PassedOver {
  readonly name: string;
  readonly reason: string;
  /** One line for the user where every installation should have this backend: what is missing, and what to do. */
  readonly advice?: string;
}

/** A backend that runs and why it was taken. */
export interface ChosenBackend extends StartedBackend {
  /** One line: asked for, or the first that works. */
  readonly why: string;
  /** Those tried before, each with the reason against it. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * Starts the named backend of a registry; `auto` takes the first that works.
 *
 * @param backends in the order in which `auto` tries them; a list of your own is `registry(where, "backend", [...])`
 * @throws DdpmError for an unknown name, or with the reason why it does not work here; with all reasons when none does
 */
export async function chooseBackend(
  backends: Registry<Backend>,
  name = "auto",
  options: BackendOptions = {},
): Promise<ChosenBackend> {
  if (name === "auto") return firstOf(backends, options);
  if (!backends.names.includes(name)) {
    const names = ["auto", ...backends.names];
    fail(
      "backends/choose",
      `unknown backend "${name}": expected one of ${names.join(", ")}.`,
      nearest(name, names),
    );
  }
  const started = await make(backends.get(name), options).start();
  return { ...started, why: "asked for", passedOver: [] };
}

/** Warns, a line each, of backends that every installation should have and `auto` passed over. */
export function warnOfPassedOver({ name, passedOver }: ChosenBackend): void {
  for (const { advice } of passedOver) {
    if (advice) console.warn(`${advice} (until then ${name} computes, which is slower)`);
  }
}

/** A backend with those of the options that it has. */
function make(backend: Plugin<never, Backend>, options: BackendOptions): Backend {
  const own = Object.entries(options).filter(([name]) => name in backend.schema.shape);
  return backend(Object.fromEntries(own) as never);
}

async function firstOf({ plugins }: Registry<Backend>, options: BackendOptions): Promise<ChosenBackend> {
  const passedOver: PassedOver[] = [];
  for (const plugin of plugins) {
    const { name } = plugin;
    const { usual, doubt, start } = make(plugin, options);
    try {
      const reason = await doubt?.();
      if (reason === undefined) {
        const started = await start();
        return { ...started, why: whyOf(passedOver), passedOver };
      }
      passedOver.push({ name, reason });
    } catch (error) {
      const advice = usual ? { advice: (error as Error).message } : {};
      passedOver.push({ name, reason: reasonOf(error), ...advice });
    }
  }
  return fail(
    "backends/choose",
    `no backend works here: tried ${listed(passedOver)}.`,
    "`ddpm doctor` shows what each needs.",
  );
}

function whyOf(passedOver: readonly PassedOver[]): string {
  return passedOver.length > 0 ? `the first that works; not here: ${listed(passedOver)}` : "the first choice";
}

function listed(passedOver: readonly PassedOver[]): string {
  return passedOver.map(({ name, reason }) => `${name} (${reason})`).join(", ");
}
