import "@tensorflow/tfjs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { disposeParams, random } from "@ddpm/core";
import { denoisers } from "@ddpm/unet";
import { writeSafetensors } from "@ddpm/weights";
import { describe, expect, test } from "vitest";
import { argumentThatFits, unconfirmedArguments } from "../src/authoring.ts";
import { exportWeights, families } from "../src/index.ts";
import { readWeights, weightShapes } from "../src/node/index.ts";
import { temporaryFolder } from "./support.ts";

const folder = temporaryFolder();

describe.each(["", "module."])("an EDM file of two levels, under the prefix %j", (prefix) => {
  const edm = {
    ...{
      name: "edm",
      precond: "iDDPMPrecond",
      model_type: "DhariwalUNet",
      img_resolution: 4,
      img_channels: 1,
    },
    ...{ model_channels: 4, channel_mult: [1, 1], num_blocks: 1, attn_resolutions: [] },
  };
  const { spec, names } = families.create(edm);
  const denoiser = denoisers.create(spec);
  const path = join(folder, `edm${prefix.length}.safetensors`);

  test("is read with the filters and the table of noise that it stores", async () => {
    const params = denoiser.init(random(1));
    const tensors = Object.entries(await exportWeights(denoiser, names, params));
    expect(tensors.filter(([name]) => name.endsWith("resample_filter"))).not.toEqual([]);
    const prefixed = Object.fromEntries(tensors.map(([name, tensor]) => [prefix + name, tensor]));
    writeFileSync(path, writeSafetensors(prefixed));
    const read = await readWeights(path, denoiser, names, false);
    expect(await read["stem.kernel"]!.data()).toEqual(await params["stem.kernel"]!.data());
    disposeParams(params);
    disposeParams(read);
  });

  test("is refused where a stored filter is another", async () => {
    const params = denoiser.init(random(1));
    const tensors = { ...(await exportWeights(denoiser, names, params)) };
    disposeParams(params);
    const filter = Object.keys(tensors).find((name) => name.endsWith("resample_filter"))!;
    tensors[filter] = { dtype: "F32", shape: [1, 1, 2, 2], data: Float32Array.of(1, 0, 0, 0) };
    writeFileSync(
      path,
      writeSafetensors(Object.fromEntries(Object.entries(tensors).map(([name, of]) => [prefix + name, of]))),
    );
    await expect(readWeights(path, denoiser, names, false)).rejects.toThrow("holds other numbers");
  });
});

describe("guided-diffusion's arguments", () => {
  const right = {
    ...{ in_channels: 1, out_channels: 2, model_channels: 32, num_res_blocks: 1, channel_mult: [1, 2] },
    ...{ attention_resolutions: [2], num_head_channels: 16, resblock_updown: true },
  };
  const { spec, names } = families.create({ name: "openai", ...right });
  const path = join(folder, "guided.safetensors");
  const denoiser = denoisers.create(spec);
  const zeros = denoiser.specs.map((ours) => {
    const { name, layout } = names(ours);
    const count = ours.shape.reduce((product, length) => product * length, 1);
    const data = new Float32Array(count);
    return [name, { dtype: "F32", ...layout.toTorch({ shape: ours.shape, data }) }] as const;
  });
  const written = async () => {
    writeFileSync(path, writeSafetensors(Object.fromEntries(zeros)));
    return weightShapes(path);
  };

  test("that shapes cannot confirm are named with their values", async () => {
    const shapes = await written();
    expect(unconfirmedArguments("openai", right, shapes)).toMatchObject({
      num_head_channels: 16,
      use_new_attention_order: false,
    });
    const heads = { ...right, num_head_channels: -1, num_heads: 4 };
    expect(unconfirmedArguments("openai", heads, shapes)).toMatchObject({ num_heads: 4 });
    expect(unconfirmedArguments("openai", right, shapes)).not.toHaveProperty("out_channels");
  });

  test.each([
    [{ out_channels: 1 }, 'With "out_channels": 2 the network would fit.'],
    [{ resblock_updown: false }, 'With "resblock_updown": true the network would fit.'],
    [{ num_res_blocks: 2 }, 'With "num_res_blocks": 1 the network would fit.'],
  ])("that do not fit, as %j, are named with the value that does", async (wrong, sentence) => {
    expect(argumentThatFits("openai", { ...right, ...wrong }, await written())).toBe(sentence);
  });
});
