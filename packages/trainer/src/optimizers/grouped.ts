import { fail, type Params } from "@ddpm/core";
import { fitsPattern } from "@ddpm/core/authoring";
import type { Scalar } from "@tensorflow/tfjs-core";
import type { Optimizer, UpdateInput } from "./optimizer.ts";

/** Parameters that learn in their own way. */
export interface ParameterGroup {
  /** Names, `*` for anything: `["*.bias", "*.scale"]`. A parameter belongs to the first group that it fits. */
  readonly match: readonly string[];
  /** How they learn; as the rest when left out. */
  readonly optimizer?: Optimizer;
  /** Factor on the learning rate; 1 when left out. */
  readonly rate?: number;
}

/**
 * An optimiser with other options for some of the parameters: no decay for biases, a slower rate for a part that is
 * being fine-tuned.
 *
 * @param rest how parameters in no group learn
 * @throws DdpmError when a group fits no parameter, or loses all it fits to the groups before it
 */
export function grouped(rest: Optimizer, groups: readonly ParameterGroup[]): Optimizer {
  const members = [...groups, { match: ["*"] }].map(
    ({ match, optimizer = rest, rate = 1 }: ParameterGroup) => ({
      match,
      optimizer,
      rate,
    }),
  );
  const groupOf = (name: string): number => members.findIndex(({ match }) => fitsPattern(name, ...match));
  /** The entries of group i, among records named by parameters or by `<what>/<parameter>`. */
  const share = (record: Params, i: number, parameterOf: (key: string) => string = (key) => key): Params =>
    Object.fromEntries(Object.entries(record).filter(([key]) => groupOf(parameterOf(key)) === i));
  const afterSlash = (key: string): string => key.slice(key.indexOf("/") + 1);
  const scalarsOf = (scalars: UpdateInput["scalars"], i: number): Record<string, Scalar> => {
    const own = Object.entries(scalars).filter(([key]) => key.startsWith(`${i} `));
    return Object.fromEntries(own.map(([key, value]) => [key.slice(`${i} `.length), value]));
  };
  return {
    name: `${rest.name} in groups`,
    init(params) {
      const states = members.map(({ optimizer, match }, i) => {
        const own = share(params, i);
        if (i < groups.length && Object.keys(own).length === 0) {
          fail(
            "trainer/grouped",
            `no parameter is left for the group ${JSON.stringify(match)}.`,
            "`ddpm show model` lists their names.",
          );
        }
        return optimizer.init(own);
      });
      return Object.assign({}, ...states);
    },
    scalars(update, learningRate) {
      const each = members.flatMap(({ optimizer, rate }, i) => {
        const numbers = Object.entries(optimizer.scalars(update, learningRate * rate));
        return numbers.map(([key, value]) => [`${i} ${key}`, value] as const);
      });
      return Object.fromEntries(each);
    },
    update({ params, gradients, state, scalars }) {
      const outputs = members.map(({ optimizer }, i) =>
        optimizer.update({
          params: share(params, i),
          gradients: share(gradients, i),
          state: share(state, i, afterSlash),
          scalars: scalarsOf(scalars, i),
        }),
      );
      return {
        params: Object.assign({}, ...outputs.map((output) => output.params)),
        state: Object.assign({}, ...outputs.map((output) => output.state)),
      };
    },
  };
}
