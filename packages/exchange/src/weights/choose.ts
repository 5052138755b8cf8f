import { type Denoiser, fail } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import type { TensorNames } from "./names.ts";

/** What wrappers around a network store next to it, and the network lacks: tables of the noise, counters. */
const TABLES =
  /(^|\.)(betas|alphas_?\w*|sqrt_\w+|log_one_minus_\w+|posterior_\w+|loss_weight|p2_loss_weight|initted|step|decay|num_updates)$/;

/**
 * Chooses a network's tensors among those of a file, whatever wrappers have put before their names (`module.`, `model.`,
 * `ema_model.` …). Where the file holds the network more than once, the averaged weights are taken, or with `raw` those
 * as trained. Constants that the family's files hold are among the tensors. Nothing may remain but the other copy and a
 * wrapper's own tables.
 *
 * @param shapes of the file's tensors, by name
 * @returns names in the file → names as the family has them
 * @throws DdpmError naming what is missing, left over, or of another size
 */
export function chooseWeights(
  shapes: Readonly<Record<string, readonly number[]>>,
  denoiser: Pick<Denoiser, "name" | "specs">,
  names: TensorNames,
  raw: boolean,
): Map<string, string> {
  const needed = denoiser.specs.map((spec) => ({ spec, name: names(spec).name }));
  const copies = prefixesIn(shapes, needed[0]!.name).filter((prefix) =>
    needed.every(({ name }) => `${prefix}${name}` in shapes),
  );
  const prefix = copies.length > 1 ? oneOf(copies, raw) : (copies[0] ?? nearest(shapes, needed));
  const left = new Set(Object.keys(shapes));
  const constants = Object.keys(names.constants ?? {});
  for (const copy of new Set([prefix, ...copies])) {
    for (const name of [...needed.map(({ name }) => name), ...constants]) left.delete(`${copy}${name}`);
  }
  if (prefix !== "" || copies.length > 1) {
    for (const name of [...left]) if (TABLES.test(name)) left.delete(name);
  }
  for (const { spec, name } of needed) {
    const shape = shapes[`${prefix}${name}`];
    if (!shape || sizeOf(shape) === sizeOf(spec.shape)) continue;
    fail(
      `exchange/${denoiser.name}`,
      `"${prefix}${name}" has shape [${shape.join(", ")}], which does not fit ${spec.name}, [${spec.shape.join(", ")}].`,
      "The file belongs to a network built with other options.",
    );
  }
  const kept = needed.filter(({ name }) => `${prefix}${name}` in shapes);
  if (kept.length < needed.length) {
    const missing = needed.find(({ name }) => !(`${prefix}${name}` in shapes))!;
    fail(
      `exchange/${denoiser.name}`,
      `the file has no tensor "${prefix}${missing.name}", expected shape like ours, [${missing.spec.shape.join(", ")}].`,
    );
  }
  if (left.size > 0) {
    const some = [...left].slice(0, 3).join('", "');
    fail(
      `exchange/${denoiser.name}`,
      `the file has ${left.size} tensors that the network lacks: "${some}"${left.size > 3 ? " …" : ""}.`,
    );
  }
  const stored = constants.filter((name) => `${prefix}${name}` in shapes);
  return new Map([...needed.map(({ name }) => name), ...stored].map((name) => [`${prefix}${name}`, name]));
}

/** What stands before a name wherever the file has it. */
function prefixesIn(shapes: Readonly<Record<string, unknown>>, name: string): string[] {
  return Object.keys(shapes)
    .filter((one) => one === name || one.endsWith(`.${name}`))
    .map((one) => one.slice(0, one.length - name.length));
}

/** Averaged weights by their wrappers' names, or the others. */
function oneOf(copies: readonly string[], raw: boolean): string {
  const averaged = copies.filter((prefix) => /(^|[._])ema([._]|$)/.test(prefix));
  const wanted = raw ? copies.filter((prefix) => !averaged.includes(prefix)) : averaged;
  if (wanted.length === 1) return wanted[0]!;
  const found = copies.map((prefix) => `"${prefix}"`).join(", ");
  return fail(
    "exchange/weights",
    `the file holds the network ${copies.length} times, under ${found}.`,
    "Leave only one of them in the file.",
  );
}

/** Names enough to tell where a network is, few enough for a file of a million names. */
const PROBES = 20;

/** The prefix under which most of the network is, to say what is missing there. */
function nearest(
  shapes: Readonly<Record<string, unknown>>,
  needed: readonly { readonly name: string }[],
): string {
  const counts = new Map<string, number>([["", 0]]);
  for (const { name } of needed.slice(0, PROBES)) {
    for (const prefix of prefixesIn(shapes, name)) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}
