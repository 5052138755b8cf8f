import type { Scope } from "@ddpm/unet/authoring";
import { attentionBlock } from "../../layers/attention-block.ts";
import type { Block } from "../../layers/block.ts";
import type { MakeNorm } from "../../layers/norms.ts";
import { residualBlock } from "../../layers/residual-block.ts";
import type { Levels } from "./structure.ts";

/** Two residual blocks with attention between them, where the network has it. Parameters `res0`, `attn`, `res1`. */
export function middle(at: Scope, levels: Levels, norm: MakeNorm): Block {
  const { widths, activation, attentionMiddle } = levels;
  const channels = widths.at(-1)!;
  const block = (name: string): Block =>
    residualBlock(at.child(name), { in: channels, out: channels, norm, activation });
  const before = block("res0");
  const attend = attentionMiddle ? attentionBlock(at.child("attn"), channels, norm) : undefined;
  const after = block("res1");
  return (run, x, codes) => {
    const h = before(run, x, codes);
    return after(run, attend ? attend(run, h, codes) : h, codes);
  };
}
