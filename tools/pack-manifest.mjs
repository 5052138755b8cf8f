// `prepack` and `postpack` of every package. Whatever packs it (npm or pnpm), the tarball carries real
// versions in place of `workspace:` and `catalog:`, and points at `dist` as `publishConfig` says.
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const original = "package.json.unpacked";

/** Versions of the default catalog: the indented `name: version` lines below `catalog:`. */
function catalog() {
  const lines = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8").split("\n");
  const start = lines.indexOf("catalog:") + 1;
  const end = lines.findIndex((line, i) => i >= start && !line.startsWith("  "));
  return new Map(
    lines.slice(start, end).map((line) =>
      line
        .trim()
        .replaceAll('"', "")
        .split(/: (?=[^:]+$)/),
    ),
  );
}

function versionOf(name, range) {
  if (range === "catalog:") return catalog().get(name);
  if (!range.startsWith("workspace:")) return range;
  const sibling = readdirSync(join(root, "packages"))
    .map((folder) => JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")))
    .find((manifest) => manifest.name === name);
  return sibling.version;
}

const resolved = (dependencies, prefix = "") =>
  dependencies &&
  Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => [name, prefix + versionOf(name, range)]),
  );

if (existsSync(original)) renameSync(original, "package.json");
if (process.argv[2] === "restore") {
  rmSync("LICENSE", { force: true });
} else {
  copyFileSync(join(root, "LICENSE"), "LICENSE");
  const text = readFileSync("package.json", "utf8");
  const { scripts, devDependencies, publishConfig, ...manifest } = JSON.parse(text);
  writeFileSync(original, text);
  const packed = {
    ...manifest,
    exports: publishConfig.exports,
    dependencies: resolved(manifest.dependencies),
    peerDependencies: resolved(manifest.peerDependencies, "^"),
    optionalDependencies: resolved(manifest.optionalDependencies),
    publishConfig: { access: publishConfig.access },
    scripts: { postpack: scripts.postpack },
  };
  writeFileSync("package.json", `${JSON.stringify(packed, null, 2)}\n`);
}
