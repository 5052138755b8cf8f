import { dirname, join } from "node:path/posix";
import ts from "typescript";
import { packageFolders, textOf } from "../repository.ts";

/** A name that an entry of a package exports. */
export interface PublicName {
  readonly name: string;
  /** Path and name of its declaration. */
  readonly declared: string;
  /** Whether a docstring stands before the declaration. */
  readonly documented: boolean;
}

/** An entry of a public package, e.g. `@ddpm/viz/charts`, and what it exports, sorted by name. */
export interface PublicEntry {
  /** The package's folder in `packages`. */
  readonly folder: string;
  readonly specifier: string;
  readonly names: readonly PublicName[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
}

const manifests = new Map<string, Manifest>(
  packageFolders().map((folder) => [folder, JSON.parse(textOf(`${folder}/package.json`)) as Manifest]),
);

/** The source behind one target of `exports`, which may be nested by condition; Node's before the browser's. */
function sourceOf(target: unknown): string | undefined {
  if (typeof target !== "object" || target === null) return undefined;
  const own = (target as Record<string, unknown>)["@ddpm/source"];
  if (typeof own === "string") return own;
  return Object.values(target).map(sourceOf).find(Boolean);
}

const entryFiles = new Map<string, { readonly folder: string; readonly path: string }>();
for (const [folder, { name, exports = {} }] of manifests) {
  for (const [entry, target] of Object.entries(exports)) {
    const source = sourceOf(target);
    if (source) entryFiles.set(join(name, entry), { folder, path: join(folder, source) });
  }
}

/** Every entry of every public package. */
export function publicEntries(): PublicEntry[] {
  return [...entryFiles].map(([specifier, { folder, path }]) => ({
    folder,
    specifier,
    names: [...exportsOf(path).values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  }));
}

const known = new Map<string, ReadonlyMap<string, PublicName>>();

/** What a file exports, by name; what it takes from other files is followed to the declaration. */
function exportsOf(path: string): ReadonlyMap<string, PublicName> {
  const before = known.get(path);
  if (before) return before;
  const found = new Map<string, PublicName>();
  known.set(path, found);
  const source = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
  const imported = importedNames(source);
  const add = (name: string, from: PublicName | undefined): void => {
    if (from) found.set(name, { ...from, name });
  };
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) {
      const from = statement.moduleSpecifier as ts.StringLiteral | undefined;
      const clause = statement.exportClause;
      const target = from && exportsBehind(from.text, path);
      if (!clause) for (const [name, value] of target ?? []) add(name, value);
      else if (ts.isNamedExports(clause)) {
        for (const { name, propertyName } of clause.elements) {
          const original = (propertyName ?? name).text;
          add(name.text, target ? target.get(original) : localName(original, source, path, imported));
        }
      } else
        add(clause.name.text, {
          name: clause.name.text,
          declared: `${path}#${clause.name.text}`,
          documented: true,
        });
    } else if (hasExport(statement)) {
      for (const name of namesOf(statement)) add(name, declaredAs(name, statement, path));
    }
  }
  return found;
}

function exportsBehind(specifier: string, path: string): ReadonlyMap<string, PublicName> | undefined {
  if (specifier.startsWith(".")) return exportsOf(join(dirname(path), specifier));
  const entry = entryFiles.get(specifier);
  return entry && exportsOf(entry.path);
}

/** Names that a file imports: the module and the name there. */
function importedNames(source: ts.SourceFile): ReadonlyMap<string, readonly [module: string, name: string]> {
  const found = new Map<string, readonly [string, string]>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    const module = (statement.moduleSpecifier as ts.StringLiteral).text;
    for (const { name, propertyName } of bindings.elements) {
      found.set(name.text, [module, (propertyName ?? name).text]);
    }
  }
  return found;
}

/** A name that `export { name }` without `from` exports: declared in the file, or imported. */
function localName(
  name: string,
  source: ts.SourceFile,
  path: string,
  imported: ReadonlyMap<string, readonly [string, string]>,
): PublicName {
  const from = imported.get(name);
  const behind = from && exportsBehind(from[0], path)?.get(from[1]);
  if (behind) return behind;
  const statement = source.statements.find((one) => namesOf(one).includes(name));
  return statement
    ? declaredAs(name, statement, path)
    : { name, declared: `${path}#${name}`, documented: true };
}

function hasExport(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return Boolean(modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword));
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as { name?: ts.Node };
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

function declaredAs(name: string, statement: ts.Statement, path: string): PublicName {
  return { name, declared: `${path}#${name}`, documented: ts.getJSDocCommentsAndTags(statement).length > 0 };
}
