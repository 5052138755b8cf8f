/** The registry of data formats, loaded on its own: its parsers are not part of the page's first script. */
export { formats } from "@ddpm/data/browser";
