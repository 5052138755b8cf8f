import { denoisers } from "@ddpm/unet";
import { classOption } from "@ddpm/unet/authoring";
import { useEffect, useState } from "preact/hooks";
import { call } from "../../../engine/client.ts";
import type { ModelChoice, ModelFacts } from "../../../engine/store/models.ts";
import { shippedModels } from "../../../model/shipped/shipped.ts";

/** Before the name of a model that comes with the page. */
export const SHIPPED = "shipped:";

/** A model by its name in the settings. */
function modelNamed(choice: string): ModelChoice {
  return choice.startsWith(SHIPPED) ? { shipped: choice.slice(SHIPPED.length) } : { run: choice };
}

/** What a model draws. */
export interface Model extends ModelFacts {
  readonly choice: ModelChoice;
  /** Names of its classes; numbers where nothing says more. */
  readonly classes: readonly string[];
}

/** The chosen model without its weights, as soon as it is known; why not, where it is not to be had. */
export function useModel(named: string): { readonly model?: Model; readonly problem?: unknown } {
  const [found, setFound] = useState<{ model?: Model; problem?: unknown; named?: string }>({});
  useEffect(() => {
    let current = true;
    const choice = modelNamed(named);
    call("describeModel", choice).then(
      (facts) =>
        current && setFound({ named, model: { ...facts, choice, classes: classesOf(choice, facts) } }),
      (problem: unknown) => current && setFound({ named, problem }),
    );
    return () => {
      current = false;
    };
  }, [named]);
  return found.named === named ? found : {};
}

function classesOf(choice: ModelChoice, { config, classNames = [] }: ModelFacts): readonly string[] {
  const { denoiser, data } = config;
  const shipped = "shipped" in choice && shippedModels.find(({ name }) => name === choice.shipped);
  if (shipped) return shipped.classes;
  const count = classCount(denoiser);
  const names = classNames.length === 0 && data.source === "shapes" ? shippedModels[0]!.classes : classNames;
  return Array.from({ length: count }, (_, k) => names[k] ?? String(k));
}

/** Classes of the labels that a network takes; 0: none. */
function classCount(denoiser: ModelFacts["config"]["denoiser"]): number {
  if (typeof denoiser === "string" || !("name" in denoiser)) return 0;
  const { name, ...options } = denoiser as { readonly name: string; readonly [option: string]: unknown };
  const option = classOption(denoisers.get(name));
  return option === undefined ? 0 : Number(options[option] ?? 0);
}
