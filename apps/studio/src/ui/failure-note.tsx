import { CallFailed } from "../engine/client.ts";

/** What went wrong and what to do, where something did. */
export function FailureNote({ error }: { readonly error: unknown }) {
  if (error === undefined) return null;
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof CallFailed ? error.hint : undefined;
  return (
    <div class="notice bad" role="alert">
      <p>{message}</p>
      {hint && <p>{hint}</p>}
    </div>
  );
}
