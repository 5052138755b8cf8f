import { DdpmError, type Plugin, type Registry, registry } from "@ddpm/core";
import { expect, test, vi } from "vitest";
import { isSoftware } from "../src/adapter.ts";
import type { Backend } from "../src/backend.ts";
import { chooseBackend, warnOfPassedOver } from "../src/choose.ts";
import { plugin } from "../src/plugin.ts";
import { threads } from "../src/threads.ts";

/** A backend whose start is `start`; `doubt` and `usual` as a plugin of the package may have them. */
const made = (name: string, { start, ...rest }: Backend): Plugin<never, Backend> =>
  plugin({
    name,
    about: "",
    source: "",
    options: {},
    create: () => ({ ...rest, start }),
  });
const works = (name: string, doubt?: Backend["doubt"]): Plugin<never, Backend> =>
  plugin({
    name,
    about: "",
    source: "",
    options: { threads },
    create: (options) => ({
      ...(doubt ? { doubt } : {}),
      start: async () => ({ name, detail: `${options.threads ?? "its own number of"} threads` }),
    }),
  });
const start = async () => {
  throw new DdpmError("backend/broken", "the library does not load.", "Install it.");
};
const fails = made("broken", { start });
const doubtful = works("gpu", async () => "no device");
const of = (...backends: Plugin<never, Backend>[]): Registry<Backend> =>
  registry("backends/choose", "backend", backends);

test("auto takes the first that works, and names those before it with their reasons", async () => {
  const chosen = await chooseBackend(of(doubtful, fails, works("plain"), works("last")));
  expect(chosen.name).toBe("plain");
  expect(chosen.passedOver).toEqual([
    { name: "gpu", reason: "no device" },
    { name: "broken", reason: "the library does not load" },
  ]);
  expect(chosen.why).toBe(
    "the first that works; not here: gpu (no device), broken (the library does not load)",
  );
});

test("who should have a backend that auto passed over is warned, in a line with what to do", async () => {
  const lines: string[] = [];
  const warn = vi.spyOn(console, "warn").mockImplementation((line: string) => void lines.push(line));
  const usual = made("broken", { start, usual: true });
  warnOfPassedOver(await chooseBackend(of(doubtful, usual, works("plain"))));
  warnOfPassedOver(await chooseBackend(of(works("plain"), usual)));
  warn.mockRestore();
  expect(lines).toEqual([
    "[backend/broken] the library does not load. Install it. (until then plain computes, which is slower)",
  ]);
});

test("a backend that is named starts despite a doubt, with its options", async () => {
  const chosen = await chooseBackend(of(doubtful, works("plain")), "gpu", { threads: 3 });
  expect(chosen).toMatchObject({ name: "gpu", detail: "3 threads", why: "asked for", passedOver: [] });
});

test("a backend that does not have an option ignores it", async () => {
  const plain = made("plain", { start: async () => ({ name: "plain", detail: "" }) });
  expect(await chooseBackend(of(plain), "plain", { threads: 3 })).toMatchObject({ name: "plain" });
});

test("an unknown name is refused with the nearest one, a broken backend with its own reason", async () => {
  await expect(chooseBackend(of(works("plain")), "plane")).rejects.toThrow('Did you mean "plain"?');
  await expect(chooseBackend(of(fails, works("plain")), "broken")).rejects.toThrow("does not load");
  await expect(chooseBackend(of(doubtful, fails))).rejects.toThrow(/no backend works here.*no device.*load/);
});

test.each([
  ["SwiftShader Device (LLVM 10.0.0)", true],
  ["llvmpipe (LLVM 15.0.6, 256 bits)", true],
  ["NVIDIA GeForce RTX 4090", false],
])("%s is software: %s", (description, software) => {
  expect(isSoftware({ vendor: "", architecture: "", device: "", description })).toBe(software);
});

test("auto keeps the advice of a backend that every installation should have, and of no other", async () => {
  const { passedOver } = await chooseBackend(
    of(fails, made("usual", { start, usual: true }), works("plain")),
  );
  expect(passedOver.map(({ name, advice }) => [name, advice])).toEqual([
    ["broken", undefined],
    ["usual", "[backend/broken] the library does not load. Install it."],
  ]);
});
