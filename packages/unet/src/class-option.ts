/** Names under which networks here take the number of classes of their labels. */
const names = ["classes", "numClasses", "numClassEmbeds", "labelDim"] as const;

/**
 * The option of a network for the number of classes of its labels; undefined where it takes no labels.
 *
 * @param network of the registry `denoisers`
 */
export function classOption({
  schema,
}: {
  readonly schema: { readonly shape: Readonly<Record<string, unknown>> };
}): (typeof names)[number] | undefined {
  return names.find((name) => name in schema.shape);
}
