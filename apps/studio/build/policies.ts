import type { Plugin } from "vite";

/**
 * Security policies of workers: a worker is not held to the policy of its page, but to the one that its own script came
 * with. The computing worker and its threads may load the page's files and no others; the one that loads a file from an
 * address which the visitor typed may ask any host, and do nothing else.
 */
export const POLICIES = {
  own: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'",
  download: "default-src 'none'; connect-src http: https:",
} as const;

/** Sends them from `vite preview`, too; on other hosts the service worker adds them. */
export function policies(): Plugin {
  return {
    name: "studio-policies",
    configurePreviewServer({ middlewares }) {
      middlewares.use(({ url = "" }, response, next) => {
        const path = url.replace(/\?.*/, "");
        const policy = /\/download-[^/]*\.js$/.test(path) ? POLICIES.download : POLICIES.own;
        if (/\.m?js$/.test(path)) response.setHeader("Content-Security-Policy", policy);
        next();
      });
    },
  };
}
