import * as z from "zod";

/** Where captions are: where they usually are, or a column's name; false for none. */
export type CaptionChoice = boolean | string;

/** The option of formats whose pictures may have captions. */
export interface CaptionOptions {
  /** True: `.txt` files next to the pictures, or a column `text` or `caption`; or the column's name, `txt` for the files; false. */
  readonly captions?: CaptionChoice | undefined;
}

/** {@link CaptionOptions} for the schema of a format. */
export const captionOptions: {
  readonly captions: z.ZodDefault<z.ZodUnion<readonly [z.ZodBoolean, z.ZodString]>>;
} = {
  captions: z
    .union([z.boolean(), z.string().min(1)])
    .default(false)
    .describe(
      "captions: true for .txt files next to the pictures or a column text or caption; or the column's name",
    ),
};

/** Columns of captions, the first one first. */
const COLUMNS: readonly string[] = "text caption captions prompt description sentence".split(" ");

/** The names of columns that a choice means; none for `txt` files alone. */
export function captionColumns(choice: CaptionChoice): readonly string[] {
  if (choice === false || choice === "txt") return [];
  return choice === true ? COLUMNS : [choice];
}

/** Whether a choice means `.txt` files, too. */
export function captionsInFiles(choice: CaptionChoice): boolean {
  return choice === true || choice === "txt";
}
