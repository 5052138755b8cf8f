import type { ImageShape } from "@ddpm/core/authoring";
import {
  emptyMask,
  type Mask,
  maskFrom,
  maskText,
  middleOf,
  withRectangle,
} from "../../../model/pictures/mask.ts";
import { change } from "../../../state/settings.ts";
import { settings } from "../settings.ts";

/** The mask of the settings for a model's pictures. */
export interface MaskState {
  /** Undefined until the model is known. */
  readonly mask: Mask | undefined;
  /** Changes the mask as it is then: strokes come faster than the page is drawn. */
  paint(next: (mask: Mask) => Mask): void;
}

export function useMask(shape: ImageShape | undefined): MaskState {
  const size = shape && { height: shape[0], width: shape[1] };
  return {
    mask: size && maskOf(settings.value.mask, size),
    paint(next) {
      if (size) change(settings, { mask: maskText(next(maskOf(settings.peek().mask, size))) });
    },
  };
}

/** The middle where the settings have no mask for pictures of this size. */
function maskOf(text: string, size: { readonly height: number; readonly width: number }): Mask {
  return maskFrom(text, size) ?? withRectangle(emptyMask(size), middleOf(size), true);
}
