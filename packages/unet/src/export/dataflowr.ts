import type { DataflowrOptions } from "../nets/dataflowr.ts";
import type { NanoOptions } from "../nets/nano.ts";
import { channelCounts } from "./channel-counts.ts";
import type { Writer } from "./writer.ts";

/** Arguments of the course's "micro" network. */
export const dataflowrWriter: Writer = {
  denoisers: ["dataflowr"],
  arguments: (given: Required<DataflowrOptions>) => ({
    in_channels: given.channels,
    n_steps: given.steps,
    time_emb_dim: given.waves,
    base_width: given.width,
  }),
};

/** Arguments of the course's "nano" network. */
export const nanoWriter: Writer = {
  denoisers: ["nano"],
  arguments: (given: Required<NanoOptions>) => ({
    in_c: given.channels,
    out_c: channelCounts(given).made,
    size: given.size,
    n_steps: given.steps,
    time_emb_dim: given.waves,
  }),
};
