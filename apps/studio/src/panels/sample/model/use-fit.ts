import { useEffect, useState } from "preact/hooks";
import { call } from "../../../engine/client.ts";
import type { FitResult } from "../../../engine/jobs/weights/fit-weights.ts";
import { optionsFrom, type WeightsNetwork } from "../../../model/configuration/weights-network.ts";

/** Wait for typing to rest. */
const PAUSE = 250;

/** Whether a file fits a network; the error where the options are no JSON object. */
export interface Fit {
  readonly fit?: FitResult;
  readonly problem?: unknown;
}

/** Compares a file with a network whose options are typed as text. */
export function useFit(file: File, network: WeightsNetwork, text: string): Fit {
  const [found, setFound] = useState<Fit>({});
  useEffect(() => {
    let current = true;
    setFound(({ problem }) => ({ problem }));
    const timer = setTimeout(() => {
      fitOf(file, network, text).then(
        (fit) => current && setFound({ fit }),
        (problem: unknown) => current && setFound({ problem }),
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [network, text]);
  return found;
}

async function fitOf(file: File, network: WeightsNetwork, text: string): Promise<FitResult> {
  return call("fitWeights", { name: file.name, file, network: withOptions(network, text) });
}

/** @throws where the text is no JSON object */
export function withOptions(network: WeightsNetwork, text: string): WeightsNetwork {
  return { ...network, options: optionsFrom(text) };
}
