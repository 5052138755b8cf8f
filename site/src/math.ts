import { tex } from "@mdit/plugin-tex";
import katex from "katex";
import type { MarkdownRenderer } from "vitepress";

/** Formulas between dollars, as MathML that browsers draw themselves: no style sheet, no fonts, no script. */
export function formulas(markdown: MarkdownRenderer): void {
  const render = (content: string, displayMode: boolean): string => {
    const mathml = katex.renderToString(content, { displayMode, output: "mathml", throwOnError: true });
    const bare = mathml.replace(/^<span class="katex">/, "").replace(/<\/span>$/, "");
    return bare.replace("<math", "<math v-pre");
  };
  markdown.use(tex, {
    render: (content, displayMode) =>
      displayMode ? `<p class="formula">${render(content, true)}</p>\n` : render(content, false),
  });
}
