import { useState } from "preact/hooks";

/** Copies a text, and reports it. */
export function CopyButton({ label, text }: { readonly label: string; text(): string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {label}
      <span class="reported" role="status">
        {copied ? " ✓ copied" : ""}
      </span>
    </button>
  );
}
