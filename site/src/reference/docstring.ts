import ts from "typescript";

/** A docstring as Markdown: its sentences, then its tags. */
export interface Docstring {
  readonly text: string;
  readonly params: readonly (readonly [name: string, text: string])[];
  /** Tags other than `@param`, each with its head. */
  readonly notes: readonly (readonly [head: string, text: string])[];
}

const HEADS: Readonly<Record<string, string>> = {
  returns: "Returns",
  throws: "Throws",
  example: "Example",
  template: "Type parameter",
  deprecated: "Deprecated",
};

/**
 * Reads a docstring.
 *
 * @param link a public name as Markdown, for `{@link name}`
 */
export function docstring(doc: ts.JSDoc, link: (name: string) => string): Docstring {
  const markdown = (comment: ts.JSDoc["comment"]): string => escaped(textOfComment(comment, link));
  const params: [string, string][] = [];
  const notes: [string, string][] = [];
  for (const tag of doc.tags ?? []) {
    const text = markdown(tag.comment).replace(/^\s*[-–]\s*/, "");
    if (ts.isJSDocParameterTag(tag)) params.push([tag.name.getText(), text]);
    else if (ts.isJSDocThrowsTag(tag)) notes.push(["Throws", throwsText(tag, text)]);
    else if (HEADS[tag.tagName.text]) notes.push([HEADS[tag.tagName.text]!, text]);
  }
  return { text: markdown(doc.comment), params, notes };
}

/** What TypeScript takes for the type of an error is the first word, where it has braces; without, all is text. */
function throwsText(tag: ts.JSDocThrowsTag, text: string): string {
  const type = tag.typeExpression?.type.getText();
  return type ? `\`${type}\` ${text}` : text;
}

function textOfComment(comment: ts.JSDoc["comment"], link: (name: string) => string): string {
  if (comment === undefined || typeof comment === "string") return comment ?? "";
  return comment
    .map((part) => {
      if (part.kind === ts.SyntaxKind.JSDocText) return part.text;
      const name = part.name?.getText() ?? "";
      return /^https?$/.test(name)
        ? `${name}${part.text}`
        : link(`${name}${part.text.replace(/^\s*\|.*/, "")}`.trim());
    })
    .join("");
}

/** Docstrings are prose with code spans: brackets and angles of shapes and types are no Markdown and no HTML. */
export function escaped(text: string): string {
  return text
    .split(/(`[^`]*`|\[`[^`]*`\]\([^)]*\))/)
    .map((part, i) =>
      i % 2
        ? part
        : part
            .replaceAll("<", "&lt;")
            .replaceAll("{{", "&#123;&#123;")
            .replaceAll(/[[\]]/g, "\\$&")
            .replaceAll(/(?<=\w)\*(?=\w)|(?<=\s)\*(?=\s)/g, "\\*"),
    )
    .join("");
}
