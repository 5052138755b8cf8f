import { applySetting } from "@ddpm/runs/authoring";

/**
 * Settings of the data from `--set key=value`, the key with or without `data.` before it, as training takes them.
 *
 * @throws DdpmError where there is no `=`
 */
export function dataSettings(assignments: readonly string[] = []): Readonly<Record<string, unknown>> {
  const settings = assignments.reduce<object>(
    (made, assignment) => applySetting(made, assignment.replace(/^data\./, "")),
    {},
  );
  return settings as Readonly<Record<string, unknown>>;
}
