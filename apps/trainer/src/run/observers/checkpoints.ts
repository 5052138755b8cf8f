import { saveCheckpoint } from "@ddpm/runs";
import { checkpointMeta, finishSave, type SaveOptions } from "@ddpm/runs/authoring";
import type { TrainState } from "@ddpm/trainer";
import type { Observer, Watched } from "./observer.ts";

/** An observer that others can ask to save at once. */
export interface Checkpoints extends Observer {
  /** Saves a state, and marks it as the best where it is. */
  save(state: TrainState, best?: SaveOptions["best"]): Promise<void>;
}

/** Saves checkpoints when they are due, at the end, and at the beginning where it cannot be made again. */
export function checkpoints(watched: Watched): Checkpoints {
  const { folder, config, parts, reporter, stream } = watched;
  const { keep, keepEvery } = config.every;
  let saved = -1;
  const save: Checkpoints["save"] = async (state, best) => {
    if (state.images === saved && !best) return;
    const meta = checkpointMeta(config, parts, stream);
    const options = { keep, ...(keepEvery === undefined ? {} : { keepEvery }), ...(best ? { best } : {}) };
    const { path, images } = await saveCheckpoint(folder.storage, state, meta, options);
    saved = images;
    reporter.event({ event: "checkpoint", path, images }, `checkpoint at ${images} images: ${path}`);
  };
  return {
    save,
    begin: (state) => save(state),
    async due({ what, state }) {
      if (what === "checkpoint") await save(state);
    },
    async resumeAt(images) {
      saved = images;
      const step = Math.round(images / config.train.batch);
      await finishSave(
        folder.storage,
        { images, step },
        { keep, ...(keepEvery === undefined ? {} : { keepEvery }) },
      );
    },
    end: (state) => save(state),
  };
}
