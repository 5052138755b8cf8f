/** A page's Markdown with absolute links, without front matter, components and explicit anchors. */
export function markdownOf(
  { path, text }: { readonly path: string; readonly text: string },
  site: string,
): string {
  const here = new URL(path, site);
  return text
    .replace(/^---\n[\s\S]*?\n---\n+/, "")
    .replaceAll(/^(#+ .*?) \{#[^}]*\}$/gm, "$1")
    .replaceAll(/^<Picture [^>]*>\n+|^<Playground[^>]*>\n+/gm, "")
    .replaceAll(/\]\((\/[^)#\s]*|\.[^)#\s]*)((?:#[^)\s]*)?)\)/g, (_, target: string, anchor: string) => {
      const address = target.startsWith("/") ? new URL(`.${target}`, site) : new URL(target, here);
      return `](${address}${anchor})`;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&#123;", "{");
}
