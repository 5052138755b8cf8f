import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** A part that is known at run time only. */
const ANY = "…";

interface Member {
  /** Name of the package without its scope. */
  readonly name: string;
  readonly folder: string;
  /** Paths of its source files and folders. */
  readonly paths: readonly string[];
}

const members: readonly Member[] = ["packages", "apps"].flatMap((group) =>
  readdirSync(join(root, group)).flatMap((folder): Member[] => {
    const source = join(root, group, folder, "src");
    if (!existsSync(source)) return [];
    const { name } = JSON.parse(readFileSync(join(root, group, folder, "package.json"), "utf8"));
    const paths = readdirSync(source, { recursive: true }).map((path) => join(source, String(path)));
    return [{ name: name.split("/").at(-1), folder: join(root, group, folder), paths }];
  }),
);

/** What every place looks like: a member of this repository, and a file. */
const PLACE = new RegExp(`^(${members.map(({ name }) => name).join("|")})/[a-z0-9-]+$`);

/**
 * Literal places of errors in a source text: first arguments of `fail`, constants named `where`, and first arguments of
 * other functions that look like a place, which these pass on.
 */
function placesIn(path: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const place =
      ts.isCallExpression(node) && node.expression.getText() === "fail"
        ? node.arguments[0]
        : (passedPlace(node) ?? initialPlace(node));
    if (place && ts.isStringLiteral(place)) found.push(place.text);
    if (place && ts.isTemplateExpression(place)) found.push(`${place.head.text}${ANY}`);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

function passedPlace(node: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const [first] = node.arguments;
  return first && ts.isStringLiteral(first) && PLACE.test(first.text) ? first : undefined;
}

function initialPlace(node: ts.Node): ts.Expression | undefined {
  const named = ts.isVariableDeclaration(node) && /^where$/i.test(node.name.getText());
  return named ? node.initializer : undefined;
}

/** Why a place is none of a package's; undefined: it is. */
function refusal(place: string, { name, paths }: Member): string | undefined {
  if (place.startsWith(ANY)) return undefined;
  const [owner, file] = place.split("/");
  if (owner !== name) return `${place}, expected ${name}/…`;
  if (file === ANY) return undefined;
  return paths.some((path) => basename(path).replace(/\.tsx?$/, "") === file)
    ? undefined
    : `${place}, no file ${file}`;
}

test.each(members.map((member) => [member.name, member] as const))(
  "errors of %s name it, and a file of it",
  (_, member) => {
    const found = member.paths
      .filter((path) => /\.tsx?$/.test(path))
      .flatMap((path) =>
        placesIn(path, readFileSync(path, "utf8")).flatMap((place) => {
          const why = refusal(place, member);
          return why ? [`${relative(root, path)}: ${why}`] : [];
        }),
      );
    expect(found).toEqual([]);
  },
);

test("a place of another package, or of no file, is found", () => {
  const runs = members.find(({ name }) => name === "runs")!;
  const places = placesIn(
    "x.ts",
    'fail("runs/log", "");fail("run/log", "");fail("runs/none", "");check("runs/never", 0);const where = `runs/$' +
      "{a}`;",
  );
  expect(places.map((place) => refusal(place, runs))).toEqual([
    undefined,
    "run/log, expected runs/…",
    "runs/none, no file none",
    "runs/never, no file never",
    undefined,
  ]);
});
