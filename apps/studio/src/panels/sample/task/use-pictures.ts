import { useEffect, useState } from "preact/hooks";
import { neededBy } from "../drawing/request.ts";
import type { PictureSource } from "../settings.ts";
import type { GivenImage } from "./given-image.ts";
import { pictureOf, type SourceContext } from "./sources.ts";

/** The pictures that a task needs, as far as they are there. */
export interface Pictures {
  readonly picture?: GivenImage | undefined;
  readonly other?: GivenImage | undefined;
  readonly problem?: unknown;
}

/** Wait for a slider to rest. */
const PAUSE = 150;

/** Brings the pictures that the settings name to the model's size; the first is `picture`, the second `other`. */
export function usePictures(context: SourceContext | undefined): Pictures {
  const [found, setFound] = useState<Pictures & { readonly key?: string }>({});
  const wanted = context ? neededBy(context.settings) : [];
  const key = JSON.stringify([context?.model, context?.shape, wanted]);
  useEffect(() => {
    let current = true;
    if (!context) return;
    const timer = setTimeout(() => {
      Promise.all(wanted.map((source) => known(source, context))).then(
        ([picture, other]) => current && setFound({ key, picture, other }),
        (problem: unknown) => current && setFound({ key, problem }),
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  // Those of another model have another size.
  return found.key === key ? found : {};
}

/** Pictures that were made, by where they come from: what a model drew stays what it was while its settings change. */
const made = new Map<string, Promise<GivenImage>>();

function known(source: PictureSource, context: SourceContext): Promise<GivenImage> {
  const { model, shape } = context;
  const key = JSON.stringify([source, shape, "drawn" in source ? model : ""]);
  const before = made.get(key);
  if (before) return before;
  const fresh = pictureOf(source, context);
  made.set(key, fresh);
  fresh.catch(() => made.delete(key));
  return fresh;
}
