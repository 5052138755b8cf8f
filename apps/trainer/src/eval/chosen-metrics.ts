import { type Metric, metrics } from "@ddpm/metrics";
import { pluginSpec } from "../config/plugin-spec.ts";
import { makerOf } from "../config/user-plugins.ts";

/**
 * The metrics of `--metrics`, built in or from modules.
 *
 * @throws DdpmError for a metric or option that does not exist
 */
export async function chosenMetrics(
  names: readonly string[] = metrics.names,
): Promise<readonly [Metric, ...Metric[]]> {
  const [first, ...rest] = await Promise.all(
    names.map(async (name) => (await makerOf(metrics, pluginSpec(name)))()),
  );
  return [first!, ...rest];
}
