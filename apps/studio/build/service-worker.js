/* global VERSION, FILES, POLICIES */
// VERSION, FILES and POLICIES are written in front of this by build/offline.ts.
const CACHE = `studio-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("studio-") && name !== CACHE);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? pageOf(request) : fileOf(request));
});

/** The newest page where there is a network, else the one that was kept. */
async function pageOf(request) {
  const cache = await caches.open(CACHE);
  try {
    return isolated(await fetch(request));
  } catch {
    return isolated(await cache.match("./"));
  }
}

/** Files carry a hash of their content in their names, so a kept one is the right one. */
async function fileOf(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return isolated(kept, policyOf(request));
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return isolated(fresh, policyOf(request));
}

/** What a script may load when it runs as a worker; the page has its policy in itself. */
function policyOf({ url }) {
  const { pathname } = new URL(url);
  if (!/\.m?js$/.test(pathname)) return undefined;
  return /\/download-[^/]*\.js$/.test(pathname) ? POLICIES.download : POLICIES.own;
}

/** Lets the page share memory between threads, also on hosts that cannot be told to send these headers. */
function isolated(response, policy) {
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  if (policy) headers.set("Content-Security-Policy", policy);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
