import { useEffect, useState } from "preact/hooks";
import type { Model } from "../model/use-model.ts";
import { lanes, sampling, startSampling } from "../results/sampling.ts";
import { settings } from "../settings.ts";
import { type Given, requestOf } from "./request.ts";

/** Drawing with the settings as they are. */
export interface Drawing {
  /** Something is drawn, or what is needed is not there yet. */
  readonly busy: boolean;
  draw(): void;
}

/** @param onStart called before something is drawn */
export function useDrawing(model: Model | undefined, given: Given, onStart: () => void): Drawing {
  const { model: named } = settings.value;
  const request = () => model && requestOf(settings.value, model.choice, model.classes.length, given);
  const ready = request() !== undefined;
  const [opened, setOpened] = useState("");
  const draw = (): void => {
    const input = request();
    if (!input) return;
    onStart();
    const { task, samplers } = settings.peek();
    startSampling(input, task === "paint" ? ["repaint"] : samplers.map(({ name }) => name));
  };
  useEffect(() => {
    if (!ready || !model || opened === named) return;
    setOpened(named);
    // What comes with the page draws at once; a large run of the visitor's own may not be meant.
    if (lanes.peek().length === 0 && "shipped" in model.choice) draw();
  }, [ready, named]);
  return { busy: sampling.value || !ready || opened !== named, draw };
}
