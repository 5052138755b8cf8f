import { expect, test } from "vitest";
import { trainingLoop } from "../src/index.ts";
import { options } from "./support/toy.ts";

// This file must not import @tensorflow/tfjs.
test("training without registered gradients says what to import", async () => {
  const training = trainingLoop(options());
  await expect(training.next()).rejects.toThrow(
    "[trainer/check-options] no gradients registered. Call `useBackend` of @ddpm/backends before training, which registers them, or import @tensorflow/tfjs.",
  );
});
