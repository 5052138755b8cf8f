import { join } from "node:path";
import { expect, test } from "vitest";
import { goldenFolder, isLeftOut, readGolden } from "./read-golden.ts";
import { runFile } from "./schedules.ts";

type File = Record<string, Record<string, unknown>[]>;
const leftOut = isLeftOut("schedules.json");
const read = (): File =>
  JSON.parse(new TextDecoder().decode(readGolden(join(goldenFolder, "schedules.json")))) as File;

test.skipIf(leftOut)("every schedule, ladder and spacing equals its reference", async () => {
  const result = await runFile(read());
  expect(result.uncompared).toEqual([]);
  expect(result.failures).toEqual([]);
  expect(result.unsupported).toEqual([]);
  expect(result.passed).toBeGreaterThan(0);
});

test.skipIf(leftOut)("a wrong number in any part is found", async () => {
  const spoil = (part: string, key: string) => {
    const file = read();
    const values = file[part]?.[0]?.[key] as number[];
    values[0] = values[0]! * 1.01 + 5e-3;
    return runFile({ [part]: [file[part]?.[0]] });
  };
  const places = [
    ["cases", "betas"],
    ["cases", "alphas_cumprod"],
    ["seed_tables", "posterior_variance"],
    ["log_snr", "log_snr"],
    ["sigma_ladders", "sigmas"],
    ["discrete_schedule", "sigma_to_t"],
    ["edm_discretisation", "sigma_of_each_network_call"],
    ["preconditioning", "c_noise"],
    ["diffusers_timesteps", "timesteps"],
    ["space_timesteps", "timesteps"],
  ] as const;
  for (const [part, key] of places)
    expect(await spoil(part, key), part).toMatchObject({ passed: 0, failed: 1 });
});

test("what is not known by name or option is unsupported, not passed and not a crash", async () => {
  const known = {
    id: "x",
    reference: "huggingface/diffusers",
    name: "linear",
    T: 10,
    options: {},
    index: [],
    betas: [],
  };
  const cases = [
    { ...known, name: "spiral" },
    { ...known, reference: "someone/else" },
    { ...known, options: { twist: 2 } },
  ];
  const result = await runFile({ cases, unheard_of: [{}, {}] });
  expect(result).toMatchObject({ passed: 0, failed: 0 });
  expect(result.unsupported.map(({ reason }) => reason)).toEqual([
    "no schedule is declared as spiral of huggingface/diffusers",
    "no schedule is declared as linear of someone/else",
    "the option twist has no counterpart",
    "nothing compares the part unheard_of",
    "nothing compares the part unheard_of",
  ]);
});

test("a case that raises an error has failed, with its words", async () => {
  const broken = {
    id: "x",
    reference: "huggingface/diffusers",
    name: "linear",
    T: 0,
    options: {},
    index: [],
    betas: [],
  };
  const { failed, failures } = await runFile({ cases: [broken] });
  expect(failed).toBe(1);
  expect(failures[0]?.reason).toContain('option "steps"');
});
