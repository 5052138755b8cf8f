import { fail, type ParamSpec, type Params, type Random } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import type { Check } from "./check.ts";
import { firstValues } from "./first-values.ts";

/** A network that declares its parameters and makes them. */
interface Initialised {
  readonly specs: readonly ParamSpec[];
  init(random: Random): Params;
}

/** What every network promises of its parameters' names and first values. */
export function declaredParameters(where: ErrorPlace, make: () => Initialised): readonly Check[] {
  const network = make();
  const { specs } = network;
  return [
    {
      name: "parameters have names of their own, the same in every making",
      run() {
        const names = specs.map(({ name }) => name);
        const twice = names.find((name, i) => name === "" || names.indexOf(name) !== i);
        if (twice !== undefined) fail(where, `parameter "${twice}" is declared twice, or has no name.`);
        if (JSON.stringify(make().specs) !== JSON.stringify(specs)) fail(where, "a second making differs.");
      },
    },
    {
      name: "init makes one finite tensor per parameter, the same for the same seed",
      async run() {
        const first = (seed: number): Promise<readonly Float32Array[]> => firstValues(where, network, seed);
        const [one, same, other] = [await first(1), await first(1), await first(2)];
        if (one.join() !== same.join()) fail(where, "the same seed gives other parameters.");
        if (one.join() === other.join()) fail(where, "another seed gives the same parameters.");
      },
    },
  ];
}
