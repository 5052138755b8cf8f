import { runSchema } from "@ddpm/runs";
import { sizeOf } from "../../../model/configuration/image-settings.ts";
import { OWN, type WeightsNetwork } from "../../../model/configuration/weights-network.ts";
import { shippedModels } from "../../../model/shipped/shipped.ts";
import { misfits, networkOf } from "./fit.ts";
import type { WeightsHeader } from "./header.ts";

/** What no file states: the paper's. */
const DEFAULTS = { schedule: "linear", parameterization: "eps", size: 32 } as const;

/**
 * The network of a file: by a run's configuration in its metadata or next to it, by the networks that come with the
 * page, or by its tensors' names. What cannot be found is the paper's, for the visitor to correct.
 *
 * @param configs texts of JSON files that were given with it
 */
export function guessed(header: WeightsHeader, configs: readonly string[]): WeightsNetwork {
  const texts = [...(header.metadata.config ? [header.metadata.config] : []), ...configs];
  const parsed = texts.map(jsonOf);
  for (const json of parsed) {
    const network = fromRun(json);
    if (network) return { ...network, found: "in the configuration of its run" };
  }
  for (const { config, title } of shippedModels) {
    const network = fromRun(config);
    if (network && fits(header, network))
      return { ...network, found: `the same as the page's own: ${title}` };
  }
  const own = paperNet(header);
  if (own) {
    const network = { ...DEFAULTS, family: OWN, options: own };
    return { ...network, found: "by the names and shapes of its tensors" };
  }
  const family = familyOf(header);
  const options = parsed.find((json) => json !== undefined && !fromRun(json)) ?? {};
  if (family) return { ...DEFAULTS, family, options, ...sizeIn(options) };
  return { ...DEFAULTS, family: OWN, options: { name: "ho" } };
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function fromRun(json: unknown): WeightsNetwork | undefined {
  const parsed = runSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { denoiser, schedule, parameterization, data } = parsed.data;
  const options = typeof denoiser === "string" ? { name: denoiser } : denoiser;
  const { range } = data;
  const size = sizeOf(data) ?? DEFAULTS.size;
  return {
    ...{ family: OWN, options, schedule, parameterization, size, range },
  };
}

function fits(header: WeightsHeader, network: WeightsNetwork): boolean {
  return misfits(header, networkOf(network), network.family).length === 0;
}

/** Options of the paper's U-Net, read off the shapes; heads, groups and padding leave no trace in them. */
function paperNet({ shapes }: WeightsHeader): WeightsNetwork["options"] | undefined {
  const stem = shapes.get("stem.kernel");
  const head = shapes.get("out.conv.kernel");
  const embedding = shapes.get("time.dense0.kernel");
  if (stem?.length !== 4 || head?.length !== 4 || embedding?.length !== 2) return undefined;
  const width = stem[3]!;
  const count = (name: (k: number) => string): number => {
    let k = 0;
    while (shapes.has(name(k))) k++;
    return k;
  };
  const levels = count((level) => `down.${level}.res0.conv1.kernel`);
  const widths = Array.from({ length: levels }, (_, k) => shapes.get(`down.${k}.res0.conv1.kernel`)![3]!);
  const labels = shapes.get("labels.table");
  return {
    name: "ho",
    channels: head[3]!,
    width,
    multipliers: widths.map((one) => one / width),
    blocks: count((k) => `down.0.res${k}.conv1.kernel`),
    attention: widths.flatMap((_, level) => (shapes.has(`down.${level}.attn0.q.kernel`) ? [level] : [])),
    ...(labels ? { classes: labels[0]! - 1 } : {}),
  };
}

/** Names by which other projects' files are known. */
const MARKS: readonly (readonly [family: string, mark: RegExp])[] = [
  ["diffusers", /^conv_in\.weight$/],
  ["openai", /^input_blocks\.0\.0\.weight$/],
  ["lucidrains", /^init_conv\.weight$/],
  ["labml", /^image_proj\.weight$/],
];

function familyOf({ shapes }: WeightsHeader): string | undefined {
  const names = [...shapes.keys()];
  return MARKS.find(([, mark]) => names.some((name) => mark.test(name)))?.[0];
}

function sizeIn(options: WeightsNetwork["options"]): { readonly size?: WeightsNetwork["size"] } {
  const size = options.sample_size ?? options.image_size;
  if (Array.isArray(size) && size.length === 2) return { size: [Number(size[0]), Number(size[1])] };
  return typeof size === "number" ? { size } : {};
}
