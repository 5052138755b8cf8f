import type { ParamSpec } from "@ddpm/core";
import type { SafeTensor } from "@ddpm/weights";
import { conv1d, conv2d, depthwise, identity, type Layout, linear } from "@ddpm/weights/authoring";

/** Where one of our parameters is stored in a reference's file. */
export interface StoredAs {
  readonly name: string;
  readonly layout: Layout;
}

/** Names and layouts of one family: the same map reads and writes. */
export interface TensorNames {
  (ours: ParamSpec): StoredAs;
  /** Tensors of their files that are no parameters, by name: compared when read, and written. */
  readonly constants?: Readonly<Record<string, SafeTensor>>;
  /** The current name of a tensor that older files call otherwise. */
  readonly current?: (theirs: string) => string;
  /** Tensors of older files that nothing reads. */
  readonly ignored?: RegExp;
}

/** Rules from our paths to theirs, all applied in order. */
export type Rules = readonly (readonly [
  pattern: RegExp,
  replacement: string | ((...groups: string[]) => string),
])[];

/**
 * A map by renaming: our leaves `kernel`, `depthwise`, `scale` become `weight`, `shift` becomes `bias`, and
 * the rest of the path goes through the rules.
 *
 * @param layoutOf layouts other than the usual ones
 */
export function renaming(rules: Rules, layoutOf: (ours: ParamSpec) => Layout = usualLayout): TensorNames {
  const leaves: Rules = [
    [/\.(kernel|depthwise|scale|table)$/, ".weight"],
    [/\.shift$/, ".bias"],
  ];
  return (ours) => {
    let name = ours.name;
    for (const [pattern, replacement] of [...rules, ...leaves]) {
      name =
        typeof replacement === "string"
          ? name.replace(pattern, replacement)
          : name.replace(pattern, (_all, ...groups) => replacement(...(groups as string[])));
    }
    return { name, layout: layoutOf(ours) };
  };
}

/** The layout that a parameter's leaf and rank imply. */
export function usualLayout({ name, shape }: ParamSpec): Layout {
  if (name.endsWith(".depthwise")) return depthwise();
  if (!name.endsWith(".kernel")) return identity;
  if (shape.length === 3) return conv1d;
  return shape.length === 4 ? conv2d : linear;
}
