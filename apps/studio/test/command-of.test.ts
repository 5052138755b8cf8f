import { beforeAll, describe, expect, it } from "vitest";
import type { SampleSettings } from "../src/panels/sample/settings.ts";

describe("the command of the sample panel", () => {
  let commandOf: (settings: SampleSettings, run: string, classes: readonly string[]) => string;
  let defaults: SampleSettings;
  beforeAll(async () => {
    // The panel's settings are stored in an address.
    Object.assign(globalThis, {
      location: { hash: "" },
      history: { replaceState() {} },
      addEventListener() {},
    });
    ({ commandOf } = await import("../src/panels/sample/drawing/command-of.ts"));
    const { settings } = await import("../src/panels/sample/settings.ts");
    defaults = { ...settings.peek(), guidance: 1 };
  });

  it.each<[string, SampleSettings["label"], readonly string[], string]>([
    ["the number of a class", 1, ["cat", "dog"], " --label 1 "],
    ["the name of a class whose number another one has as its name", 1, ["5", "7", "1"], " --label 7 "],
    ["the same where a name is a number", 0, ["two words", "0"], " --label 'two words' "],
    ["all classes in turn", "turns", ["05", "06", "07"], " --label 05,06,07 "],
  ])("has %s", (_, label, classes, expected) => {
    expect(commandOf({ ...defaults, label }, "RUN", classes)).toContain(expected);
  });

  it("has the prompt, as a shell takes it", () => {
    const command = commandOf({ ...defaults, prompt: "a painter's red star", guidance: 3 }, "RUN", []);
    expect(command).toContain(" --prompt 'a painter'\\''s red star' --guidance 3");
    expect(commandOf(defaults, "RUN", [])).not.toContain("--prompt");
  });

  it("has no class where none is chosen, or the network takes none", () => {
    expect(commandOf({ ...defaults, label: "none" }, "RUN", ["cat"])).not.toContain("--label");
    expect(commandOf({ ...defaults, label: "turns" }, "RUN", [])).not.toContain("--label");
  });
});
