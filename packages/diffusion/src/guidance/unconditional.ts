import { type Condition, fail } from "@ddpm/core";

/**
 * The condition of guidance's unconditional call: without labels and text, and with what stands for nothing in the other fields. Images
 * stay.
 *
 * @param none a context of nothing (the empty text's), numbers of nothing; fields that it has replace those of `condition`
 * @throws DdpmError for a context without one of nothing
 */
export function unconditional(condition: Condition, none: Condition = {}): Condition {
  if (condition.context && !none.context) {
    fail(
      "diffusion/unconditional",
      "the condition has a context, and no context of nothing was given.",
      "Give that of the empty text.",
    );
  }
  const { labels: _, tokens: __, contextMask: ___, ...rest } = condition;
  return { ...rest, ...none };
}
