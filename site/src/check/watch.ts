import type { Page } from "playwright-core";

/** What a page does wrong from now on: errors, and requests to other hosts. */
export interface Watched {
  /** Grows while the page is open. */
  readonly found: string[];
  /** Stops watching. */
  end(): void;
}

/**
 * Watches a page.
 *
 * @param origin the host that it may ask
 */
export function watch(page: Page, origin: string): Watched {
  const found: string[] = [];
  const note = (text: string): void => {
    found.push(`${page.url().slice(origin.length)}: ${text}`);
  };
  const listeners = {
    pageerror: (error: Error) => note(error.message),
    console: (message: { type(): string; text(): string }) => {
      if (message.type() === "error") note(message.text());
    },
    request: (request: { url(): string }) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(origin)) note(`asks ${request.url()}`);
    },
  };
  page.on("pageerror", listeners.pageerror);
  page.on("console", listeners.console);
  page.on("request", listeners.request);
  const end = (): void => {
    page.off("pageerror", listeners.pageerror);
    page.off("console", listeners.console);
    page.off("request", listeners.request);
  };
  return { found, end };
}
