import { fail } from "@ddpm/core";
import { nearest } from "@ddpm/core/authoring";
import type { Backend, BackendOptions, StartedBackend } from "./backend.ts";
import { reasonOf } from "./reason-of.ts";

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
 * Starts the named one of some backends; `auto` takes the first that works.
 *
 * @param backends in the order in which `auto` tries them
 * @throws DdpmError for an unknown name, or with the reason why it does not work here; with all reasons when none does
 */
export async function chooseBackend(
  backends: readonly Backend[],
  name = "auto",
  options: BackendOptions = {},
): Promise<ChosenBackend> {
  if (name === "auto") return firstOf(backends, options);
  const names = ["auto", ...backends.map((backend) => backend.name)];
  const backend = backends.find((candidate) => candidate.name === name);
  if (!backend) {
    fail(
      "backends/choose",
      `unknown backend "${name}": expected one of ${names.join(", ")}.`,
      nearest(name, names),
    );
  }
  return { ...(await backend.start(options)), why: "asked for", passedOver: [] };
}

async function firstOf(backends: readonly Backend[], options: BackendOptions): Promise<ChosenBackend> {
  const passedOver: PassedOver[] = [];
  for (const { name, usual, doubt, start } of backends) {
    try {
      const reason = await doubt?.();
      if (reason === undefined) {
        const started = await start(options);
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
