import { formatBytes } from "@ddpm/core/authoring";
import { useEffect, useState } from "preact/hooks";
import { LARGEST_FILE } from "../../engine/download/protocol.ts";
import { FailureNote } from "../../ui/failure-note.tsx";
import { addFetched } from "./data-files.ts";
import { forget, keptFiles, load, loaded, loading, problem, refreshKept, stopLoading } from "./downloads.ts";

/** Element that says which files are taken. */
const ABOUT = "from-address-about";

/** A file of images from an address that is typed in; the only thing on this page that asks another host. */
export function FromAddress() {
  const [url, setUrl] = useState("");
  const [hash, setHash] = useState("");
  const busy = loading.value !== undefined;
  useEffect(() => {
    if (!keptFiles.peek()) void refreshKept().catch(() => {});
  }, []);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (busy) return;
    void load(url, hash).then(() => {
      // The next address is of another file.
      if (loaded.peek()) setHash("");
    });
  };
  return (
    <details class="address">
      <summary>From an address</summary>
      <form class="options" onSubmit={submit}>
        <AddressFields {...{ url, hash }} onUrl={setUrl} onHash={setHash} />
        <p class="row">
          <button type="submit" disabled={busy}>
            Load
          </button>
          <button type="button" disabled={!busy} onClick={stopLoading}>
            Stop
          </button>
        </p>
        <DownloadState />
        <FailureNote error={problem.value} />
        <p class="soft" id={ABOUT}>
          A file in one of the formats above, such as cifar-10-binary.tar.gz, up to{" "}
          {formatBytes(LARGEST_FILE)}; images and their labels one after the other. This page then asks that
          host, and no other; the file is stored in this browser.
        </p>
        <StoredFiles />
      </form>
    </details>
  );
}

interface AddressFieldsProps {
  readonly url: string;
  readonly hash: string;
  onUrl(url: string): void;
  onHash(hash: string): void;
}

function AddressFields({ url, hash, onUrl, onHash }: AddressFieldsProps) {
  return (
    <>
      <label class="stacked">
        Address of a file
        <input
          type="url"
          required
          placeholder="https://"
          value={url}
          aria-describedby={ABOUT}
          onInput={({ currentTarget }) => onUrl(currentTarget.value)}
        />
      </label>
      <label class="stacked">
        SHA-256, if you know it
        <input
          type="text"
          spellcheck={false}
          autocomplete="off"
          value={hash}
          onInput={({ currentTarget }) => onHash(currentTarget.value)}
        />
      </label>
    </>
  );
}

/** Progress of the download, and the file that was loaded. */
function DownloadState() {
  const now = loading.value;
  const done = loaded.value;
  const share = now?.total ? { value: now.received, max: now.total } : {};
  return (
    <div role="status">
      {now && (
        <>
          <progress {...share} aria-label="loaded" />
          <p class="soft numbers">
            {formatBytes(now.received)} {now.total ? `of ${formatBytes(now.total)}` : ""}
          </p>
        </>
      )}
      {!now && done && (
        <p class="soft numbers">
          {done.file.name}, {formatBytes(done.file.bytes)}, {done.kept ? "was already stored" : "loaded"}. Its
          SHA-256 is <code class="hash">{done.file.sha256}</code>
        </p>
      )}
    </div>
  );
}

/** Files from addresses that are stored in this browser. */
function StoredFiles() {
  const all = keptFiles.value ?? [];
  if (all.length === 0) return null;
  return (
    <ul class="plain" aria-label="Files stored from addresses">
      {all.map((file) => (
        <li key={file.sha256} class="row">
          <span class="grow" title={file.url}>
            {file.name} <span class="soft numbers">{formatBytes(file.bytes)}</span>
          </span>
          <button type="button" class="quiet" onClick={() => addFetched(file)}>
            Use
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={`Delete ${file.name}`}
            onClick={() => {
              const warning = `Delete ${file.name}? Runs that were trained on it can then not resume here.`;
              if (confirm(warning)) void forget(file.sha256);
            }}
          >
            Delete
          </button>
        </li>
      ))}
    </ul>
  );
}
