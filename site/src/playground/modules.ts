type Module = Readonly<Record<string, unknown>>;

/** What programs may import; each is loaded when a program asks for it. */
const modules: Readonly<Record<string, () => Promise<Module>>> = {
  playground: () => import("./surface.ts"),
  ddpm: () => import("ddpm"),
  "@ddpm/core": () => import("@ddpm/core"),
  "@ddpm/data": () => import("@ddpm/data"),
  "@ddpm/diffusion": () => import("@ddpm/diffusion"),
  "@ddpm/diffusion/authoring": () => import("@ddpm/diffusion/authoring"),
  "@ddpm/schedules": () => import("@ddpm/schedules"),
  "@ddpm/schedules/authoring": () => import("@ddpm/schedules/authoring"),
  "@ddpm/trainer": () => import("@ddpm/trainer"),
  "@ddpm/unet": () => import("@ddpm/unet"),
  "@ddpm/unet/authoring": () => import("@ddpm/unet/authoring"),
  "@ddpm/viz": () => import("@ddpm/viz"),
  "@ddpm/viz/charts": () => import("@ddpm/viz/charts"),
  "@tensorflow/tfjs-core": () => import("@tensorflow/tfjs-core"),
};

/** Where modules are kept for the programs, which run in a module of their own. */
const kept: Record<string, Module> = {};
Object.assign(globalThis, { ddpmModules: kept });

const IMPORT = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\2/g;

/**
 * Runs a program as a module: each package that it imports becomes the address of a module that exports its names.
 *
 * @throws where it imports something else, and whatever the program throws
 */
export async function runModule(program: string): Promise<void> {
  const addresses = new Map<string, string>();
  for (const [, , , specifier] of program.matchAll(IMPORT)) {
    addresses.set(specifier!, addresses.get(specifier!) ?? (await addressOf(specifier!)));
  }
  const rewritten = program.replaceAll(IMPORT, (_, before: string, quote: string, specifier: string) =>
    [before, quote, addresses.get(specifier), quote].join(""),
  );
  const main = addressOfText(rewritten);
  try {
    await import(/* @vite-ignore */ main);
  } finally {
    for (const address of [main, ...addresses.values()]) URL.revokeObjectURL(address);
  }
}

async function addressOf(specifier: string): Promise<string> {
  const load = modules[specifier];
  if (!load) {
    throw new Error(
      `"${specifier}" cannot be imported here, expected one of ${Object.keys(modules).join(", ")}`,
    );
  }
  const module = await load();
  kept[specifier] = module;
  const names = Object.keys(module).filter((name) => name !== "default");
  return addressOfText(
    `const module = globalThis.ddpmModules[${JSON.stringify(specifier)}];\n` +
      names.map((name, k) => `const v${k} = module.${name};\nexport { v${k} as ${name} };`).join("\n"),
  );
}

function addressOfText(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}
