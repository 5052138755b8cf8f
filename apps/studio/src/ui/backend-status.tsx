import { BACKENDS, type BackendChoice } from "../engine/backends/names.ts";
import {
  backendChoice,
  backendFailure,
  backendReport,
  changeBackend,
  startBackend,
} from "../state/backend.ts";

const choices: readonly BackendChoice[] = ["auto", ...BACKENDS];

/** What computes and why, with a way to take another. */
export function BackendStatus() {
  const report = backendReport.value;
  const failure = backendFailure.value;
  const summary = failure ? "not running" : (report?.name ?? backendChoice.value);
  return (
    <details class="backend">
      <summary>
        Backend: <strong>{summary}</strong>
      </summary>
      <div class="popover">
        <label class="field">
          <span>Take</span>
          <select
            value={backendChoice.value}
            onChange={({ currentTarget }) => void changeBackend(currentTarget.value as BackendChoice)}
          >
            {choices.map((name) => (
              <option key={name} value={name}>
                {name === "auto" ? "the first that works" : name}
              </option>
            ))}
          </select>
        </label>
        {failure && <p role="alert">{failure}</p>}
        {report ? (
          <>
            <p>
              <strong>{report.name}</strong>: {report.detail}
            </p>
            {report.passedOver.length > 0 && (
              <ul>
                {report.passedOver.map(({ name, reason }) => (
                  <li key={name}>
                    not {name}: {reason}
                  </li>
                ))}
              </ul>
            )}
          </>
        ) : (
          <p>
            Nothing is loaded until something is computed.{" "}
            <button type="button" onClick={() => void startBackend()}>
              Try it now
            </button>
          </p>
        )}
      </div>
    </details>
  );
}
