import ts from "typescript";
import { textOf } from "../repository.ts";

/** A declaration as a reader needs it: without bodies, and with the docstrings of its members. */
export interface Declaration {
  /** TypeScript, as in a declaration file. */
  readonly code: string;
  /** The docstring in front of it, in TypeScript's form. */
  readonly doc?: ts.JSDoc;
  readonly path: string;
  /** Line of the declaration, from 1. */
  readonly line: number;
  /** Names of types and values in its types. */
  readonly mentions: ReadonlySet<string>;
}

/**
 * The declaration of a public name.
 *
 * @param declared path and name, as `PublicName` has it
 */
export function declarationOf(declared: string): Declaration | undefined {
  const [path, name] = declared.split("#") as [string, string];
  const source = parsed(path);
  const statements = source.statements.filter((statement) => declares(statement, name));
  const [first] = statements;
  if (!first) return undefined;
  const overloads = statements.filter((one) => ts.isFunctionDeclaration(one) && !one.body);
  const shown = overloads.length > 0 ? overloads : statements;
  const mentions = new Set<string>();
  for (const statement of shown) collectMentions(statement, mentions);
  mentions.delete(name);
  const doc = statements.flatMap((one) => ts.getJSDocCommentsAndTags(one)).find(ts.isJSDoc);
  return {
    code: shown.map((one) => codeOf(one, name, source)).join("\n"),
    ...(doc ? { doc } : {}),
    path,
    line: source.getLineAndCharacterOfPosition(first.getStart(source)).line + 1,
    mentions,
  };
}

const sources = new Map<string, ts.SourceFile>();

function parsed(path: string): ts.SourceFile {
  const source = sources.get(path) ?? ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
  sources.set(path, source);
  return source;
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some((one) => one.name.getText() === name);
  }
  const own = (statement as { readonly name?: ts.Node }).name;
  return own !== undefined && ts.isIdentifier(own) && own.text === name;
}

/** The text of a statement without its body, value, and `export`. */
function codeOf(statement: ts.Statement, name: string, source: ts.SourceFile): string {
  const text = (from: number, to: number): string => source.text.slice(from, to).trimEnd();
  const start = statement.getStart(source);
  if (ts.isFunctionDeclaration(statement)) {
    return `${withoutExport(text(start, statement.body?.getStart(source) ?? statement.end)).replace(/;$/, "")};`;
  }
  if (ts.isVariableStatement(statement)) {
    const one = statement.declarationList.declarations.find((each) => each.name.getText() === name)!;
    return `const ${text(one.getStart(source), one.type?.end ?? one.end)};`;
  }
  if (ts.isClassDeclaration(statement)) return classCode(statement, source);
  return withoutExport(text(start, statement.end));
}

function classCode(statement: ts.ClassDeclaration, source: ts.SourceFile): string {
  const text = (from: number, to: number): string => source.text.slice(from, to).trim();
  const head = text(statement.getStart(source), statement.members.pos);
  const members = statement.members
    .filter((member) => !ts.isClassElement(member) || !isPrivate(member))
    .map((member) => {
      const body = (member as ts.MethodDeclaration).body ?? (member as ts.PropertyDeclaration).initializer;
      const end = body?.getStart(source) ?? member.end;
      return `  ${text(member.getFullStart(), end).replace(/[;=\s]+$/, "")};`;
    });
  return [withoutExport(head), ...members, "}"].join("\n");
}

function isPrivate(member: ts.ClassElement): boolean {
  if (member.name && ts.isPrivateIdentifier(member.name)) return true;
  const modifiers = ts.canHaveModifiers(member) ? ts.getModifiers(member) : undefined;
  return Boolean(modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword));
}

function withoutExport(code: string): string {
  return code.replace(/^export (declare )?/, "").replace(/^async function/, "function");
}

function collectMentions(node: ts.Node, mentions: Set<string>): void {
  if (ts.isBlock(node)) return;
  if (ts.isTypeReferenceNode(node)) mentions.add(rightmost(node.typeName));
  if (ts.isExpressionWithTypeArguments(node)) mentions.add(node.expression.getText());
  if (ts.isTypeQueryNode(node)) mentions.add(rightmost(node.exprName));
  ts.forEachChild(node, (child) => collectMentions(child, mentions));
}

function rightmost(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : name.right.text;
}
