import type { Consumer } from "./consumer.ts";

const SUITES = `
import { useBackend } from "@ddpm/backends";
import { ddim } from "@ddpm/diffusion";
import { cosine } from "@ddpm/schedules";
import { samplerSuite, scheduleSuite } from "@ddpm/testing";

await useBackend("wasm");
for (const { name, run } of scheduleSuite(() => cosine())) test(name, run);
for (const { name, run } of samplerSuite(() => ddim(), { schedules: [cosine()] })) test(name, run);
`;
const PACKAGES = ["@ddpm/testing", "@ddpm/schedules", "@ddpm/diffusion", "@ddpm/backends"];

/** The conformance suites in vitest. */
export const vitest: Consumer = {
  name: "vitest",
  usual: false,
  async run({ write, run, install }) {
    await install("--ignore-scripts", ...PACKAGES, "vitest@4");
    write("suites.test.mjs", `import { test } from "vitest";\n${SUITES}`);
    const printed = await run("npx", ["vitest", "run"]);
    return /Tests\s+(.*)/.exec(printed)?.[1]?.trim() ?? "passed";
  },
};

/** The conformance suites in jest, whose modules need a flag of Node. */
export const jest: Consumer = {
  name: "jest",
  usual: false,
  async run({ write, run, install }) {
    await install("--ignore-scripts", ...PACKAGES, "jest@30");
    write("suites.test.mjs", SUITES);
    write("jest.config.mjs", 'export default { testMatch: ["**/*.test.mjs"], transform: {} };');
    const env = { NODE_OPTIONS: "--experimental-vm-modules" };
    const printed = await run("npx", ["jest"], { env });
    return /Tests:\s+(.*)/.exec(printed)?.[1]?.trim() ?? "passed";
  },
};
