import { DdpmError } from "@ddpm/core";
import { expect, test } from "vitest";
import { isSoftware } from "../src/adapter.ts";
import type { Backend } from "../src/backend.ts";
import { chooseBackend } from "../src/choose.ts";

const works = (name: string): Backend => ({
  name,
  about: "",
  start: async ({ threads }) => ({ name, detail: `${threads ?? "its own number of"} threads` }),
});
const fails: Backend = {
  name: "broken",
  about: "",
  start: async () => {
    throw new DdpmError("backend/broken", "the library does not load.", "Install it.");
  },
};
const doubtful: Backend = { ...works("gpu"), doubt: async () => "no device" };

test("auto takes the first that works, and names those before it with their reasons", async () => {
  const chosen = await chooseBackend([doubtful, fails, works("plain"), works("last")]);
  expect(chosen.name).toBe("plain");
  expect(chosen.passedOver).toEqual([
    { name: "gpu", reason: "no device" },
    { name: "broken", reason: "the library does not load" },
  ]);
  expect(chosen.why).toBe(
    "the first that works; not here: gpu (no device), broken (the library does not load)",
  );
});

test("a backend that is named starts despite a doubt, with its options", async () => {
  const chosen = await chooseBackend([doubtful, works("plain")], "gpu", { threads: 3 });
  expect(chosen).toMatchObject({ name: "gpu", detail: "3 threads", why: "asked for", passedOver: [] });
});

test("an unknown name is refused with the nearest one, a broken backend with its own reason", async () => {
  await expect(chooseBackend([works("plain")], "plane")).rejects.toThrow('Did you mean "plain"?');
  await expect(chooseBackend([fails, works("plain")], "broken")).rejects.toThrow("does not load");
  await expect(chooseBackend([doubtful, fails])).rejects.toThrow(/no backend works here.*no device.*load/);
});

test.each([
  ["SwiftShader Device (LLVM 10.0.0)", true],
  ["llvmpipe (LLVM 15.0.6, 256 bits)", true],
  ["NVIDIA GeForce RTX 4090", false],
])("%s is software: %s", (description, software) => {
  expect(isSoftware({ vendor: "", architecture: "", device: "", description })).toBe(software);
});

test("auto keeps the advice of a backend that every installation should have, and of no other", async () => {
  const { passedOver } = await chooseBackend([
    fails,
    { ...fails, name: "usual", usual: true },
    works("plain"),
  ]);
  expect(passedOver.map(({ name, advice }) => [name, advice])).toEqual([
    ["broken", undefined],
    ["usual", "[backend/broken] the library does not load. Install it."],
  ]);
});
