import { clipTokenizer, tokenRows } from "../../packages/text/src/index.ts";
import { type Case, caseOf, entriesOf, membersBut } from "./result.ts";

/** One text, and what the references make of it. */
interface TextCase {
  readonly text: string;
  readonly openai?: readonly number[];
  /** Ids, or `same` as `openai`. */
  readonly transformers?: readonly number[] | "same";
  /** Where they are others than those of `transformers`. */
  readonly sd2?: readonly number[];
  readonly tokens_with_ends?: number;
  readonly decoded_openai?: string;
  readonly row_openai_padded_with_0?: readonly number[];
  readonly row_sd1_padded_with_49407?: readonly number[];
  readonly row_sd2_padded_with_0?: readonly number[];
  readonly attention_mask?: readonly number[];
}

const known = [
  ...["text", "openai", "transformers", "sd2", "tokens_with_ends", "decoded_openai", "attention_mask"],
  ...["row_openai_padded_with_0", "row_sd1_padded_with_49407", "row_sd2_padded_with_0"],
];

/** Runs a list of texts: ids by both references' rules, the text that they are decoded to, rows and masks. */
export function runTokens({ cases }: { readonly cases?: unknown }): Promise<Case[]> {
  const openai = clipTokenizer({ rules: "openai", padToken: "!" });
  const first = clipTokenizer();
  const second = clipTokenizer({ padToken: "!" });
  return entriesOf("cases", cases, (golden: TextCase, i) => {
    const { text } = golden;
    const transformers = golden.transformers === "same" ? golden.openai : golden.transformers;
    const pairs: readonly (readonly [name: string, ours: () => unknown, golden: unknown])[] = [
      ["openai", () => openai.encode(text), golden.openai],
      ["transformers", () => first.encode(text), transformers],
      ["sd2", () => second.encode(text), golden.sd2 ?? transformers],
      ["tokens_with_ends", () => first.encode(text).length + 2, golden.tokens_with_ends],
      ["decoded_openai", () => openai.decode(golden.openai!), golden.decoded_openai],
      ["row of openai", () => [...tokenRows(openai, [text]).ids], golden.row_openai_padded_with_0],
      ["row of sd1", () => [...tokenRows(first, [text]).ids], golden.row_sd1_padded_with_49407],
      ["row of sd2", () => [...tokenRows(second, [text]).ids], golden.row_sd2_padded_with_0],
      ["mask", () => [...tokenRows(first, [text]).mask], golden.attention_mask],
    ];
    const compared = pairs
      .filter(([, , wanted]) => wanted !== undefined)
      .map(([name, ours, wanted]) =>
        caseOf(`cases/${i} ${name}`, () =>
          JSON.stringify(ours()) === JSON.stringify(wanted) ? 0 : Number.POSITIVE_INFINITY,
        ),
      );
    const uncompared = membersBut(golden, known);
    if (uncompared.length === 0) return compared;
    return [
      ...compared,
      { id: `cases/${i}`, reason: `nothing compares ${uncompared.join(", ")}`, uncompared },
    ];
  });
}
