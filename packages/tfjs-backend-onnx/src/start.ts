import { OnnxBackend } from "./backend.ts";
import { OnnxBackendError } from "./errors.ts";
import { registerLazyGradients } from "./gradients.ts";
import { checkProviders, type OnnxOptions } from "./options.ts";
import type { Runtime, SessionOptions } from "./runtime/runtime.ts";
import { tryProviders } from "./runtime/try-providers.ts";
import { findBlockedLayouts } from "./session/self-test.ts";

/** Operations below which a recording continues when a `tidy` is left. */
const MIN_RECORDED = 32;
const MAX_RECORDED = 100_000;

/**
 * Makes the backend on a runtime that has been loaded.
 *
 * @param threads how many threads to use where the settings do not say
 * @throws OnnxBackendError in one line, when an execution provider is not there or does not start
 */
export function startBackend(runtime: Runtime, settings: OnnxOptions, threads: number): OnnxBackend {
  const session: SessionOptions = {
    threads: settings.threads ?? threads,
    providers: settings.providers ?? ["cpu"],
    profile: settings.profile ?? "",
  };
  try {
    checkProviders(session.providers, runtime.providers);
    tryProviders(runtime, session);
  } catch (error) {
    throw inOneLine(error);
  }
  registerLazyGradients();
  return new OnnxBackend({
    runtime,
    session,
    blocked: settings.plainConvolutions ? null : findBlockedLayouts(runtime, session),
    maxSessions: settings.maxSessions ?? 16,
    maxIdleBytes: settings.maxIdleBytes ?? 2 ** 30,
    minRecorded: MIN_RECORDED,
    maxRecorded: MAX_RECORDED,
  });
}

/** What TensorFlow.js does after `setBackend` returned false, which it does not say. */
const FALLBACK =
  "(unless another backend is set, TensorFlow.js now computes in plain JavaScript, some hundred times as slowly)";

/** TensorFlow.js prints the stack of whatever stops a backend from starting: one line with all that there is to know. */
export function inOneLine(error: unknown): unknown {
  if (error instanceof OnnxBackendError) error.stack = `${error.message} ${FALLBACK}`;
  return error;
}
