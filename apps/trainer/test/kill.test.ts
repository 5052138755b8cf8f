import { join } from "node:path";
import { random } from "@ddpm/core";
import { beforeAll, expect, test } from "vitest";
import { ddpm, temporaryFolder } from "./support/command.ts";
import { hashes } from "./support/files.ts";
import { killsWanted, timeFor, untilDone } from "./support/kills.ts";
import { smallRun, writeSmallRun } from "./support/small-run.ts";

const KILLS = killsWanted(2);

/** Of a run: 13 checkpoints, of which a process may write four before it is killed. */
const IMAGES = "104";
const FAR = 4;

/** Augmented images from threads, a network that receives how, a held-out loss by which the best checkpoint is kept, an average for afterwards. */
const everything = {
  data: { ...smallRun.data, augment: 0.3 },
  denoiser: {
    name: "song",
    modelChannels: 8,
    channelMult: [1, 2],
    numBlocks: 1,
    attnResolutions: [],
    dropout: 0.1,
  },
  train: { ...smallRun.train, accumulate: 2, ema: { name: "profile", width: 0.1 } },
  heldOut: { amount: 12, pairs: 16, buckets: 4 },
  loggers: ["csv", "tensorboard"],
  every: { log: 16, samples: 96, checkpoint: 8, heldOut: 48, keep: 2, keepEvery: 64 },
};

/** Captions by words that the run makes from the data itself, a text model trained with the network, a held-out loss. */
const captions = {
  data: { source: "captioned-shapes", size: 32, count: 60 },
  denoiser: {
    ...{ name: "ho", width: 8, multipliers: [1, 1], blocks: 1, attention: [1], groupSize: 4 },
    ...{ heads: 2, context: 8, vector: 8, dropout: 0.1 },
  },
  text: { tokenizer: "words", model: { name: "transformer", width: 8, layers: 1, heads: 2 } },
  train: { ...smallRun.train, labelDropout: 0.2 },
  heldOut: { amount: 12, pairs: 16, buckets: 4 },
  every: { log: 16, samples: 96, checkpoint: 8, heldOut: 48, keep: 2 },
};

/** An autoencoder, with its reconstructions of held-out images. */
const autoencoder = {
  ...{ denoiser: undefined, schedule: undefined },
  autoencoder: {
    network: {
      ...{ name: "kl", blockOutChannels: [4, 4], layersPerBlock: 1, latentChannels: 2, normNumGroups: 2 },
      downBlockTypes: ["DownEncoderBlock2D", "DownEncoderBlock2D"],
      upBlockTypes: ["UpDecoderBlock2D", "UpDecoderBlock2D"],
    },
  },
  heldOut: { amount: 12 },
  sample: { count: 4 },
  every: { log: 16, samples: 48, checkpoint: 8, keep: 2 },
};

const trained = temporaryFolder();

/** A network in the latents of that autoencoder. */
const latent = {
  latent: { autoencoder: join(trained, "run") },
  heldOut: { amount: 12, pairs: 16, buckets: 4 },
  every: { log: 16, samples: 96, checkpoint: 8, heldOut: 48, keep: 2 },
};

beforeAll(async () => {
  const config = writeSmallRun(trained, { ...autoencoder, train: { ...smallRun.train, images: 8 } });
  const { code } = await ddpm("train", config, "--out", join(trained, "run"), "--backend", "wasm");
  expect(code).toBe(0);
}, 60_000);

test.each([
  ["with augmented images", everything],
  ["that reads captions", captions],
  ["of an autoencoder", autoencoder],
  ["in the latents of an autoencoder", latent],
])(
  `killed ${KILLS} times at random moments and resumed, with other numbers of threads, a run %s ends with the bytes of one left alone`,
  async (_, settings) => {
    const folder = temporaryFolder();
    const config = writeSmallRun(folder, settings);
    const words = (out: string): string[] => [
      "train",
      config,
      "--out",
      join(folder, out),
      "--backend",
      "wasm",
      "--json",
    ];
    const started = performance.now();
    const alone = await ddpm(...words("alone"), "--images", IMAGES);
    const whole = performance.now() - started;
    expect(alone.code).toBe(0);

    const { uniform } = random(20);
    let kills = 0;
    // A run that ends before it was killed often enough is compared, and another one killed.
    for (let round = 0; kills < KILLS; round++) {
      const out = `killed-${round}`;
      const earlier = kills;
      kills += await untilDone(
        (before) => [
          ...words(out),
          ...["--images", IMAGES, "--resume", "--set", `data.workers=${(earlier + before) % 3}`],
        ],
        KILLS - kills,
        (child, before) => {
          // Half of the kills wait for a checkpoint to be announced, so that they fall near its writing.
          const near = (earlier + before) % 2 === 0;
          const delay = uniform() * (near ? 60 : whole / 3);
          const kill = () => setTimeout(() => child.kill("SIGKILL"), delay);
          if (!near) kill();
          let saved = 0;
          child.stdout!.on("data", (chunk: Buffer) => {
            saved += chunk.toString().split('"checkpoint"').length - 1;
            if (near && saved > 0) kill();
            // However fast the machine has become, there is something left to kill.
            if (saved > FAR) child.kill("SIGKILL");
          });
          return undefined;
        },
      );
      expect(lastingBytes(join(folder, out))).toEqual(lastingBytes(join(folder, "alone")));
    }
  },
  timeFor(KILLS),
);

/** All but the number of threads, and TensorBoard's events, which hold the time of day. */
function lastingBytes(run: string): Record<string, string> {
  const { "config.json": _config, "events.out.tfevents.ddpm": _clock, ...rest } = hashes(run);
  return rest;
}
