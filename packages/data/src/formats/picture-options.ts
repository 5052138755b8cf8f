import * as z from "zod";

/** How pictures of any kind become bytes of one size; shared by every format that decodes them. */
export interface PictureOptions {
  /** Side in pixels, or [height, width]; without it all images must have the size of the first. */
  readonly size?: number | readonly [number, number] | undefined;
  /** Scale the shorter side and crop the middle (`crop`, default), or `stretch`. */
  readonly fit?: "crop" | "stretch" | undefined;
  /** Filter for resizing, widened when shrinking; `lanczos3`. */
  readonly kernel?: "nearest" | "linear" | "cubic" | "lanczos3" | undefined;
  /** 3 (default) or 1 for grey. */
  readonly channels?: 1 | 3 | undefined;
  /** What shows through transparent parts, red, green, blue, 0 … 255; white. */
  readonly background?: readonly [number, number, number] | undefined;
  /** Decode everything at once and leave out what does not decode. */
  readonly skipBad?: boolean | undefined;
  /** Whether a mirror image means something else (letters, digits); false. */
  readonly flippable?: boolean | undefined;
  /** Megabytes of decoded pixels to keep in memory (1024), or a folder to keep all of them in, for the next time too. */
  readonly cache?: number | string | undefined;
  /** Images decoded at a time; by default the number of cores. */
  readonly concurrency?: number | undefined;
}

const side = z.number().int().min(1).max(4096);
const byte = z.number().int().min(0).max(255);

/** {@link PictureOptions} for the schema of a format. */
export const pictureOptions: {
  readonly size: z.ZodOptional<
    z.ZodUnion<readonly [z.ZodNumber, z.ZodReadonly<z.ZodTuple<[z.ZodNumber, z.ZodNumber], null>>]>
  >;
  readonly fit: z.ZodDefault<z.ZodEnum<{ crop: "crop"; stretch: "stretch" }>>;
  readonly kernel: z.ZodDefault<
    z.ZodEnum<{ nearest: "nearest"; linear: "linear"; cubic: "cubic"; lanczos3: "lanczos3" }>
  >;
  readonly channels: z.ZodDefault<z.ZodUnion<readonly [z.ZodLiteral<1>, z.ZodLiteral<3>]>>;
  readonly background: z.ZodDefault<z.ZodReadonly<z.ZodTuple<[z.ZodNumber, z.ZodNumber, z.ZodNumber], null>>>;
  readonly skipBad: z.ZodDefault<z.ZodBoolean>;
  readonly flippable: z.ZodDefault<z.ZodBoolean>;
  readonly cache: z.ZodDefault<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>>;
  readonly concurrency: z.ZodOptional<z.ZodNumber>;
} = {
  size: z
    .union([side, z.tuple([side, side]).readonly()])
    .optional()
    .describe("side, or height and width"),
  fit: z.enum(["crop", "stretch"]).default("crop").describe("crop the middle, or stretch"),
  kernel: z.enum(["nearest", "linear", "cubic", "lanczos3"]).default("lanczos3").describe("resizing filter"),
  channels: z
    .union([z.literal(1), z.literal(3)])
    .default(3)
    .describe("1 for grey, 3 for colour"),
  background: z.tuple([byte, byte, byte]).readonly().default([255, 255, 255]).describe("behind transparency"),
  skipBad: z.boolean().default(false).describe("leave out what does not decode"),
  flippable: z
    .boolean()
    .default(true)
    .describe("whether a mirror image means the same, so that training may flip it"),
  cache: z
    .union([z.number().min(0), z.string().min(1)])
    .default(1024)
    .describe("megabytes of decoded pixels to keep in memory, or a folder to keep them in"),
  concurrency: z.number().int().min(1).max(1024).optional().describe("images decoded at a time"),
};
