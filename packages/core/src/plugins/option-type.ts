import type { Json } from "./json.ts";

/** What is wrong with a value, where in it; the fields of zod's issues are used where there are any. */
export interface OptionIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  /** Names that an object may not have. */
  readonly keys?: readonly string[];
  /** Of a union: what is wrong by each alternative. */
  readonly errors?: readonly (readonly OptionIssue[])[];
}

/** What a check of a value came to. */
export type OptionResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly OptionIssue[] };

/**
 * The type of an option: checks a value, fills in its default, and describes itself as JSON Schema.
 *
 * Any Standard Schema is one, among them the types of zod, 4.2 or newer.
 *
 * Source: standardschema.dev
 */
export interface OptionType<Output = unknown, Input = Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => OptionResult<Output> | Promise<OptionResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema?: {
      readonly input: (options: {
        readonly target: "draft-2020-12";
        readonly libraryOptions?: Record<string, unknown>;
      }) => Record<string, unknown>;
    };
  };
}

/** The options of a plugin, by name. */
export type OptionShape = Readonly<Record<string, OptionType>>;

type InputOf<Type extends OptionType> = NonNullable<Type["~standard"]["types"]>["input"];
type OutputOf<Type extends OptionType> = NonNullable<Type["~standard"]["types"]>["output"];

/** An object type as an editor shows it. */
type Flat<Type> = { [Key in keyof Type]: Type[Key] };

/** Options as a caller gives them: those with a default may be left out. */
export type OptionsInput<Shape extends OptionShape> = Flat<
  { [Key in keyof Shape as undefined extends InputOf<Shape[Key]> ? Key : never]?: InputOf<Shape[Key]> } & {
    [Key in keyof Shape as undefined extends InputOf<Shape[Key]> ? never : Key]: InputOf<Shape[Key]>;
  }
>;

/** Options as a plugin gets them: checked, with defaults. */
export type OptionsOutput<Shape extends OptionShape> = Flat<
  { [Key in keyof Shape as undefined extends OutputOf<Shape[Key]> ? Key : never]?: OutputOf<Shape[Key]> } & {
    [Key in keyof Shape as undefined extends OutputOf<Shape[Key]> ? never : Key]: OutputOf<Shape[Key]>;
  }
>;

/** What a type says of itself as JSON Schema; nothing where it cannot. */
export function jsonOf(type: OptionType): Json {
  const { jsonSchema } = type["~standard"];
  return jsonSchema?.input({ target: "draft-2020-12", libraryOptions: { unrepresentable: "any" } }) ?? {};
}

/** Checks a value. @throws TypeError for a type that checks later, which no option may */
export function checkedBy<Output>(type: OptionType<Output, unknown>, value: unknown): OptionResult<Output> {
  const result = type["~standard"].validate(value);
  if (result instanceof Promise)
    throw new TypeError("the type of an option checks at once, not in a promise");
  return result;
}
