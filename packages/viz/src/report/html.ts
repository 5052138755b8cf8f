import { base64 } from "../files/base64.ts";
import { checkText, escaped } from "../files/escape-xml.ts";

/** A piece of a page, its text escaped already. */
export type Html = string & { readonly __html: unique symbol };

/** Text as it is, made safe for content and attributes; line breaks stay. */
export function text(content: string): Html {
  checkText("viz/html", content.replace(/\n/g, " "));
  return escaped(content) as Html;
}

/** A template whose values are pieces, or lists of pieces, of a page. */
export function html(parts: TemplateStringsArray, ...values: readonly (Html | readonly Html[])[]): Html {
  return parts.reduce((page, part, i) => {
    const value = values[i - 1]!;
    return `${page}${typeof value === "string" ? value : value.join("\n")}${part}`;
  }) as Html;
}

/** A picture inside the page itself. */
export function picture(png: Uint8Array, alt: string): Html {
  return `<img alt="${text(alt)}" src="data:image/png;base64,${base64(png)}">` as Html;
}

/** An SVG that one of this package's charts made. */
export function chart(svg: string): Html {
  return svg.slice(svg.indexOf("<svg")) as Html;
}
